"""Small meetings for papers, each with something that minutes must say."""

from typing import Any

from tests.bureau import Bureau, issue
from tests.storage.attacks import Connection
from tests.test_one_meeting import Room


class Adjourned:
    """An adjourned meeting of the bureau, and its minutes."""

    def __init__(self, room: Room) -> None:
        self.room, self.bureau = room, room.bureau
        self.minutes = ""  # path of the latest

    async def sign(self, texts: dict[str, Any] | None = None) -> None:
        """Draft the minutes, complete them with `texts`, and have them approved."""
        b, path = self.bureau, self.room.path
        drafted = await b.li.do(f"{path}/minutes")
        self.minutes = f"{path}/minutes/{drafted['content']['minutes']}"
        await b.li.do(f"{self.minutes}/texts", texts or {})
        await b.approve(self.minutes)

    async def write_up(self, texts: dict[str, Any] | None = None) -> dict[str, Any]:
        """Sign and issue; return what `issue` returns."""
        await self.sign(texts)
        issued: dict[str, Any] = await issue(self.bureau.li, self.minutes)
        return issued

    async def pdf(self) -> bytes:
        """The file as a member reads it."""
        answer = await self.bureau.lin.get(f"{self.minutes}/pdf")
        assert answer.is_success, answer.text
        return answer.content


async def held(bureau: Bureau, owner: Connection, index: int = 0) -> Adjourned:
    """A meeting that passed the item at `index`, withdrew the others, and is adjourned."""
    b, room = bureau, Room(bureau, owner)
    await room.prepare()
    await room.gather()
    item = await room.discuss(index, [b.lin, b.he, b.chen][index])
    await room.vote(item, {"ma": "no"})
    await room.decide(item, "passed")
    for other, each in enumerate(room.items):
        if other != index:
            await b.zhou.do(f"{room.path}/items/{each}/withdrawal", {"reason": "材料待补充"})
    await b.zhou.do(f"{room.path}/adjournment")
    return Adjourned(room)
