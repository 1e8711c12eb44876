"""Opinions in writing (Rules 6(4), 6(5)): read out and recorded, never counted as votes."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from acts.ids import Id
from agenda.records import Choice
from voting.roll import Roll


class Written(Struct, frozen=True):
    """The number of written opinions for each choice; they stand beside a tally, never in it."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    defer: int = 0


def heard_of(authors: Iterable[Id], roll: Roll[Id]) -> list[Id]:
    """Returns those of `authors` whose opinion is heard: formal members absent from this item and not recused."""
    elsewhere = (roll.members - roll.present) - roll.recused
    return [who for who in authors if who in elsewhere]


def count_written(opinions: Mapping[Id, Choice], roll: Roll[Id]) -> Written:
    """Count the opinions of formal members who are absent from this item and not recused (Rules 6(5)).

    An opinion is void once its author is present.
    """
    heard = [opinions[who] for who in heard_of(opinions, roll)]
    return Written(
        yes=heard.count("yes"),
        no=heard.count("no"),
        abstain=heard.count("abstain"),
        defer=heard.count("defer"),
    )
