"""The vote: opened, cast, closed or void."""

from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from agenda.labels import CHOICES, FORMS, RESULTS
from agenda.records import Choice, Result, VoteForm
from agenda.state import BallotState, MeetingState, Positions, Quorum, Tally, VoteRound
from agenda.views import EVERYBODY, MeetingContent, MeetingTeller, View


class VoteOpened(MeetingContent, frozen=True):
    """A vote is open on its frozen roll. A view that is recused from the item sees the round alone."""

    kind: ClassVar = "vote.opened"
    views: ClassVar = EVERYBODY

    item: int
    vote: int
    round: int
    roll: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    recused: tuple[int, ...] = ()
    quorum: Quorum | None = None
    base: int | None = None
    needed: int | None = None
    close: Positions | None = None
    vote_form: VoteForm = "device"

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        vote = VoteRound(
            id=self.vote,
            round=self.round,
            opened_at=stamp.at,
            chair=state.chair,
            roll=self.roll,
            absent=self.absent,
            recused=self.recused,
            quorum=self.quorum,
            base=self.base,
            needed=self.needed,
            close=self.close,
            form=self.vote_form,
        )
        return state.on_item(self.item, state="voting", votes={**state.items[self.item].votes, vote.id: vote})

    def see_recused(self) -> "Content | Anonymous | None":
        return VoteOpened(self.item, self.vote, self.round)

    def see_title(self) -> "Content | Anonymous | None":
        return self.see_recused()

    def see_counts(self) -> "Content | Anonymous | None":
        return replace(self, absent=(), recused=(), close=None)

    def tell(self, teller: MeetingTeller) -> Words:
        title, (form, form_en) = teller.title(self.item), FORMS[self.vote_form]
        chinese = f"{title}开始{f'第{self.round}轮' if self.round > 1 else ''}{form}表决"
        english = f"The {form_en}vote on {title} is open{f', round {self.round}' if self.round > 1 else ''}"
        if self.quorum is None:
            return chinese, english
        voters, quorum = len(self.roll), self.quorum
        return (
            f"{chinese}：参加表决 {voters} 人，须 {self.needed} 票同意；"
            f"到会 {quorum.present} 人，法定人数 {quorum.needed} 人",
            f"{english}: {voters} vote, {self.needed} yes pass it; {quorum.present} present, {quorum.needed} needed",
        )


class BallotCast(MeetingContent, frozen=True):
    """A member's ballot, or its next version; on the chair's, `outstanding` names those it did not wait for. `key` is
    the ballot's own, `replaces` that of the version before.

    While the vote is open a view may see that a ballot was cast and not by whom (`person` None, `version` 0), or by
    whom and not what (`choice` None).
    """

    kind: ClassVar = "ballot.cast"
    part: ClassVar = EVERYBODY

    item: int
    vote: int
    person: int | None = None
    choice: Choice | None = None
    version: int = 0
    outstanding: tuple[int, ...] = ()
    key: UUID | None = None
    replaces: UUID | None = None

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        vote = state.items[self.item].votes[self.vote]
        if self.person is None:
            return _with_vote(state, self.item, replace(vote, cast=vote.cast + 1))
        ballots = {**vote.ballots, self.person: BallotState(self.choice, self.version, stamp.at, stamp.seq, self.key)}
        return _with_vote(state, self.item, replace(vote, cast=len(ballots), ballots=ballots))

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        if view.knows_choices(state):
            return self
        if view.knows_who(state):
            return replace(self, choice=None, key=None, replaces=None)
        if self.version > 1:
            return None  # k of n has not changed
        return Anonymous(type(self)(self.item, self.vote))

    def see_counts(self) -> "Content | Anonymous | None":
        return None if self.version > 1 else Anonymous(BallotCast(self.item, self.vote))

    def tell(self, teller: MeetingTeller) -> Words:
        if self.person is None:
            vote = teller.state.items[self.item].votes[self.vote]
            return f"应表决 {len(vote.roll)} 人，已表决 {vote.cast} 人", f"{vote.cast} of {len(vote.roll)} have voted"
        choice, choice_en = after_colon(*CHOICES[self.choice]) if self.choice else ("", "")
        done, done_en = ("改投", "changed their ballot") if self.version > 1 else ("已表决", "has voted")
        names, names_en = teller.all(self.outstanding)
        alone, alone_en = (f"，不再等候{names}", f", not waiting for {names_en}") if names else ("", "")
        who = teller.who(self.person)
        return f"{who}{done}{choice}{alone}", f"{who} {done_en}{choice_en}{alone_en}"


class BallotTaken(BallotCast, frozen=True):
    """A member's ballot by voice or show of hands, as the recorder took it down; whoever takes it down sees it."""

    kind: ClassVar = "ballot.taken"

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return self if view.keeps_record(self.item) else super().see(view, state)

    def tell(self, teller: MeetingTeller) -> Words:
        chinese, english = super().tell(teller)
        item = teller.item(self.item)
        substitute = item is not None and item.recorder is not None and teller.actor == teller.who(item.recorder)
        by = "代记录人登记" if substitute else "秘书登记"
        return (chinese, english) if self.person is None else (f"{chinese}（{by}）", f"{english} (taken down)")


