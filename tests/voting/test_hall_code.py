"""The hall's code as digits and as a QR picture that leads to check-in."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
import segno

from tests.bureau import Bureau
from tests.test_one_meeting import Room
from voting.hall_code import picture_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.moment("noticed")
async def test_the_picture_leads_to_the_meeting_with_the_code(bureau: Bureau, owner: Any) -> None:
    room = Room(bureau, owner)
    for key in ("hall", "li", "zhou"):
        shown = (await bureau.people[key].get(f"{room.path}/hall-code")).json()
        assert re.fullmatch(r"\d{6}", shown["code"])
        assert 1 <= shown["seconds"] <= 60
        assert shown["qr"] == picture_of(f"http://test/meetings/{room.meeting}?code={shown['code']}")


def test_the_picture_is_svg_by_itself_with_a_quiet_zone() -> None:
    address = "https://yijue.example/meetings/12345?code=012345"
    drawn = ElementTree.fromstring(picture_of(address))
    assert drawn.tag == f"{SVG}svg"
    modules = segno.make_qr(address, error="m").symbol_size(border=0)[0]
    assert drawn.attrib["viewBox"] == f"0 0 {modules + 8} {modules + 8}"
    assert "width" not in drawn.attrib
    assert picture_of(address) != picture_of(address.replace("012345", "012346"))
