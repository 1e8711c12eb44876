"""A decision case put to the rules. The rule modules decide everything; this one decides nothing."""

from collections.abc import Callable

from msgspec import Struct

from acts.refusal import Refused, Verdict, refusals_of
from agenda.ad_hoc import check_ad_hoc
from agenda.materials import check_materials
from agenda.notice import NoticeStanding, check_lead, check_missing, weigh_notice
from agenda.records import Choice
from agenda.recusal import Recusal, find_recusals
from agenda.state import Positions, Quorum
from agenda.working_days import WorkCalendar
from bodies.charter import Charter
from bodies.kinship import Relations
from decide.case import Case, Item
from decide.outcome import DecisionOutcome, ItemOutcome, NoticeOutcome, Outcome, RejectedBallot
from voting.close_positions import weigh_positions
from voting.decision import check_decision
from voting.discussion import check_discussed
from voting.in_charge import check_in_charge
from voting.quorum import check_quorum, count_quorum
from voting.roll import Roll, check_ballot, choices_for
from voting.tally import Count, count_votes
from voting.written import Written, count_written

_Naming = Callable[[str], str]


class ItemFindings(Struct, frozen=True):
    """Everything the rules say of one item, with their reasons.

    `count` is what the ballots come to; it means nothing where `refusals` kept the vote from opening.
    """

    item: Item
    refusals: tuple[Refused, ...]
    recusals: tuple[Recusal[str], ...]
    quorum: Quorum
    written: Written
    positions: Positions
    rejected: tuple[tuple[str, Refused], ...]
    count: Count
    decision: Verdict | None

    @property
    def opened(self) -> bool:
        return not self.refusals


class Findings(Struct, frozen=True):
    """Everything the rules say of a case, with their reasons; `noticed` holds the refusals against the notice."""

    notice: NoticeStanding[str]
    noticed: tuple[Refused, ...]
    items: tuple[ItemFindings, ...]


def decide(case: Case) -> Outcome:
    """Returns the outcome of a case that `read_case` has read."""
    findings = weigh(case)
    notice = findings.notice
    return Outcome(
        notice=NoticeOutcome(notice.valid, list(notice.late), list(notice.missing)),
        items=[_outcome(found) for found in findings.items],
    )


def weigh(case: Case, name: _Naming = str) -> Findings:
    """Returns what the rules say of a case that `read_case` has read, and why; `name` gives the names of people
    and items in the reasons."""
    charter = case.body.policy.charter()
    notice = weigh_notice(
        case.body.members,
        {member: case.meeting.reached_on(member) for member in case.meeting.notices},
        case.meeting.starts().date(),
        WorkCalendar(frozenset(case.calendar.holidays), frozenset(case.calendar.workdays)),
        charter.lead_working_days,
    )
    noticed = (check_lead(notice, name), check_missing(notice, name))
    relations = Relations((each.type, each.a, each.b) for each in case.relations)
    agenda = frozenset(case.agenda)
    return Findings(
        notice,
        refusals_of(noticed),
        tuple(
            _weigh_item(case, item, charter, relations, (*noticed, check_ad_hoc(item.id, agenda, name)), name)
            for item in case.items
        ),
    )


def _weigh_item(
    case: Case,
    item: Item,
    charter: Charter,
    relations: Relations[str],
    before: tuple[Verdict, ...],
    name: _Naming,
) -> ItemFindings:
    members = frozenset(case.body.members)
    recusals = find_recusals(members, item.personnel, item.subjects, item.declared_recusals, relations)
    roll = Roll(members, case.present_for(item), frozenset(each.member for each in recusals))
    quorum = count_quorum(charter, item.personnel, roll)
    written = count_written(item.written, roll)
    verdicts = {
        member: check_ballot(member, item.ballots[member], item.personnel, roll, name)
        for member in sorted(item.ballots)
    }
    count = count_votes(
        charter,
        members=len(members),
        recused=len(roll.recused),
        voters=len(roll.voters),
        choices=[
            _choice(item.ballots[member], item.personnel)
            for member, verdict in verdicts.items()
            if not isinstance(verdict, Refused)
        ],
    )
    announced = item.decision
    return ItemFindings(
        item=item,
        refusals=refusals_of(
            (
                *before,
                check_materials(complete=item.materials_complete, personnel=item.personnel),
                check_discussed(presented=item.discussed, recorded=item.discussed, all_heard=item.discussed),
                check_quorum(quorum, item.personnel),
                check_in_charge(item.in_charge, item.deputy_in_charge, roll.attending, name),
            )
        ),
        recusals=recusals,
        quorum=quorum,
        written=written,
        positions=weigh_positions(charter, item.positions, roll.voters, written),
        rejected=tuple((who, verdict) for who, verdict in verdicts.items() if isinstance(verdict, Refused)),
        count=count,
        decision=None
        if announced is None
        else check_decision(case.body.policy.decision, count.result, announced.outcome, announced.reason),
    )


def _choice(choice: str, personnel: bool) -> Choice:
    return next(each for each in choices_for(personnel) if each == choice)


def _outcome(found: ItemFindings) -> ItemOutcome:
    count, announced = found.count, found.item.decision
    decision = None
    if found.opened and announced is not None:
        rule = found.decision.rule if isinstance(found.decision, Refused) else None
        decision = DecisionOutcome(announced.outcome, rule is None, rule)
    return ItemOutcome(
        id=found.item.id,
        opened=found.opened,
        refusals=[refused.rule for refused in found.refusals],
        recused=[recusal.member for recusal in found.recusals],
        quorum=found.quorum,
        written=found.written,
        close=found.positions.close,
        base=count.base,
        needed=count.needed,
        tally=count.tally if found.opened else None,
        result=count.result if found.opened else None,
        sensitive=count.sensitive and found.opened,
        rejected_ballots=[RejectedBallot(who, refused.rule) for who, refused in found.rejected],
        decision=decision,
    )
