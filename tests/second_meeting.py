"""A meeting with all that the demonstration meeting lacks: acts that fail, are corrected, are undone."""

from typing import Any

from tests.bureau import MEMBERS, Person, complete, issue
from tests.test_one_meeting import PDF, Room, at

SECOND_NOTICE, SECOND_MEETING = "2026-01-09T10:00:00+08:00", "2026-01-14T14:30:00+08:00"


class SecondRoom(Room):
    """A meeting over which 林静 presides; 许文博 is absent at first and comes late."""

    written = ()
    sent_back = False

    async def upload(self, item: int, name: str, content: bytes) -> int:
        files = {"file": (name, PDF + content, "application/pdf")}
        answer = await self.bureau.li.client.post(f"{self.path}/items/{item}/papers", files=files)
        assert answer.is_success, answer.text
        paper: int = answer.json()["content"]["paper"]["id"]
        return paper

    async def draft(self) -> None:
        """Plan the meeting and change its agenda again and again before the notice."""
        b = self.bureau
        if not self.meeting:
            await self.plan()
        await b.li.do(self.path, {"title": "党组（扩大）会议", "place": "二楼会议室"})
        await b.li.do(f"{self.path}/presiding", {"person": b.lin.id})
        for title, category, in_charge, subjects in [
            ("养护经费", "funds", b.he, []),
            ("科长任职", "personnel", b.chen, [b.kin["candidate"]]),
            ("桥梁加固", "project", b.he, []),
            ("临时事项", "other", b.wu, []),
            ("评先推优", "major", b.wu, []),
        ]:
            item = self.item(title, category, in_charge, subjects)
            self.items.append((await b.li.do(f"{self.path}/items", item))["content"]["item"]["id"])
        for item_id, title in zip(self.items, ("养护", "任职", "桥梁", "临时", "评先"), strict=True):
            await self.upload(item_id, f"{title}甲.pdf", title.encode())
            await b.li.do(f"{self.path}/items/{item_id}/materials", {"complete": True})
        one_too_many = await self.upload(self.items[0], "养护乙.pdf", b"2")
        await self.delete(f"{self.path}/items/{self.items[0]}/papers/{one_too_many}")
        only = await self.upload(self.items[3], "临时乙.pdf", b"3")
        await self.delete(f"{self.path}/items/{self.items[3]}/papers/{only}")
        changed = {**self.item("桥梁加固工程", "project", b.he, []), "confidential": True}
        await b.li.do(f"{self.path}/items/{self.items[2]}", changed)
        await self.delete(f"{self.path}/items/{self.items.pop(3)}")
        a, personnel, c, e = self.items
        await b.li.do(f"{self.path}/items/order", {"order": [e, a, personnel, c]})
        await b.li.do(f"{self.path}/items/order", {"order": [a, personnel, c, e]})

    def item(self, title: str, category: str, in_charge: Person, subjects: list[int]) -> dict[str, Any]:
        return {
            "title": title, "category": category, "in_charge": in_charge.id, "deputy_in_charge": self.bureau.sun.id,
            "subjects": subjects, "motion": f"提请审议：{title}的议案。",
            "attendees": [self.bureau.tang.id] if category == "funds" else [],
        }  # fmt: skip

    async def delete(self, path: str) -> None:
        answer = await self.bureau.li.client.delete(path)
        assert answer.is_success, answer.text

    async def give(self) -> None:
        """Have the agenda approved, at first sent back; give notice, deliver it in two ways, and acknowledge it."""
        b = self.bureau
        submitted = await b.li.do(f"{self.path}/agenda/submission")
        if not self.sent_back:
            self.sent_back = True
            await b.zhou.do(f"{self.path}/agenda/return", {"reason": "议题顺序再斟酌"})
            submitted = await b.li.do(f"{self.path}/agenda/submission")
        await b.zhou.do(f"{self.path}/agenda/approval", {"version": submitted["seq"]})
        await b.lin.do(f"{self.path}/notice")
        first, *rest = [member.id for member in b.members]
        delivered = await b.li.do(f"{self.path}/deliveries", {"person": first, "method": "electronic"})
        right = {"person": first, "corrects": delivered["seq"], "method": "in_person"}
        await b.li.do(f"{self.path}/deliveries/correction", right)
        await b.li.do(f"{self.path}/deliveries", {"people": rest, "method": "phone"})
        await b.zhou.do(f"{self.path}/acknowledgement")

    async def move(self) -> None:
        """Change the place after notice, tell everyone again, one of them in another way than was entered."""
        b = self.bureau
        await b.lin.do(f"{self.path}/notice/changes", {"place": "五楼会议室", "reason": "三楼会议室检修"})
        everybody = [member.id for member in b.members]
        told = await b.li.do(f"{self.path}/deliveries", {"people": everybody, "method": "phone"})
        right = {"person": everybody[0], "corrects": told["seq"], "method": "in_person"}
        await b.li.do(f"{self.path}/deliveries/correction", right)
        await b.zhou.do(f"{self.path}/acknowledgement")

    async def notify(self) -> None:
        """Give a notice, withdraw it, and give the one that stands."""
        b = self.bureau
        await self.give()
        opinion = f"{self.path}/items/{self.items[0]}/opinions"
        await b.xu.do(opinion, {"choice": "no", "text": "初稿意见。"})
        await b.lin.do(f"{self.path}/items/{self.items[3]}/withdrawal", {"reason": "材料未成熟"})
        assert await b.lin.refused(f"{self.path}/items/{self.items[3]}/deferral", {"reason": "x"}) == "state.wrong"
        await b.li.do(f"{self.path}/notice/withdrawal", {"reason": "会议改期"})
        await at(self.owner, SECOND_NOTICE)
        await b.li.do(self.path, {"starts_at": SECOND_MEETING})
        await b.li.do(f"{self.path}/items/{self.items[0]}/materials", {"complete": False})
        said = (await b.li.post(f"{self.path}/notice")).json()["refusals"]
        assert [each["rule"] for each in said] == ["agenda.approved", "materials.incomplete"]
        await b.li.do(f"{self.path}/items/{self.items[0]}/materials", {"complete": True})
        await self.give()
        await self.move()
        await b.xu.do(opinion, {"choice": "yes", "text": "第二次意见。"})
        await b.xu.do(opinion, {"choice": "no", "text": "书面意见之正文。"})
        await b.xu.do(f"{self.path}/items/{self.items[2]}/opinions", {"choice": "yes", "text": "桥梁意见。"})
        await b.li.do(f"{self.path}/leaves", {"person": b.xu.id, "reason": "出差"})
        assert await b.li.refused(f"{self.path}/items", self.item("新增", "other", b.wu, [])) == "agenda.locked"

    async def arrive(self) -> None:
        b = self.bureau
        await at(self.owner, SECOND_MEETING)
        code = (await b.hall.get(f"{self.path}/hall-code")).json()["code"]
        for key in MEMBERS:
            if key in ("zhou", "he"):
                await b.li.do(f"{self.path}/arrivals", {"person": b.people[key].id})
            elif key != "xu":
                await b.people[key].do(f"{self.path}/check-in", {"code": code})
        wrong = await b.li.do(f"{self.path}/arrivals", {"person": b.xu.id})
        await b.li.do(f"{self.path}/presence/correction", {"person": b.xu.id, "corrects": wrong["seq"]})
        await b.lin.do(f"{self.path}/call")

    async def first_item(self) -> None:
        """Have a member declare a recusal; lose the quorum, so that the vote is void, and take it again."""
        b, item = self.bureau, f"{self.path}/items/{self.items[0]}"
        await b.li.do(f"{item}/presentation", {"presenter": b.he.id})
        spoken = await b.li.do(f"{item}/speeches", {"person": b.he.id, "summary": "介绍养护经费。"})
        right = {"corrects": spoken["seq"], "person": b.he.id, "summary": "介绍养护经费预算。"}
        await b.li.do(f"{item}/speeches/correction", right)
        spoken = await b.li.do(f"{item}/speeches", {"person": b.ma.id, "summary": "误记。"})
        wrong = {"corrects": spoken["seq"], "person": b.ma.id, "summary": "", "struck": True}
        await b.li.do(f"{item}/speeches/correction", wrong)
        await b.zheng.do(f"{item}/recusals", {"reason": "本人曾任养护中心主任"})
        await b.zhao.do(f"{self.path}/objections", {"item": self.items[0], "text": "监督意见之正文。"})
        assert await b.li.refused(f"{item}/speeches", {"person": b.zheng.id, "summary": "x"}) == "recusal.declared"
        await b.li.do(f"{item}/positions", {"person": b.ma.id, "position": "yes"})
        voiced = await b.li.do(f"{item}/positions", {"person": b.ma.id, "position": "no"})
        right = {"person": b.ma.id, "corrects": voiced["seq"], "position": "defer"}
        await b.li.do(f"{item}/positions/correction", right)
        await b.li.do(f"{item}/discussion-close")
        assert await b.lin.refused(f"{item}/votes") == "vote.not_discussed"
        await b.li.do(f"{item}/opinions/read-out", {"person": b.xu.id})
        opened = await b.lin.do(f"{item}/votes")
        vote = f"{self.path}/votes/{opened['content']['vote']}"
        for key in ("zhou", "he", "chen"):
            await b.people[key].do(f"{vote}/ballots", {"choice": "yes"})
        assert await b.ma.refused(f"{vote}/ballots", {"choice": "defer"}) == "vote.choice"
        for key in ("ma", "sun", "wu"):
            await b.people[key].do(f"{self.path}/departures", {"person": b.people[key].id})
        assert await b.lin.refused(f"{vote}/close", {}) == "vote.outstanding"
        void = await b.lin.do(f"{vote}/close", {"confirm_outstanding": True})
        assert void["kind"] == "vote.voided"
        for key in ("ma", "sun", "wu"):
            await b.li.do(f"{self.path}/arrivals", {"person": b.people[key].id})
        again = await b.lin.do(f"{item}/votes")
        assert again["content"]["round"] == 2
        vote = f"{self.path}/votes/{again['content']['vote']}"
        last: dict[str, str] = {}
        for key, choice in (("zhou", "no"), ("he", "yes"), ("zhou", "abstain"), ("chen", "no"), ("sun", "yes")):
            cast = await b.people[key].do(f"{vote}/ballots", {"choice": choice, "replaces": last.get(key)})
            last[key] = cast["content"]["key"]
        closed = await b.lin.do(f"{vote}/close", {"confirm_outstanding": True})
        assert closed["content"]["outstanding"] == [b.lin.id, b.ma.id, b.wu.id]
        assert await b.lin.refused(f"{item}/decision", {"outcome": "amended"}) == "decision.reason"
        assert await b.lin.refused(f"{item}/reopening", {"reason": ""}) == "decision.reason"
        await b.lin.do(f"{item}/reopening", {"reason": "有新情况"})
        assert await b.lin.refused(f"{item}/votes") == "vote.not_discussed"
        await b.li.do(f"{item}/discussion-close")
        third = await b.lin.do(f"{item}/votes")
        vote = f"{self.path}/votes/{third['content']['vote']}"
        for key in ("zhou", "he", "chen", "ma", "sun", "wu", "lin"):
            await b.people[key].do(f"{vote}/ballots", {"choice": "no"})
        await b.lin.do(f"{vote}/close", {})
        amended = {"outcome": "amended", "reason": "修改方案后再议"}
        assert await b.lin.refused(f"{item}/decision", amended) == "input.invalid"
        await b.lin.do(f"{item}/decision", {**amended, "text": "养护经费按减少一成安排。"})

    async def other_items(self) -> None:
        """Have 许文博 arrive, which voids his opinion on the third item; one item is withdrawn by the acting chair, one
        deferred."""
        b = self.bureau
        item = await self.discuss(1, b.chen)
        await b.li.do(f"{self.path}/arrivals", {"person": b.xu.id})
        opened = await b.lin.do(f"{item}/votes", {"form": "hands"})
        vote = f"{self.path}/votes/{opened['content']['vote']}"
        for key in ("zhou", "he", "chen", "ma", "sun", "wu", "xu", "lin"):
            choice = "defer" if key == "sun" else "yes"
            await b.li.do(f"{vote}/taken-down", {"person": b.people[key].id, "choice": choice})
        await b.ma.do(f"{vote}/ballot/objection")
        assert await b.lin.refused(f"{vote}/close", {}) == "vote.form"
        await b.li.do(f"{vote}/taken-down", {"person": b.ma.id, "choice": "defer"})
        await b.lin.do(f"{vote}/close", {})
        await b.lin.do(f"{item}/decision", {"outcome": "shelved", "reason": "补充考察后再定"})
        item = f"{self.path}/items/{self.items[2]}"
        await b.li.do(f"{item}/presentation", {"presenter": b.he.id})
        await b.lin.do(f"{item}/recusals", {"person": b.sun.id, "reason": "参与该项目评审"})
        await b.lin.do(f"{item}/recusals", {"person": b.li.id, "reason": "误报"})
        await b.lin.do(f"{item}/recorder", {"person": b.wu.id})
        await b.wu.do(f"{item}/speeches", {"person": b.he.id, "summary": "介绍桥梁加固工程。"})
        await b.lin.do(f"{item}/recusals/taken-back", {"person": b.li.id, "reason": "登记有误"})
        asked = {"change": "account", "person": b.tang.id, "reason": "职务有变"}
        request = (await b.admin.do(f"{self.path}/people-requests", asked))["content"]["request"]
        await b.lin.do(f"{self.path}/people-requests/{request}/decision", {"allowed": True})
        await b.lin.do(f"{item}/attendees", {"person": b.tang.id})
        assert await b.lin.refused(f"{item}/attendees", {"person": b.tang.id}) == "state.wrong"
        await b.lin.do(f"{self.path}/chair", {"person": b.zhou.id, "reason": "接听上级电话"})
        await b.zhou.do(f"{item}/withdrawal", {"reason": "资金来源有变"})
        await b.lin.do(f"{self.path}/chair", {"person": b.lin.id, "reason": "继续主持"})
        await b.lin.do(f"{self.path}/items/{self.items[3]}/deferral", {"reason": "时间已晚"})
        assert await b.ma.refused(f"{self.path}/motions", {"title": "购置车辆"}) == "agenda.ad_hoc"
        await b.admin.do(f"/api/people/{b.tang.id}", {"administrator": True})
        await b.lin.do(f"{self.path}/adjournment")

    async def write_up(self) -> None:
        """Send the minutes back, issue them, send them out, have them received, and void them."""
        b = self.bureau
        await b.li.do(f"{self.path}/proceedings/signature")
        drafted = await b.li.do(f"{self.path}/minutes")
        minutes = f"{self.path}/minutes/{drafted['content']['minutes']}"
        assert await b.jiang.refused(f"{minutes}/office-review", {"version": 1}) == "minutes.incomplete"
        version = await complete(b.li, minutes)
        await b.jiang.do(f"{minutes}/office-review", {"version": version})
        await b.wu.do(f"{minutes}/return", {"reason": "退回之理由：漏记一人"})
        texts = (await b.li.get(minutes)).json()["texts"]
        await b.li.do(f"{minutes}/texts", {**texts, "copies_to": ["存档"]})
        await b.jiang.do(f"{minutes}/office-review", {"version": version + 1})
        await b.wu.do(f"{minutes}/deputy-review", {"version": version + 1})
        await b.zhou.do(f"{minutes}/signature", {"version": version + 1})
        await issue(b.li, minutes)
        copies = [
            {"recipient": "吴海燕", "person": b.wu.id},
            {"recipient": "分管办公室", "person": b.wu.id},
            {"recipient": "马腾", "person": b.ma.id},
            {"recipient": "档案室"},
        ]
        await b.li.do(f"{minutes}/copies", {"copies": copies})
        await b.wu.do(f"{minutes}/receipt")
        assert await b.wu.refused(f"{minutes}/receipt") == "state.wrong"
        assert await b.li.refused(f"{minutes}/texts", {}) == "minutes.immutable"
        await b.lin.do(f"{minutes}/void", {"reason": "日期有误"})
        await b.wu.do(f"{minutes}/void-note")
        await b.li.do(f"{self.path}/minutes")


async def play_second(room: SecondRoom) -> None:
    """Play the whole meeting, in order."""
    for act in (
        room.draft, room.notify, room.arrive, room.first_item, room.other_items, room.write_up
    ):  # fmt: skip
        await act()
