"""The views of a meeting while it goes on, and what each may see. Pure.

Until a vote closes, those in the room see that k of n have voted, the desk sees who has, the observer (unless a voting
member too) sees the choices; then all see names and choices. A charter may choose otherwise (`ballots_live`). Recused
people see of their item neither papers nor discussion (Personnel 18, 23). The agenda is the desk's until notice; of a
personnel item the notice lists the title, the rest is handed out in the meeting (Rules 6(3)) and read over HTTP while
the item is open, so here the secretary alone sees it. A viewer's sequence has no gap: in place of a record that may not
be seen stands one of kind `masked`, or one with less in it.
"""

from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from acts.access import HEADS
from acts.content import Anonymous, Content, Teller
from acts.folding import RuleSaid
from acts.kinds.refusing import RuleRefused
from acts.showing import item_of
from agenda.audience import called_in, roles_there
from agenda.state import ItemOnAgenda, MeetingState
from bodies.charter import Charter

ViewName = Literal["observer", "secretary", "chair", "floor"]

EVERYBODY: frozenset[ViewName] = frozenset({"observer", "secretary", "chair", "floor"})
DESK: frozenset[ViewName] = frozenset({"secretary", "chair"})
DESK_AND_OBSERVER: frozenset[ViewName] = frozenset({"observer", "secretary", "chair"})
SECRETARY: frozenset[ViewName] = frozenset({"secretary"})
CHAIR: frozenset[ViewName] = frozenset({"chair"})
FLOOR: frozenset[ViewName] = frozenset({"floor"})
_DEFAULT = Charter()


class View(Struct, frozen=True):
    """The part that a viewer may see, the same for all who share the view: each record is encoded once for each view.

    `hidden` holds the items from which the viewer is recused, on record or by kinship; `author` is the viewer where
    they have written an opinion, else None. `keeps` holds the items whose record the viewer keeps in the place of a
    recused secretary, and so sees as the secretary would. `voting` marks an observer who is a voting member too: they
    see no ballot before the close. `only` holds the items that an attendee was called in for, the others being titles
    to them; None for those who see them all. `screen` is the hall's, which has title and counts alone of a reserved
    item.
    """

    name: ViewName
    hidden: frozenset[int] = frozenset()
    author: int | None = None
    voting: bool = False
    only: frozenset[int] | None = None
    screen: bool = False
    keeps: frozenset[int] = frozenset()

    @property
    def token(self) -> str:
        """The view as one word, by which a client says which one it followed."""
        author = "" if self.author is None else f"@{self.author}"
        only = "" if self.only is None else "".join(f"~{item}" for item in sorted(self.only)) or "~"
        keeps = "".join(f"^{item}" for item in sorted(self.keeps))
        marks = ("+voting" if self.voting else "") + author + only + keeps + ("!" if self.screen else "")
        return f"{self.name}{marks}{''.join(f'-{item}' for item in sorted(self.hidden))}"

    def see(self, content: Content, state: MeetingState) -> Content | Anonymous | None:
        """Returns the part of a record's content that this view sees, or None; `state` is the full one after it."""
        if not isinstance(content, MeetingContent):
            return content.see(self, state)
        if self.hidden and content.concerns(self.hidden):
            return None if content.drafting and self.name not in DESK else content.see_recused()
        item = state.items.get(item_of(content) or 0)
        if item is not None and not self.opens(item.id, reserved=item.reserved):
            return content.see_title() if self.only is not None else content.see_counts()
        return content.see(self, state)

    def opens(self, item: int, *, reserved: bool) -> bool:
        """Whether the viewer sees more of an item than its title, recusals apart."""
        return item in self.only if self.only is not None else not (self.screen and reserved)

    def item(self, content: Content, seen: Content | None) -> int | None:
        """Returns the item that a record is about, as far as this view may know it; `seen` is the part that it sees.

        The view knows the item of a record that it does not see where it is recused from that item.
        """
        if seen is not None:
            return item_of(seen)
        item = item_of(content)
        drafting = isinstance(content, MeetingContent) and content.drafting
        return item if item in self.hidden and not drafting else None

    def knows_choices(self, state: MeetingState) -> bool:
        """Whether it sees choices before the vote closes."""
        live = _charter(state).ballots_live
        return live == "all" or (live == "observer" and self.name == "observer" and not self.voting)

    def knows_who(self, state: MeetingState) -> bool:
        """Whether it sees who has voted before the vote closes."""
        live = _charter(state).ballots_live
        return live == "all" or (live == "observer" and self.name != "floor" and not self.voting)

    def keeps_record(self, item: int) -> bool:
        """Whether the viewer keeps the item's record, as secretary or in the place of one who is recused."""
        return self.name == "secretary" or item in self.keeps

    def _is_hidden(self, item: ItemOnAgenda | None) -> bool:
        return item is not None and item.id in self.hidden

    def _betrays(self, refused: RuleRefused, state: MeetingState) -> bool:
        """Whether the refusal shows a choice, or who has not voted, to a view that may not know yet."""
        if refused.operation == "opinion.submit":
            return self.name == "floor"
        if refused.operation not in ("ballot.cast", "ballot.take", "vote.close") or self.knows_choices(state):
            return False
        # Only one choice is ever refused as a choice, so the refusal gives it away.
        return not self.knows_who(state) or any(each.rule == "vote.choice" for each in refused.refusals)

    def _keeps_from(self, refused: RuleRefused, state: MeetingState) -> bool:
        """Whether the refusal is about an item, or an agenda, of which the view sees no refusals."""
        about = state.items.get(refused.item or 0)
        closed = about is not None and not self.opens(about.id, reserved=about.reserved)
        return (
            closed or refused.item in self.hidden or (state.state in ("draft", "cancelled") and self.name not in DESK)
        )

    def see_refusal(self, refused: RuleRefused, state: MeetingState) -> RuleRefused | Anonymous | None:
        """Returns the refusal less what this view may not know, or None.

        It can betray a choice, who has not voted, how people are related, the agenda to come.
        """
        if self._is_hidden(state.current):
            return refused.rules_alone()
        if self._keeps_from(refused, state):
            return None
        if self.only is not None and refused.item is None:
            return refused.rules_alone()
        if self._betrays(refused, state):
            return refused.rules_alone()
        if self.name != "floor":
            return refused
        return replace(refused, refusals=tuple(_public(each) for each in refused.refusals))


