"""Pages over plain HTTP from another machine: the browser denies them hashing, the service worker, the wake lock and
`randomUUID`. A ballot can still be cast, and no hash is shown as checked."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.test_one_meeting import Room
from tests.web.conftest import DESK, ELSEWHERE, Open, Wifi
from tests.web.test_tablet import cast, open_vote

LACKS = "[isSecureContext, 'randomUUID' in crypto, 'subtle' in crypto, 'serviceWorker' in navigator]"


@pytest.mark.moment("in_session")
async def test_a_ballot_is_cast_kept_and_sent_without_tls(room: Room, screens: Open, wifi: Wifi, owner: Any) -> None:
    address = wifi.address.replace("127.0.0.1", ELSEWHERE)
    lin = await screens(room.bureau.lin, f"/meetings/{room.meeting}", address=address)
    assert await lin.page.evaluate(LACKS) == [False] * 4
    _, vote = await open_vote(room)
    await lin.page.get_by_role("group", name="请选择").wait_for()
    await wifi.lose()
    await cast(lin, "同意")
    await lin.sees("发送中，尚未计入")
    await wifi.start()
    await lin.sees("已计入")
    assert await owner.fetchval("SELECT count(*) FROM ballots WHERE vote_id = $1", vote) == 1


@pytest.mark.moment("noticed")
async def test_the_chain_is_said_to_be_unchecked(room: Room, screens: Open, address: str) -> None:
    path = f"/meetings/{room.meeting}/observer"
    checked = await screens(room.bureau.zhao, path, size=DESK)
    await checked.sees("✓ 链条完整")
    plain = await screens(room.bureau.zhao, path, size=DESK, address=address.replace("127.0.0.1", ELSEWHERE))
    await plain.sees("链条未经核对：本页须用以 https:// 开头的网址打开")
    await expect(plain.page.locator("body")).not_to_contain_text("链条完整")
