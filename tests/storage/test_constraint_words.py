"""Every constraint by which PostgreSQL may refuse has words, or is known to be out of people's reach."""

import re
from importlib.resources import files

import asyncpg
import pytest

from acts import packages
from acts.constraints import refused

# A rule or the shape of the input refuses before SQL is reached: only a defect of the program could reach these.
OUT_OF_REACH = {
    "deployment_clock": "no route moves the clock",
    "ledger_append_only": "the program has no statement that changes it",
    "ledger_continues": "the database numbers and hashes by itself",
    "items_carried": "the database fills in by itself what is carried out",
    **dict.fromkeys(
        (
            "organizations_name_form",
            "organizations_code_form",
            "people_name_form",
            "people_number_form",
            "bodies_name_form",
            "kin_name_form",
            "matters_code_form",
        ),
        "every way in brings names and codes into their normal form",
    ),
    "people_in_organization": "a key for others to refer to",
    "kin_of_body": "a key for others to refer to",
    "meetings_of_body": "a key for others to refer to",
    "items_of_meeting": "a key for others to refer to",
    "notices_of_body": "a key for others to refer to",
    "votes_of_body": "a key for others to refer to",
    "minutes_of_body": "a key for others to refer to",
    "minutes_of_meeting": "a key for others to refer to",
    "books_of_subject": "books are opened by triggers",
    "bodies_kind": "no act changes a kind",
    "recorded": "every act writes its record",
    "meetings_ordinal": "taken under the body's lock",
    "meetings_charter": "written with the notice, by one statement",
    "meetings_approved": "written with the approval, by one statement",
    "people_requests_whole": "written with the decision, by one statement",
    "meetings_acting": "handing the chair over asks; adjourning takes it back",
    "meetings_adjourned": "written at the adjournment, by one statement",
    "proceedings_reason": "decision.reason and agenda.locked ask for the reason",
    "notices_reason": "withdrawing asks for the reason",
    "presence_absent": "a correction alone says it",
    "speeches_struck": "a correction alone says it",
    "positions_none": "a correction alone says it",
    "decisions_amended": "announcing asks for the words",
    "ballots_recorder": "the access table asks first",
    "votes_round": "numbered under the meeting's lock",
    "votes_counted": "written by the closing, by one statement",
    "votes_result": "follows from the tally, in the same act",
    "votes_needed": "follows from the base, in the same act",
    "ballots_stand": "the program has no statement that changes one",
    "minutes_issued": "written by the issue, by one statement",
    "papers_found": "written by the function that keeps the scanner's answer, by one statement",
    "minutes_drawn": "written by the drawing, by one statement",
    "jobs_ended": "a job is done or fails, by one statement each",
    "minutes_voided": "voiding asks for the reason",
    "minutes_counter": "the program has one statement for the counter",
    "minutes_number_used": "the number is taken and used in one act",
}
# Patterns of the project's own SQL: CONSTRAINT x, UNIQUE INDEX x, refuse('x', CONSTRAINT = 'x'.
_NAMES = re.compile(
    r"(?:CONSTRAINT|UNIQUE INDEX) (\w+) (?:UNIQUE|CHECK|PRIMARY|FOREIGN|ON)|refuse\('(\w+)'|CONSTRAINT = '(\w+)'"
)


def named() -> set[str]:
    text = "".join(
        path.read_text("utf-8")
        for path in files("storage").joinpath("migrations").iterdir()
        if path.name.endswith("sql")
    )
    return {next(filter(None, match)) for match in _NAMES.findall(text)}


def words(name: str) -> bool:
    """Whether the constraint has words of its own, not the general ones that show its name."""
    error = asyncpg.CheckViolationError()
    error.constraint_name = name
    refusal = refused(error)
    assert refusal is not None
    return "constraint" not in refusal.refusals[0].facts


def test_every_name_has_words_or_is_out_of_reach() -> None:
    names = named()
    assert len(names) > 60
    assert {name for name in names if not words(name)} == set(OUT_OF_REACH) | {"person_of_organization"}


def test_a_foreign_person_is_unknown() -> None:
    error = asyncpg.ForeignKeyViolationError()
    error.constraint_name = "person_of_organization"
    refusal = refused(error)
    assert refusal is not None
    assert refusal.refusals[0].rule == "unknown"


@pytest.mark.parametrize("name", sorted(packages.words()))
def test_no_words_without_a_name(name: str) -> None:
    assert name in named() | {"deliveries_pkey", "grants_pkey"}  # the two names that PostgreSQL made
