"""Every page of the house with who opens it, in four moments of a meeting."""

from msgspec import Struct

from tests.test_one_meeting import Room


class Place(Struct, frozen=True):
    """A page: a name for it, who opens it (None: nobody is signed in), where."""

    name: str
    who: str | None
    path: str


async def before(room: Room) -> list[Place]:
    """Notice is given, nobody has come."""
    await room.prepare()
    meeting = f"/meetings/{room.meeting}"
    return [
        Place("sign-in", None, "/sign-in"),
        Place("nowhere", "lin", "/nowhere/at/all"),
        Place("home", "lin", "/"),
        Place("room-before", "lin", meeting),
        Place("hall-before", "hall", f"{meeting}/hall"),
        Place("chair-before", "zhou", f"{meeting}/chair"),
        Place("desk-meetings", "li", "/desk"),
        Place("desk-agenda", "li", f"/desk{meeting}/agenda"),
        Place("desk-notice", "li", f"/desk{meeting}/notice"),
        *(Place(f"desk-body-{tab}", "li", f"/desk/bodies/{room.bureau.body}/{tab}") for tab in
          ("people", "charter", "kinship", "matters")),
        *(Place(f"desk-organization-{tab}", "admin", f"/desk/organization/{tab}") for tab in
          ("people", "bodies", "calendar", "import")),
    ]  # fmt: skip


async def during(room: Room) -> list[Place]:
    """In session: the first item was decided, the personnel item is being voted, some have voted."""
    await room.gather()
    b = room.bureau
    item = await room.discuss(0, b.lin)
    await room.vote(item, {"zheng": "no"})
    await room.decide(item, "passed")
    item = await room.discuss(2, b.chen)
    opened = await b.zhou.do(f"{item}/votes")
    path = f"{room.path}/votes/{opened['content']['vote']}/ballots"
    for key, choice in (("he", "yes"), ("chen", "yes"), ("wu", "defer")):
        await b.people[key].do(path, {"choice": choice})
    meeting = f"/meetings/{room.meeting}"
    paper = (await b.lin.get(room.path)).json()["items"][0]["papers"][0]["id"]
    return [
        Place("ballot", "lin", meeting),
        Place("voted", "he", meeting),
        Place("chair-waits", "zhou", meeting),
        Place("recused", "zheng", meeting),
        Place("on-leave", "xu", meeting),
        Place("attendee", "tang", meeting),
        Place("paper", "lin", f"{meeting}/papers/{room.items[0]}/{paper}"),
        Place("chair", "zhou", f"{meeting}/chair"),
        Place("observer", "zhao", f"{meeting}/observer"),
        Place("hall", "hall", f"{meeting}/hall"),
        Place("desk-room", "li", f"/desk{meeting}/room"),
        Place("desk-ledger", "li", f"/desk{meeting}/ledger"),
    ]


async def after(room: Room) -> list[Place]:
    """Adjourned; the minutes are being reviewed."""
    b = room.bureau
    vote = await room.owner.fetchval("SELECT id FROM votes WHERE state = 'open'")
    for key in ("lin", "ma", "sun", "zhou"):
        await b.people[key].do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/votes/{vote}/close", {})
    await room.decide(f"{room.path}/items/{room.items[2]}", "passed")
    for left in (1, 3, 4):
        await b.zhou.do(f"{room.path}/items/{room.items[left]}/deferral", {"reason": "另议"})
    await b.zhou.do(f"{room.path}/adjournment")
    drafted = (await b.li.do(f"{room.path}/minutes"))["content"]["minutes"]
    minutes = f"{room.path}/minutes/{drafted}"
    await b.jiang.do(f"{minutes}/office-review", {"version": 1})
    meeting = f"/meetings/{room.meeting}"
    review = f"/desk/minutes/{room.meeting}/{drafted}"
    return [
        Place("desk-reviews", "wu", "/desk/minutes"),
        Place("desk-review", "wu", review),
        Place("chair-after", "zhou", f"{meeting}/chair"),
    ]


async def issued(room: Room) -> list[Place]:
    """The minutes are issued."""
    b = room.bureau
    drafted = await room.owner.fetchval("SELECT id FROM minutes")
    minutes = f"{room.path}/minutes/{drafted}"
    await b.wu.do(f"{minutes}/deputy-review", {"version": 1})
    await b.zhou.do(f"{minutes}/signature", {"version": 1})
    meeting = f"/meetings/{room.meeting}"
    issued = (await b.li.do(f"{minutes}/issue"))["content"]
    return [
        Place("room-after", "lin", meeting),
        Place("observer-after", "zhao", f"{meeting}/observer"),
        Place("hall-after", "hall", f"{meeting}/hall"),
        Place("desk-minutes", "li", f"/desk{meeting}/minutes"),
        Place("desk-body-register", "li", f"/desk/bodies/{b.body}/register"),
        Place("verify", None, f"/verify/{issued['sha256']}"),
        Place("verify-ask", None, "/verify"),
    ]


MOMENTS = (before, during, after, issued)
