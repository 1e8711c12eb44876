"""An item before the meeting: presented, discussed, opinions in writing, recusals."""

from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from agenda.labels import CHOICES, POSITIONS
from agenda.records import Choice, Position
from agenda.state import ItemOnAgenda, MeetingState, OpinionState, RecusalState, Speech, Voiced
from agenda.views import DESK_AND_OBSERVER, EVERYBODY, FLOOR, MeetingContent, MeetingTeller, View, WhyUntold


class RecusalSaid(Struct, frozen=True):
    """A recusal that the record of kinship requires; the reason is empty where the view may not see it."""

    person: int
    rule: str
    reason: str


class ItemPresented(MeetingContent, frozen=True):
    """An item is before the meeting; those whom kinship recuses leave (Personnel 18, 23)."""

    kind: ClassVar = "item.presented"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR
    rekeys: ClassVar = True

    item: int
    presenter: int | None
    recusals: tuple[RecusalSaid, ...]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        more = {each.person: RecusalState(each.rule, each.reason, stamp.seq) for each in self.recusals}
        return state.on_item(
            self.item,
            state="open",
            acting=state.acting,
            presenter=self.presenter,
            recusals=_recused(state.items[self.item], more),
        )

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return self.see_recused() if view.name == "floor" else self

    def see_recused(self) -> "Content | Anonymous | None":
        return replace(self, recusals=tuple(replace(each, reason="") for each in self.recusals))

    def see_title(self) -> "Content | Anonymous | None":
        return Anonymous(ItemPresented(self.item, None, ()))

    def see_counts(self) -> "Content | Anonymous | None":
        return replace(self, recusals=())

    def tell(self, teller: MeetingTeller) -> Words:
        presenter, title = teller.who(self.presenter), teller.title(self.item)
        item = teller.item(self.item)
        leaving, leaving_en = "", ""
        for each in self.recusals:
            why, why_en = after_colon(each.reason)
            leaving += f"；{teller.who(each.person)}回避{why}"
            leaving_en += f"; {teller.who(each.person)} is recused{why_en}"
        position = item.position if item else 0
        if self.presenter is None:
            return f"审议第{position}项{title}", f"Item {position} {title} is before the meeting"
        return (
            f"审议第{position}项{title}，{presenter}汇报{leaving}",
            f"Item {position} {title}, presented by {presenter}{leaving_en}",
        )


class OfRecusal(WhyUntold, frozen=True):
    """A kind about one person's recusal; desk and observer see why."""

    rekeys: ClassVar = True

    item: int
    person: int
    reason: str

    def see_recused(self) -> "Content | Anonymous | None":
        return replace(self, reason="")


class RecusalDeclared(OfRecusal, frozen=True):
    """Somebody is recused by declaration; desk and observer see why."""

    kind: ClassVar = "recusal.declared"

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        declared = {self.person: RecusalState("recusal.declared", self.reason, stamp.seq)}
        return state.on_item(self.item, recusals=_recused(state.items[self.item], declared))

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        who, title = teller.who(self.person), teller.title(self.item)
        return f"{who}回避{title}{why}", f"{who} is recused from {title}{why_en}"


class RecusalTakenBack(OfRecusal, frozen=True):
    """The chair takes a recusal back, that of record `corrects`; desk and observer see why."""

    kind: ClassVar = "recusal.taken_back"

    corrects: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        recusals = {person: each for person, each in state.items[self.item].recusals.items() if person != self.person}
        return state.on_item(self.item, recusals=recusals)

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        who, title = teller.who(self.person), teller.title(self.item)
        return (
            f"撤销{who}对{title}的回避（更正记录 {self.corrects}）{why}",
            f"The recusal of {who} from {title} is taken back (it corrects record {self.corrects}){why_en}",
        )


class RecorderNamed(MeetingContent, frozen=True):
    """Somebody keeps the item's record in place of the secretary, who is recused from it."""

    kind: ClassVar = "recorder.named"
    views: ClassVar = EVERYBODY
    rekeys: ClassVar = True

    item: int
    person: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return state.on_item(self.item, recorder=self.person)

    def see_recused(self) -> "Content | Anonymous | None":
        return self

    def tell(self, teller: MeetingTeller) -> Words:
        who, title = teller.who(self.person), teller.title(self.item)
        return f"{title}由{who}代为记录", f"{who} keeps the record of {title}"


def _recused(item: ItemOnAgenda, more: dict[int, RecusalState]) -> dict[int, RecusalState]:
    """Returns the item's recusals with `more`; one that is there already stands."""
    return {**more, **item.recusals}


class ItemSpoken(MeetingContent, frozen=True):
    """Somebody spoke; `summary` is what was said in short. On a personnel item that stands in the proceedings alone, so
    that the floor sees only that they spoke (Personnel 20)."""

    kind: ClassVar = "item.spoken"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR

    item: int
    person: int
    summary: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        speeches = {**state.items[self.item].speeches, stamp.seq: Speech(self.person, self.summary, stamp.actor)}
        return state.on_item(self.item, speeches=speeches)

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return replace(self, summary="") if _untold(view, state, self.item) else self

    def tell(self, teller: MeetingTeller) -> Words:
        who, (said, said_en) = teller.who(self.person), after_colon(self.summary)
        return f"{who}发言{said}", f"{who} speaks{said_en}"


