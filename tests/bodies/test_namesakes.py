"""Two people of one name are told apart wherever names are printed: lists, screens, papers, copies."""

import io
from typing import TypeAlias

import asyncpg
import msgspec
import pypdf
from hypothesis import given
from hypothesis import strategies as st

from bodies.namesakes import Called, printed_names
from tests.bureau import Bureau, issue
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@given(
    st.lists(
        st.tuples(st.sampled_from(["王伟", "李强"]), st.sampled_from(["", "副局长", "局长", "长" * 99])), max_size=6
    )
)
def test_no_two_print_the_same(people: list[tuple[str, str]]) -> None:
    called = [Called(at, name, post, f"工号{at:04d}") for at, (name, post) in enumerate(people)]
    names = printed_names(called)
    assert len(set(names.values())) == len(people)
    for each in called:
        alone = sum(other.name == each.name for other in called) == 1
        assert (names[each.id] == each.name) == alone
        assert names[each.id].startswith(each.name)


async def test_namesakes_go_apart_through_a_meeting_to_its_paper_and_copies(bureau: Bureau, owner: Owner) -> None:
    """Two 王伟 of different posts, two 李强 of the same."""
    b = bureau
    for key, name in (("lin", "王伟"), ("sun", "王伟"), ("he", "李强"), ("chen", "李强")):
        await b.admin.do(f"/api/people/{b.people[key].id}", {"name": name})
    numbers = {each["id"]: each["staff_number"] for each in (await b.admin.get("/api/people")).json()}
    printed = {
        b.lin.id: "王伟（副局长）",
        b.sun.id: "王伟（总工程师）",
        b.he.id: f"李强（工号{numbers[b.he.id]}）",
        b.chen.id: f"李强（工号{numbers[b.chen.id]}）",
        b.ma.id: "马腾",
    }
    people = (await b.li.get(f"/api/bodies/{b.body}")).json()["people"]
    assert {each["id"]: each["name"] for each in people}.items() >= printed.items()

    room = Room(b, owner)
    await room.prepare()
    await room.gather()
    on = f"{room.path}/items/{room.items[0]}"
    await room.discuss(0, b.lin)
    await room.vote(on, {})
    await room.decide(on, "passed")
    for each in room.items[1:]:
        await b.zhou.do(f"{room.path}/items/{each}/deferral", {"reason": "缓议"})
    for entry in await room.entries():  # from which every view's state is folded
        if "people" in (content := msgspec.json.decode(entry.raw)["content"]):
            assert {each["id"]: each["name"] for each in content["people"]}.items() >= printed.items(), entry
    await b.zhou.do(f"{room.path}/adjournment")
    minutes = f"{room.path}/minutes/{(await b.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    await b.approve(minutes)
    await issue(b.li, minutes)
    pdf = (await b.lin.get(f"{minutes}/pdf")).content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
    assert all(name in text for name in printed.values())
    copies = [{"recipient": printed[person], "person": person} for person in (b.lin.id, b.sun.id)]
    await b.li.do(f"{minutes}/copies", {"copies": copies})
    received = await b.sun.do(f"{minutes}/receipt")
    assert received["content"]["recipient"] == "王伟（总工程师）"


async def test_candidates_of_one_name_go_apart(bureau: Bureau) -> None:
    """A candidate who is nobody's namesake has the name alone; two of one name have number or post."""
    b = bureau
    await b.admin.do(f"/api/people/{b.tang.id}", {"name": "郑晓楠", "post": "规划科科长"})
    on_record = await b.li.do(f"/api/bodies/{b.body}/kin", {"name": "郑晓楠", "person": b.tang.id, "another": True})
    planned = await b.li.do(
        f"/api/bodies/{b.body}/meetings", {"title": "党组会议", "starts_at": "2026-02-13T09:00:00+08:00"}
    )
    path = f"/api/meetings/{planned['content']['meeting']}/items"
    subjects = [on_record["content"]["kin"]["id"], b.kin["candidate"]]
    for subject, printed in zip(subjects, ("工号", "登记号"), strict=True):
        item = {"title": "任职", "category": "personnel", "subjects": [subject]}
        added = (await b.li.do(path, item))["content"]["item"]["subjects"]
        assert [f"郑晓楠（{printed}" in each["name"] for each in added] == [True]
    item = {"title": "任职", "category": "personnel", "subjects": [b.kin["uncle"]]}
    assert (await b.li.do(path, item))["content"]["item"]["subjects"][0]["name"] == "郑大川"
