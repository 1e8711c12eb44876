"""The part of a meeting that concerns one person alone: their ballots, their opinions, and what they may do. Pure."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from acts.access import check_access
from acts.chances import may
from acts.damage import lost, lost_words
from acts.problems import refused_rule
from acts.refusal import Allowed, Refused, RefusedError
from agenda.recusing import proposed_recusals, recused_by, required_recusals
from agenda.situation import Situation
from agenda.views import View
from realtime.records import LostShown, Mine, MyBallot, Required, Weighed
from storage.heads import LostBook
from voting.opening import weigh

_NAMING = ("ballot.cast", "ballot.take", "vote.close")
"""Operations whose refusals name those who have not voted."""


def mine_of(situation: Situation, view: View, ballots: Mapping[int, MyBallot]) -> Mine:
    """Returns what concerns the situation's person alone; `view` is theirs, `ballots` are theirs, by vote."""
    alarm = lost_shown(situation.outside.lost)
    if situation.state.state == "cancelled":
        return Mine(lost=alarm)
    book = situation.rulebook
    return Mine(
        ballots=dict(ballots),
        opinions={
            item.id: item.opinions[situation.person]
            for item in situation.state.items.values()
            if situation.person in item.opinions
        },
        may={
            operation: {
                target: [refused_rule(as_seen(each).by(book)) for each in refusals]
                for target, refusals in targets.items()
            }
            for operation, targets in may("meeting", situation).items()
            for as_seen in [_as_it_is if view.knows_who(situation.state) or operation not in _NAMING else _rule_alone]
        },
        weighed=_weighed(situation) if _may(situation, "vote.weigh") else {},
        required=_required(situation) if _may(situation, "recusal.list") else {},
        lost=alarm,
    )


def lost_shown(books: Sequence[LostBook]) -> LostShown | None:
    """The alarm in words, None where nothing is lost."""
    if not books:
        return None
    refused = lost()
    words = [lost_words(each) for each in books]
    zh, en = ("；".join(zh for zh, _ in words), "; ".join(en for _, en in words))
    return LostShown(f"{refused.detail}（{zh}。）", f"{refused.detail_en} ({en}.)")


def _as_it_is(refused: Refused) -> Refused:
    return refused


def _rule_alone(refused: Refused) -> Refused:
    return Refused(refused.rule, "", "", cause=refused.cause)


def _may(situation: Situation, operation: str) -> bool:
    return isinstance(check_access(operation, situation.roles), Allowed)


def _weighed(situation: Situation) -> dict[int, Weighed]:
    state = situation.state
    if state.state != "in_session":
        return {}
    found = {}
    for item in state.agenda:
        if item.state in ("listed", "open", "voting") and not recused_by(situation, item, situation.person):
            with suppress(RefusedError):  # a year's calendar is missing, which `may` says
                ready = weigh(situation, item)
                refusals = [refused_rule(each.by(situation.rulebook)) for each in ready.refusals]
                found[item.id] = Weighed(ready.quorum, ready.positions, refusals)
    return found


def _required(situation: Situation) -> dict[int, dict[int, Required]]:
    found: dict[int, dict[int, Required]] = {}
    secretary = "secretary" in situation.roles
    if situation.state.state == "draft" and not secretary:
        return found  # the agenda is the desk's until notice
    for item in situation.state.agenda:
        mine = bool(recused_by(situation, item, situation.person))
        for each in required_recusals(situation, item):
            if mine and each.person != situation.person:
                continue
            # The reason names the candidate: until the item is presented, the secretary alone sees it; one who is
            # recused never does.
            reason = each.reason if not mine and (secretary or item.state != "listed") else ""
            found.setdefault(item.id, {})[each.person] = Required(each.rule, reason)
        for each in () if mine or item.state not in ("listed", "open") else proposed_recusals(situation, item):
            if each.person not in item.recusals:
                found.setdefault(item.id, {})[each.person] = Required(each.rule, each.reason, proposed=True)
    return found
