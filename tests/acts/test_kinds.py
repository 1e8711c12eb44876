"""Rules that hold for every kind of record of any subject."""

from pathlib import Path
from typing import ClassVar

import pytest

from acts.content import Content
from acts.folding import kinds
from acts.packages import content_classes, subjects
from agenda.state import MeetingState
from agenda.views import MeetingContent, View
from bodies.state import BodyState
from identity.state import AdminView
from scripts.records import page

PAGE = Path(__file__).parents[2] / "docs" / "records.md"


class OnItsOwn(Content, frozen=True):
    """A kind that names no view."""

    kind: ClassVar[str] = "test.alone"
    subject: ClassVar[str] = "body"


class OfMeeting(MeetingContent, frozen=True):
    """A kind of a meeting that names no view."""

    kind: ClassVar[str] = "test.meeting"

    item: int


def test_a_kind_that_names_no_view_is_seen_by_nobody() -> None:
    for admin in (AdminView("administrator"), AdminView("observer")):
        assert admin.see(OnItsOwn(), BodyState()) is None
    for name in ("observer", "secretary", "chair", "floor"):
        for view in (View(name), View(name, frozenset({7})), View(name, author=2)):
            assert view.see(OfMeeting(7), MeetingState()) is None


@pytest.mark.parametrize("kind", content_classes(), ids=lambda kind: f"{kind.kind}.{kind.form}")
def test_a_kind_has_its_subject_its_words_and_its_place(kind: type[Content]) -> None:
    assert kind.subject == "*" or kind.subject in subjects()
    assert kind.tell is not Content.tell
    assert kind.tell is not MeetingContent.tell
    assert kind.__doc__


def test_no_kind_stands_twice() -> None:
    named = [(kind.kind, kind.form) for kind in content_classes()]
    assert len(named) == len(set(named))
    assert kinds().keys() == {name for name, _ in named}


def test_the_page_of_records_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make records"