class BallotObjected(MeetingContent, frozen=True):
    """A member objects to the ballot that was taken down for them; the recorder corrects it before the close."""

    kind: ClassVar = "ballot.objected"
    part: ClassVar = EVERYBODY

    item: int
    vote: int
    person: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        vote = state.items[self.item].votes[self.vote]
        ballot = replace(vote.ballots[self.person], objected=stamp.seq)
        return _with_vote(state, self.item, replace(vote, ballots={**vote.ballots, self.person: ballot}))

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        knows = view.keeps_record(self.item) or view.knows_choices(state) or view.knows_who(state)
        return self if knows else None

    def tell(self, teller: MeetingTeller) -> Words:
        who = teller.who(self.person)
        return f"{who}对所登记的表决意见提出异议", f"{who} objects to the ballot taken down for them"


class ChoiceSaid(Struct, frozen=True):
    """A ballot as the closing names it."""

    person: int
    choice: Choice


class Closing(MeetingContent, frozen=True):
    """A round is closed; a view that is recused from the item sees that alone."""

    views: ClassVar = EVERYBODY

    item: int
    vote: int
    tally: Tally | None = None
    choices: tuple[ChoiceSaid, ...] = ()
    quorum: Quorum | None = None

    def see_recused(self) -> "Content | Anonymous | None":
        return type(self)(self.item, self.vote)

    def see_title(self) -> "Content | Anonymous | None":
        return self.see_recused()

    def see_counts(self) -> "Content | Anonymous | None":
        return replace(self, choices=())

    def _counted(self, state: MeetingState, stamp: Stamp) -> VoteRound:
        vote = state.items[self.item].votes[self.vote]
        unknown = BallotState()
        ballots = {
            each.person: replace(vote.ballots.get(each.person, unknown), choice=each.choice) for each in self.choices
        }
        cast = len(vote.roll) - self.tally.not_voted if self.tally else 0
        named = len(ballots) == cast  # the hall's screen has the counts of a reserved item without the names
        return replace(
            vote,
            closed_at=stamp.at,
            cast=cast,
            ballots=ballots,
            tally=self.tally,
            outstanding=tuple(person for person in vote.roll if person not in ballots) if named else (),
            closing_quorum=self.quorum,
        )


class VoteClosed(Closing, frozen=True):
    """A vote is closed and counted (Rules 6(6))."""

    kind: ClassVar = "vote.closed"

    base: int | None = None
    needed: int | None = None
    result: Result | None = None
    sensitive: bool = False
    outstanding: tuple[int, ...] = ()

    def see_counts(self) -> "Content | Anonymous | None":
        return replace(self, choices=(), outstanding=())

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        vote = replace(self._counted(state, stamp), state="closed", result=self.result, sensitive=self.sensitive)
        return _with_vote(state, self.item, vote).on_item(self.item, state="voted")

    def tell(self, teller: MeetingTeller) -> Words:
        title, (form, form_en) = teller.title(self.item), _form(teller, self.item, self.vote)
        if self.tally is None or self.result is None:
            return f"{title}表决结束", f"The vote on {title} is closed"
        counted, counted_en = _said(self.tally)
        result, result_en = RESULTS[self.result]
        return (
            f"{title}{form}表决{result}：{counted}（须 {self.needed} 票同意）",
            f"The {form_en}vote on {title}: {result_en}. {counted_en} ({self.needed} yes needed)",
        )


class VoteVoided(Closing, frozen=True):
    """A vote closed below quorum is void and may be taken again (Rules 5)."""

    kind: ClassVar = "vote.voided"

    rule: str = ""

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        vote = replace(self._counted(state, stamp), state="void", rule=self.rule)
        return _with_vote(state, self.item, vote).on_item(self.item, state="open")

    def tell(self, teller: MeetingTeller) -> Words:
        title = teller.title(self.item)
        chinese, english = f"{title}本轮表决无效", f"This vote on {title} is void"
        if self.tally is None:
            return chinese, english
        counted, counted_en = _said(self.tally)
        return f"{chinese}，到会人数不足：{counted}", f"{english}, the quorum was lost: {counted_en}"


def _with_vote(state: MeetingState, item: int, vote: VoteRound) -> MeetingState:
    return state.on_item(item, votes={**state.items[item].votes, vote.id: vote})


def _form(teller: MeetingTeller, item: int, vote: int) -> Words:
    return FORMS[teller.state.items[item].votes[vote].form]


def _said(tally: Tally) -> Words:
    shown = [
        (each, number)
        for each in tally.__struct_fields__
        if (number := getattr(tally, each)) or each in ("yes", "no", "abstain")
    ]
    return (
        "，".join(f"{CHOICES[each][0]} {number} {'人' if each == 'not_voted' else '票'}" for each, number in shown),
        ", ".join(f"{CHOICES[each][1]} {number}" for each, number in shown),
    )
