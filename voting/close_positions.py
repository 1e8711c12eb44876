"""The closeness of the positions (Rules 6(5)): 持赞成与反对意见的人数接近时，可暂缓表决."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from acts.ids import Id
from agenda.state import Positions
from bodies.charter import Charter
from voting.written import Written


def weigh_positions(charter: Charter, voiced: Mapping[Id, str], voters: AbstractSet[Id], written: Written) -> Positions:
    """Returns the positions of those who may vote, plus the written opinions that `count_written` counted.

    They are close where there is at least one and the two sides are within the charter's margin (Rules 6(5)).
    """
    heard = [voiced[who] for who in voiced if who in voters]
    yes, no = heard.count("yes") + written.yes, heard.count("no") + written.no
    return Positions(yes=yes, no=no, close=yes + no > 0 and abs(yes - no) <= charter.close_margin)
