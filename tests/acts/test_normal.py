"""One normal form of names, codes and texts: in Python, in PostgreSQL, and on every way in."""

import sys
import unicodedata
from typing import Annotated, Any, TypeAlias

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from acts import normal
from acts.cleaning import cleaner
from acts.wire import AS_IS, Line, Name, Text
from tests.bureau import Bureau
from tests.imports.files import workbook
from tests.imports.test_importing import apply, preview

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
# Characters that the forms treat, more often than chance would bring them.
TREATED = st.text(
    st.sampled_from(
        "李伟王A1a. ·・•‧\u3000\u00a0 \u200b\u00ad\u200d\u202e\ufeff\u2060ＡＺ９－／⼒\u0301é\u000b\u2028\n\r👩🔧ཀخ"
    )
)
TEXTS = TREATED | st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
@pytest.mark.parametrize("form", [*normal.FORMS])
def test_the_normal_form_of_a_normal_form_is_itself(form: normal.Form, text: str) -> None:
    once = normal.FORMS[form](text)
    assert normal.FORMS[form](once) == once


@given(TEXTS)
def test_neither_name_nor_code_holds_what_is_not_seen(text: str) -> None:
    for made in (normal.name(text), normal.code(text)):
        assert not [char for char in made if unicodedata.category(char) == "Cf"]
        assert made == made.strip(" \u3000\u00a0")


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1), st.data())
def test_what_is_not_seen_and_blanks_make_no_other_chinese_name(name: str, data: Any) -> None:
    between = st.text(st.sampled_from("\u3000 \u00a0\u200b\u200d\u00ad\ufeff\u2060\u202e"), max_size=3)
    spoiled = "".join(char + data.draw(between) for char in name)
    assert normal.name(spoiled) == name == normal.name(data.draw(between) + name)


