"""An item is taken, put before the meeting and later to the vote, only where notice and papers are in order and enough
members and the one in charge are there (Measures 2; Rules 5, 6(2), 6(3); Personnel 20). Pure."""

from acts.refusal import Verdict
from agenda.materials import check_materials
from agenda.notice import check_lead, check_missing
from agenda.notice_standing import notice_standing
from agenda.situation import Situation
from agenda.state import ItemOnAgenda, Quorum
from voting.in_charge import check_in_charge
from voting.quorum import check_quorum, count_quorum
from voting.roll import Roll


def weigh_taking(situation: Situation, item: ItemOnAgenda, roll: Roll[int]) -> tuple[Quorum, tuple[Verdict, ...]]:
    """Returns the quorum for the item, and what the rules say of taking it now with those on the roll."""
    standing, name = notice_standing(situation), situation.name
    quorum = count_quorum(situation.charter, item.personnel, roll)
    return quorum, (
        check_lead(standing, name),
        check_missing(standing, name),
        check_materials(complete=item.materials_complete, personnel=item.personnel),
        check_quorum(quorum, item.personnel),
        check_in_charge(item.in_charge, item.deputy, roll.attending, name),
    )