class SpeechCorrected(MeetingContent, frozen=True):
    """The speech of record `corrects` was entered wrongly: it was this person's, in these words, or (`struck`) nobody
    made it."""

    kind: ClassVar = "speech.corrected"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR

    item: int
    corrects: int
    person: int
    summary: str
    struck: bool = False

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        speeches = dict(state.items[self.item].speeches)
        before = speeches.pop(self.corrects)
        if not self.struck:
            right = replace(before, person=self.person, summary=self.summary, corrected=stamp.seq)
            speeches = {**speeches, self.corrects: right}
        return state.on_item(self.item, speeches={seq: speeches[seq] for seq in sorted(speeches)})

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return replace(self, summary="") if _untold(view, state, self.item) else self

    def tell(self, teller: MeetingTeller) -> Words:
        chinese, english = f"更正第{self.corrects}号记录：", f"Record {self.corrects} is put right: "
        who, (said, said_en) = teller.who(self.person), after_colon(self.summary)
        if self.struck:
            return f"{chinese}{who}没有此项发言", f"{english}{who} did not say this"
        return f"{chinese}{who}发言{said}", f"{english}{who} speaks{said_en}"


class PositionVoiced(MeetingContent, frozen=True):
    """A formal member is for or against, or for putting the item off, as voiced; on a personnel item desk and observer
    alone see it."""

    kind: ClassVar = "position.voiced"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR

    item: int
    person: int
    position: Position

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return _position(state, self.item, self.person, self.position, Voiced(stamp.seq, stamp.actor))

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return None if _untold(view, state, self.item) else self

    def tell(self, teller: MeetingTeller) -> Words:
        position, position_en = POSITIONS[self.position]
        return f"{teller.who(self.person)}表态：{position}", f"{teller.who(self.person)} is {position_en}"


class PositionCorrected(MeetingContent, frozen=True):
    """The position of record `corrects` was entered wrongly: the member's is this one, or none."""

    kind: ClassVar = "position.corrected"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR

    item: int
    corrects: int
    person: int
    position: Position | Literal["none"]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        by = state.items[self.item].voiced[self.person].by
        return _position(state, self.item, self.person, self.position, Voiced(stamp.seq, by, corrected=True))

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return None if _untold(view, state, self.item) else self

    def tell(self, teller: MeetingTeller) -> Words:
        (position, position_en), who = POSITIONS[self.position], teller.who(self.person)
        return (
            f"更正第{self.corrects}号记录：{who}{'' if self.position == 'none' else '表态：'}{position}",
            f"Record {self.corrects} is put right: {who} is {position_en}",
        )


def _position(
    state: MeetingState, item: int, person: int, position: Position | Literal["none"], voiced: Voiced
) -> MeetingState:
    known = state.items[item]
    positions = {who: each for who, each in known.positions.items() if who != person or position != "none"}
    records = {who: each for who, each in known.voiced.items() if who != person or position != "none"}
    if position != "none":
        positions, records = {**positions, person: position}, {**records, person: voiced}
    return state.on_item(item, positions=positions, voiced=records)


class DiscussionClosed(MeetingContent, frozen=True):
    """The discussion is closed: all who wished to speak did."""

    kind: ClassVar = "discussion.closed"
    views: ClassVar = EVERYBODY

    item: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return state.on_item(self.item, discussed=True)

    def see_counts(self) -> "Content | Anonymous | None":
        return self

    def tell(self, teller: MeetingTeller) -> Words:
        title = teller.title(self.item)
        return f"{title}讨论充分", f"The discussion of {title} is closed"


class OpinionSubmitted(MeetingContent, frozen=True):
    """An absent member's opinion in writing. Until it is read out the author, the desk and the observer alone see what
    it says."""

    kind: ClassVar = "opinion.submitted"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR
    rekeys: ClassVar = True

    item: int
    person: int
    choice: Choice | None
    text: str | None

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return _opinion(state, self.item, self.person, OpinionState(self.choice, self.text))

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        if view.name != "floor" or self.person == view.author or view.keeps_record(self.item):
            return self
        return replace(self, choice=None, text=None)

    def tell(self, teller: MeetingTeller) -> Words:
        choice, choice_en = after_colon(*CHOICES[self.choice]) if self.choice else ("", "")
        who, title = teller.who(self.person), teller.title(self.item)
        return f"{who}就{title}提交书面意见{choice}", f"{who} gives a written opinion on {title}{choice_en}"


class OpinionRead(MeetingContent, frozen=True):
    """A written opinion is read out: from now on all see it, on a personnel item desk, observer and author alone. A
    view
    that has not seen it before gets it with this."""

    kind: ClassVar = "opinion.read"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR

    item: int
    person: int
    choice: Choice | None = None
    text: str | None = None

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        before = state.items[self.item].opinions.get(self.person, OpinionState())
        read = replace(before, choice=self.choice or before.choice, text=self.text or before.text, read=True)
        return _opinion(state, self.item, self.person, read)

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        if view.name != "floor" or view.keeps_record(self.item):
            return self
        if _untold(view, state, self.item) and self.person != view.author:
            return self
        opinion = state.items[self.item].opinions[self.person]
        return replace(self, choice=opinion.choice, text=opinion.text)

    def tell(self, teller: MeetingTeller) -> Words:
        opinion = teller.state.items[self.item].opinions[self.person]
        choice, choice_en = CHOICES[opinion.choice] if opinion.choice else ("", "")
        text, who = opinion.text or "", teller.who(self.person)
        if not choice:
            return f"宣读{who}的书面意见（不计入票数）", f"The written opinion of {who} is read out (not counted)"
        return (
            f"宣读{who}的书面意见（不计入票数）：{choice}。{text}",
            f"The written opinion of {who} is read out (not counted): {choice_en}. {text}",
        )


def _untold(view: View, state: MeetingState, item: int) -> bool:
    """Whether a view does not see who said what on this item: the floor, where it is personnel, less its recorder."""
    return view.name == "floor" and state.items[item].personnel and not view.keeps_record(item)


def _opinion(state: MeetingState, item: int, person: int, opinion: OpinionState) -> MeetingState:
    return state.on_item(item, opinions={**state.items[item].opinions, person: opinion})