@pytest.mark.parametrize(
    ("form", "typed", "kept"),
    [
        ("name", "李　伟", "李伟"),
        ("name", "李伟\u200b", "李伟"),
        ("name", "买买提・艾力", "买买提·艾力"),
        ("name", "买买提 • 艾力", "买买提·艾力"),
        ("name", "第２党支部", "第2党支部"),
        ("name", "李⼒", "李力"),
        ("name", "  Anna  Lee ", "Anna Lee"),
        ("code", "０１０１", "0101"),
        ("code", "Ａ－０１\ufeff", "A-01"),
        ("line", "关于\u000b修\u00ad路的请示 ", "关于 修路的请示"),
        ("line", "👩\u200d🔧", "👩\u200d🔧"),
        ("line", "葛\U000e0100城", "葛\U000e0100城"),
        ("text", "一\u2028二\u000b三\r\n四\u2029五", "一\n二\n三\n四\n五"),
        ("text", "a\u202eb\u2066c", "abc"),
        ("text", "李\u200d伟", "李伟"),
        ("text", "می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_forms(form: normal.Form, typed: str, kept: str) -> None:
    assert normal.FORMS[form](typed) == kept


class Inner(Struct):
    lines: list[Line] = []


class Sent(Struct):
    name: Name
    kin: int | Name
    text: Text | None
    inner: dict[str, Inner]
    password: Annotated[str, Meta(extra=AS_IS)]


def test_a_body_is_cleaned_by_its_type_wherever_the_text_stands() -> None:
    clean = cleaner(Sent)
    assert clean is not None
    spoiled = "李\u3000伟\u200b"
    sent = {"name": spoiled, "kin": spoiled, "text": spoiled, "inner": {spoiled: {"lines": [spoiled, 1]}}, "x": spoiled}
    assert clean({**sent, "password": spoiled}) == {
        "name": "李伟", "kin": "李伟", "text": "李\u3000伟", "inner": {spoiled: {"lines": ["李 伟", 1]}},
        "x": spoiled, "password": spoiled,
    }  # fmt: skip
    for other in (None, 7, "李", [spoiled]):
        assert clean(other) == other
    assert clean({"inner": [], "name": None, "kin": 3}) == {"inner": [], "name": None, "kin": 3}
    assert cleaner(list[int]) is None


async def test_postgresql_has_the_same_form(bureau: Bureau, owner: Owner) -> None:
    """Every character, alone and between others, and mixtures: both say of each whether it is normal."""
    assigned = [
        chr(code)
        for code in range(1, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cs", "Cn") or not 0xE0000 > code > 0x323AF
    ]
    few = [char for char in assigned if not 0x3400 < ord(char) < 0xD7A0 and ord(char) < 0xF0000]
    spoiled = ["李 伟", "李·伟", "李 ·伟", "李 a", "a b", "a  b", " a", "a ", "e\u0301", "é", "·", "", "\u1100\u1161"]
    for form, make in (("is_name", normal.name), ("is_code", normal.code)):
        texts = [*few, *(f"李{char}伟" for char in few), *spoiled]
        texts = [text for text in texts if not any(0xD800 <= ord(char) < 0xE000 for char in text)]
        said = await owner.fetchval(
            f"SELECT array_agg({form}(t) ORDER BY n) FROM unnest($1::text[]) WITH ORDINALITY u (t, n)", texts
        )
        differ = [(text, known) for text, known in zip(texts, said, strict=True) if known != (make(text) == text)]
        assert not differ, f"{form}: {differ[:20]}"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE people SET name = '李　伟'", "people_name_form"),
        ("UPDATE people SET staff_number = '０' || staff_number", "people_number_form"),
        ("UPDATE kin SET name = name || U&'\\200B'", "kin_name_form"),
        ("UPDATE bodies SET name = '党 组'", "bodies_name_form"),
        ("UPDATE organizations SET name = '局・局'", "organizations_name_form"),
        (
            "INSERT INTO matters"
            " (body_id, year, code, title, category) SELECT id, 2026, '１', 'x', 'other' FROM bodies",
            "matters_code_form",
        ),
    ],
)
async def test_postgresql_refuses_a_name_that_is_not_normal(
    bureau: Bureau, owner: Owner, statement: str, constraint: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(statement)
    assert refused.value.constraint_name == constraint


@pytest.mark.parametrize("typed", ["郑　凯", "郑凯\u200b", "\u202a郑\u00a0凯\u202c"])
async def test_a_padded_name_is_no_new_person(bureau: Bureau, owner: Owner, typed: str) -> None:
    """In the record of kinship, by form and by file: a father must not vote on his son."""
    relation = {"type": "parent", "a": typed, "b": bureau.kin["candidate"]}
    answer = await bureau.li.post(f"/api/bodies/{bureau.body}/kinship", relation)
    assert (answer.status_code, answer.json()["kin"]) == (422, [str(bureau.kin["zheng"])])
    assert await bureau.li.refused(f"/api/bodies/{bureau.body}/kin", {"name": typed}) == "input.invalid"

    file = workbook({"亲属关系": [["江州市　交通运输局党组\u200b", typed, "", "父亲", "郑 晓楠", ""]]})
    assert (await preview(bureau.li, file))["created"] == 1
    await apply(bureau.li, file)
    father, son = await owner.fetchrow("SELECT a, b FROM kinships ORDER BY id DESC LIMIT 1")  # type: ignore[misc]
    assert (father, son) == (bureau.kin["zheng"], bureau.kin["candidate"])


async def test_a_full_width_staff_number_is_the_same_and_a_password_is_kept(bureau: Bureau) -> None:
    somebody = {"staff_number": "Ａ０９", "name": "钱\u3000塘\u200b", "password": "密 码\u200b１２３４五六"}
    made = (await bureau.admin.do("/api/people", somebody))["content"]["person"]
    assert (made["staff_number"], made["name"]) == ("A09", "钱塘")
    assert await bureau.admin.refused("/api/people", {"staff_number": "A09", "name": "另一人"}) == "input.invalid"
    client = bureau.admin.client
    for number, password, status in (
        ("Ａ０９", "密 码\u200b１２３４五六", 201), ("A09", "密 码１２３４五六", 401),
        ("A09", "密 码\u200b1234五六", 401),
    ):  # fmt: skip
        answer = await client.post("/api/session", json={"staff_number": number, "password": password})
        assert answer.status_code == status, answer.text
