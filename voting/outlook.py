"""An agenda before its notice: items that the meeting could not take or pass even with every member there, and those
whom an item sends out of the room, each with what to do. Pure.

The notice seals the agenda, so that what is not mended before it fails in the meeting (Rules 5, 6(1)). Each line is an
advice, not a refusal: the record of kinship may be corrected, and members appointed, until the item is taken.
"""

from collections.abc import Iterator

from acts.refusal import Refused
from agenda.deputies import deputy_on_record
from agenda.recusing import recused_by, required_recusals
from agenda.situation import Situation
from agenda.state import ItemOnAgenda
from voting.quorum import count_quorum
from voting.roll import Roll
from voting.tally import count_votes


def outlook(situation: Situation) -> list[Refused]:
    """Returns what to mend before notice, in the order of the agenda; `facts["item"]` is the item. A reader who is
    recused from an item learns nothing of it."""
    return [
        line
        for item in situation.state.agenda
        if not recused_by(situation, item, situation.person)
        for line in _of_item(situation, item)
    ]


def _of_item(situation: Situation, item: ItemOnAgenda) -> Iterator[Refused]:
    formal, name = situation.formal, situation.name
    leaving = {each.person: each.reason for each in required_recusals(situation, item)}
    roll = Roll(members=formal, present=formal, recused=frozenset(leaving))
    away = len(formal & leaving.keys())
    quorum = count_quorum(situation.charter, item.personnel, roll)
    if not quorum.met:
        yield _line(
            item,
            "quorum.personnel" if item.personnel else "quorum.general",
            f"须回避{away}人，即使全体成员到会也只计到会{quorum.present}人，而须有{quorum.needed}人，届时不能审议。"
            "请核对亲属关系登记和所涉人员；无误的，请报上级党组织决定。",
            f"{away} must leave: with everybody there {quorum.present} count and {quorum.needed} are needed. "
            "Check kinship and subjects; if they are right, the matter is the superior's to decide.",
        )
    needed = count_votes(
        situation.charter, members=len(formal), recused=away, voters=len(roll.voters), choices=()
    ).needed
    if quorum.met and len(roll.voters) < needed:
        yield _line(
            item,
            "decision.majority",
            f"须{needed}票同意，而除回避人员外仅{len(roll.voters)}人可以表决，届时不能通过。请核对亲属关系登记和所涉人员。",
            f"{needed} votes are needed and {len(roll.voters)} can vote. Check kinship and subjects.",
        )
    yield from _in_charge(situation, item, leaving)
    if item.committee and not item.committee.item:
        yield _line(
            item,
            "decision.majority",
            f"{item.committee.zh}。请先提交党组；党组已有决定的，请在议题中写明所贯彻的决定。",
            f"{item.committee.en}. Bring it there first; where the 党组 has decided, name the decision in the item.",
        )
    presiding = situation.state.presiding
    if presiding in leaving:
        yield _line(
            item,
            "recusal.related",
            f"主持人{name(presiding)}{leaving[presiding]}，须回避。审议本议题时，请其委托其他成员主持。",
            f"{name(presiding)}, who presides, must leave for it and hands the chair to another member.",
        )

    secretary = situation.state.secretary
    if secretary in leaving:
        yield _line(
            item,
            "recusal.related",
            f"会议记录人{name(secretary)}{leaving[secretary]}，须回避。审议本议题时，请主持人指定代记录人。",
            f"{name(secretary)}, who keeps the record, must leave for it: the chair names somebody else.",
        )


def _in_charge(situation: Situation, item: ItemOnAgenda, leaving: dict[int, str]) -> Iterator[Refused]:
    """A member in charge who must leave for the item is in attendance all the same (Rules 5: 必须到会): one who is no
    member any more, without a deputy who is, dooms the item."""
    who, formal, name = item.in_charge, situation.formal, situation.name
    if who is None:
        return
    deputy = item.deputy_in_charge or deputy_on_record(
        situation.charter, who, item.deputy_in_charge, situation.outside.people
    )
    if who not in formal and deputy not in formal:
        yield _line(
            item,
            "quorum.in_charge",
            f"分管成员{name(who)}已不是正式成员，又没有B角，届时不能审议。请另行填写分管成员。",
            f"{name(who)}, who is in charge, is no member any more and has no deputy: name another in charge.",
        )
    elif who in leaving:
        yield _line(
            item,
            "recusal.related",
            f"分管成员{name(who)}{leaving[who]}，须到会但应当回避离场。请安排他人汇报。",
            f"{name(who)}, who is in charge, must come to the meeting and leave for this item: another presents it.",
        )


def _line(item: ItemOnAgenda, rule: str, zh: str, en: str) -> Refused:
    return Refused(rule, f"“{item.title}”：{zh}", f"“{item.title}”: {en}", {"item": item.id})