def view_of(
    state: MeetingState, person: int, granted: AbstractSet[str], related: AbstractSet[int] = frozenset()
) -> View:
    """Returns the view of a person with these roles in the body; the view `chair` is the meeting's chair's, and the
    head's while they have the agenda to approve. `related` are the items from which kinship recuses them, whatever the
    state of the item.

    An observer who is a formal member too watches as an observer, less the ballots until a vote closes; while they hold
    the chair they have the chair's view. All but desk, observer, members and the hall see the items alone that they are
    called in for.
    """
    roles = roles_there(state, person, granted)
    hidden = frozenset(item.id for item in state.items.values() if person in item.recusals or item.id in related)
    voting = "observer" in roles and ("member" in roles or person in state.formal_members)
    if voting and "chair" in roles:
        return View("chair", hidden)
    approves = state.state == "draft" and bool(granted & HEADS)
    names: tuple[ViewName, ...] = ("observer", "secretary", "chair")
    if name := next((each for each in names if each in roles or (each == "chair" and approves)), None):
        return View(name, hidden, voting=voting)
    keeps = frozenset(item.id for item in state.items.values() if item.recorder == person) - hidden
    if "member" in roles or person in state.formal_members:
        author = person if any(person in item.opinions for item in state.items.values()) else None
        return View("floor", hidden, author, keeps=keeps)
    if "hall" in roles:
        return View("floor", screen=True)
    only = (called_in(state, person) if "attendee" in roles else frozenset()) | keeps
    return View("floor", hidden, only=only, keeps=keeps)


def _charter(state: MeetingState) -> Charter:
    return state.charter or _DEFAULT


def _public(said: RuleSaid) -> RuleSaid:
    if said.rule.startswith(("recusal.", "notice.")):
        return RuleSaid(said.rule, "", "", {}, said.clause, said.clause_en)
    facts = said.facts if said.rule == "agenda.ad_hoc" else {}
    return replace(said, facts={name: facts[name] for name in ("title", "mover") if name in facts})


class MeetingContent(Content, frozen=True):
    """A kind of a meeting's records; `drafting` says that it is of the agenda before its notice."""

    subject: ClassVar[str] = "meeting"
    views: ClassVar[frozenset[ViewName]] = frozenset()
    part: ClassVar[frozenset[ViewName]] = frozenset()
    drafting: ClassVar[bool] = False

    def apply(self, state: MeetingState, stamp: Any) -> MeetingState:
        return state

    def concerns(self, hidden: frozenset[int]) -> bool:
        """Whether it is about one of these items, from which the viewer is recused."""
        return item_of(self) in hidden

    def see_recused(self) -> "Content | Anonymous | None":
        """Returns the part seen by a viewer who is recused from its item; None unless the kind says otherwise."""
        return None

    def see_title(self) -> "Content | Anonymous | None":
        """Returns the part seen by an attendee who is not called in for its item; by default None."""
        return None

    def see_counts(self) -> "Content | Anonymous | None":
        """Returns the part that the hall's screen shows where the item is reserved; by default None."""
        return None

    def tell(self, teller: "MeetingTeller") -> tuple[str, str]:
        raise NotImplementedError(self.kind)


class WhyUntold(MeetingContent, frozen=True):
    """A kind whose reason desk and observer see, and the floor does not."""

    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return replace(self, reason="") if view.name == "floor" else self


class MeetingTeller(Teller, frozen=True):
    """The values from which a sentence about a meeting is made."""

    state: MeetingState

    def item(self, item: int) -> ItemOnAgenda | None:
        """Returns the item, where the view knows it."""
        return self.state.items.get(item)

    def title(self, item: int) -> str:
        """Returns the item's title in quotes, a dash where the view does not know it."""
        found = self.state.items.get(item)
        return f"“{found.title}”" if found else "—"
