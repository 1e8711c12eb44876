"""A meeting as a picture in the terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from acts.content import Words
from agenda.labels import CATEGORIES, CHOICES, ITEM_STATES, OUTCOMES, STAGES, Language, local
from agenda.state import ItemOnAgenda, MeetingState, VoteRound
from decide.reading import visible
from voting.quorum import count_quorum
from voting.roll import Roll

_COLOURS = {
    "draft": "dim",
    "noticed": "cyan",
    "in_session": "green",
    "adjourned": "dim",
    "cancelled": "dim",
    "listed": "dim",
    "open": "cyan",
    "voting": "bold yellow",
    "voted": "yellow",
    "decided": "default",
    "put_off": "magenta",
    "withdrawn": "magenta",
    "deferred": "magenta",
    "passed": "green",
    "not_passed": "red",
    "yes": "green",
    "no": "red",
}
_MINUTES: dict[str, Words] = {
    "draft": ("起草中", "drafted"),
    "office_reviewed": ("办公室主任已审核", "reviewed by the office head"),
    "deputy_reviewed": ("分管负责人已审核", "reviewed by the deputy"),
    "signed": ("主持人已签发", "signed"),
    "issued": ("已印发", "issued"),
    "voided": ("已作废", "void"),
}
_BAR = 24


class Picture:
    """Draws a meeting's state; what the state does not hold, the viewer may not see."""

    def __init__(self, state: MeetingState, lang: Language) -> None:
        self.state, self.lang = state, lang

    def _say(self, chinese: str, english: str) -> str:
        return chinese if self.lang == "zh" else english

    def _word(self, words: Words) -> str:
        return words[0] if self.lang == "zh" else words[1]

    def _name(self, person: int) -> str:
        known = self.state.people.get(person)
        return visible(known.name, 40) if known else f"#{person}"

    def _names(self, people: Iterable[int]) -> str:
        return self._say("、", ", ").join(self._name(person) for person in people)

    def live(self, recent: Iterable[Text], connection: Text) -> RenderableType:
        """Draw the meeting, the latest records and the state of the connection."""
        vote = self._open_vote()
        said = Text("\n").join(recent)
        said.no_wrap, said.overflow = True, "ellipsis"
        title = Text(self._say("最近", "Latest"), style="dim")
        records = Panel(said, title=title, title_align="left", border_style="dim")
        return Group(self.heading(), self.agenda(), *([vote] if vote else []), records, connection)

    def whole(self) -> RenderableType:
        """Draw the meeting as it came out, with the votes by name."""
        return Group(self.heading(), self.agenda(by_name=True), *self._minutes())

    def heading(self) -> RenderableType:
        """Draw the meeting's title, state, time, place and chair, and how many members are here."""
        state = self.state
        title = Text(visible(state.title), style="bold")
        if state.ordinal:
            title.append(
                self._say(f"　{state.year}年第{state.ordinal}次", f"  No. {state.ordinal} of {state.year}"), "dim"
            )
        lines = Table.grid(padding=(0, 2))
        lines.add_column(style="dim", no_wrap=True)
        lines.add_column(overflow="fold")
        stage = Text(self._word(STAGES[state.state]), style=_COLOURS[state.state])
        where = "　".join([local(state.starts_at, self.lang), visible(state.place)]) if state.starts_at else ""
        lines.add_row(self._say("状态", "State"), stage)
        lines.add_row(self._say("时间地点", "When, where"), where)
        lines.add_row(self._say("主持", "Presides"), self._name(state.chair))
        lines.add_row(self._say("到会", "Present"), self._presence())
        return Panel(lines, title=title, title_align="left", border_style="cyan", expand=True)

    def _presence(self) -> Text:
        state = self.state
        members = state.formal_members or tuple(
            person.id for person in state.people.values() if "member" in person.roles
        )
        here = {person for person, note in state.presence.items() if note.state == "present"}
        item = state.current
        roll = Roll(frozenset(members), frozenset(here), frozenset(item.recusals if item else ()))
        text = Text(self._say(f"应到 {len(members)}　实到 ", f"{len(members)} members, here "))
        if state.charter is not None:
            quorum = count_quorum(state.charter, item is not None and item.category == "personnel", roll)
            text.append(str(len(roll.members & roll.present)), style="green" if quorum.met else "bold red")
            text.append(self._say(f"　法定 {quorum.needed}", f", quorum {quorum.needed}"))
        else:
            text.append(str(len(roll.members & roll.present)))
        leave = [person for person, note in state.presence.items() if note.state == "on_leave" and person in members]
        others = [person for person in here if person not in members]
        if leave:
            text.append(self._say(f"　请假 {self._names(leave)}", f", on leave {self._names(leave)}"))
        if others:
            text.append(self._say(f"　其他 {self._names(others)}", f", besides {self._names(others)}"))
        return text

    def agenda(self, *, by_name: bool = False) -> RenderableType:
        """Draw the items, their states and results, with the votes by name if `by_name`."""
        table = Table(expand=True, box=box.ROUNDED, border_style="dim", header_style="dim", show_lines=by_name)
        table.add_column("", justify="right", no_wrap=True)
        table.add_column(self._say("议题", "Item"), ratio=3, overflow="fold")
        table.add_column(self._say("类别", "Category"), no_wrap=True)
        table.add_column(self._say("状态", "State"), no_wrap=True)
        table.add_column(self._say("结果", "Result"), ratio=4, overflow="fold")
        for item in self.state.agenda:
            result = Text("\n").join(self._result(item, by_name))
            table.add_row(
                str(item.position),
                visible(item.title),
                self._word(CATEGORIES[item.category]),
                Text(self._word(ITEM_STATES[item.state]), style=_COLOURS[item.state]),
                result,
            )
        if not self.state.items:
            table.add_row("", Text(self._say("议程尚未公布", "no agenda yet"), style="dim"), "", "", "")
        return table

    def _result(self, item: ItemOnAgenda, by_name: bool) -> Iterator[Text]:
        if item.decision:
            outcome = Text(self._word(OUTCOMES[item.decision.outcome]), _COLOURS.get(item.decision.outcome, "yellow"))
            if item.decision.reason:
                outcome.append(self._say("：", ": ") + visible(item.decision.reason), style="default")
            yield outcome
        elif item.reason:
            yield Text(visible(item.reason))
        for vote in item.votes.values():
            if vote.state == "open":
                yield Text(f"{vote.cast}/{len(vote.roll)}" if vote.roll else "", "yellow")
            elif vote.tally:
                yield self._tally(vote)
                if by_name:
                    yield from self._by_name(vote)
        if by_name:
            for person, opinion in item.opinions.items():
                if opinion.read and opinion.choice and not opinion.void:
                    choice = self._word(CHOICES[opinion.choice])
                    yield Text(
                        self._say(f"书面意见（不计入票数）{self._name(person)} {choice}",
                                  f"in writing (not counted) {self._name(person)} {choice}"), style="dim",
                    )  # fmt: skip
        if item.recusals:
            yield Text(self._say("回避 ", "recused ") + self._names(item.recusals), style="dim")

    def _tally(self, vote: VoteRound) -> Text:
        assert vote.tally is not None
        text = Text()
        for choice in vote.tally.__struct_fields__:
            if (number := getattr(vote.tally, choice)) or choice in ("yes", "no", "abstain"):
                said = self._say(f"{CHOICES[choice][0]}{number} ", f"{CHOICES[choice][1]} {number}, ")
                text.append(said, style=_COLOURS.get(choice, "default"))
        if vote.state == "void":
            return text.append(self._say("本轮无效", "void"), style="magenta")
        return text.append(self._say(f"须{vote.needed}", f"{vote.needed} needed"), style="dim")

    def _by_name(self, vote: VoteRound) -> Iterator[Text]:
        for choice in CHOICES:
            people = [person for person in vote.roll if (b := vote.ballots.get(person)) and b.choice == choice]
            if people:
                names = " ".join(self._name(person) for person in people)  # a line breaks between them
                yield Text(f"{self._word(CHOICES[choice])} ", style="dim").append(names, "default")

    def _open_vote(self) -> RenderableType | None:
        """Draw the open vote, or None: how many have voted, and who chose what as far as the viewer may see."""
        item = self.state.current
        vote = item.vote if item else None
        if item is None or vote is None or vote.state != "open":
            return None
        if not vote.roll:
            said = Text(self._say("您对本议题回避", "You are recused from this item"), style="dim")
            return Padding(said, (0, 2))
        done = round(_BAR * vote.cast / len(vote.roll))
        line = Text(self._say(f"表决中 {visible(item.title)}　", f"Voting on {visible(item.title)}  "), style="bold")
        line.append("━" * done, style="yellow").append("━" * (_BAR - done), style="dim")
        line.append(f" {vote.cast}/{len(vote.roll)}", style="bold yellow")
        names = Text()
        for person in vote.roll if vote.ballots else ():
            ballot = vote.ballots.get(person)
            names.append(f"{self._name(person)} ", style="default" if ballot else "dim")
            said_choice = self._word(CHOICES[ballot.choice]) if ballot and ballot.choice else "✓" if ballot else "·"
            style = _COLOURS.get(ballot.choice or "", "default") if ballot else "dim"
            names.append(f"{said_choice}　", style=style)
        return Padding(Group(line, names) if names else line, (0, 2))

    def _minutes(self) -> Iterator[Text]:
        for refusal in self.state.refusals.values():
            if refusal.operation == "motion.try":
                for each in refusal.refusals.values():
                    yield Text("✗ " + visible(each.detail if self.lang == "zh" else each.detail_en), style="yellow")
        for minutes in self.state.minutes.values():
            number = f"〔{minutes.year}〕{minutes.number}号" if minutes.number else ""
            word = self._word(_MINUTES[minutes.state])
            yield Text(self._say(f"会议纪要{number} {word}", f"Minutes {number} {word}"), style="bold")
