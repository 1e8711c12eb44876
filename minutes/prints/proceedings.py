"""The proceedings, 会议记录: what happened from the call to order to the adjournment, in its order (Measures 2(6)).

Each record stands with its time and its own sentence; the ballots of a round stand by name in a table. The
proceedings are kept, not circulated: recorder and chair read and sign them.
"""

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from typing import Literal, TypeAlias

from acts.acting import existing
from acts.content import Content
from acts.folding import content_of, stamp_of
from acts.showing import item_of
from agenda.labels import CATEGORIES
from agenda.state import ItemOnAgenda, MeetingState, PresenceNote, SignedProceedings, VoteRound
from agenda.views import MeetingTeller
from documents.blocks import Block, Gap, Grid, Heading, NewPage, Paragraph, Right, Title, plain
from minutes.kinds.keeping import CAPACITIES
from minutes.prints.attendance import sign_in_sheet
from minutes.prints.corrected import as_corrected
from minutes.prints.meeting import (
    Letter,
    ballot_text,
    clock,
    date_text,
    day_text,
    excused_at,
    formal,
    grouped,
    movements,
    name_of,
    names_of,
    session_text,
    states_of,
    title_of,
)
from storage.ledger import Entry, Record

Signed: TypeAlias = Mapping[Literal["recorder", "chair"], SignedProceedings]
_IN_THE_TABLE = frozenset({"ballot.cast", "ballot.taken"})
_DIGITS = "〇一二三四五六七八九"


def proceedings_paper(entries: Sequence[Entry], letter: Letter, hidden: Set[int], signed: Signed) -> Iterator[Block]:
    """Yields the proceedings of an adjourned meeting and its sign-in sheet, from its records up to the adjournment.

    `hidden` holds the items that the reader must not see (Personnel 18, 23).
    """
    records = [each.record for each in as_corrected(entries)]
    steps = list(states_of(records))
    end = steps[-1][1]
    moved, excused = movements(records), excused_at(records)
    yield Title(f"{letter.body}会议记录")
    yield from _head(end, moved, letter)
    now: int | None = None
    seen: set[int] = set()
    for record, state in steps:
        if state.called_at is None or record.kind in _IN_THE_TABLE:
            continue
        content = content_of(record)
        item = item_of(content)
        if item is not None and item != now and item in end.items:
            now = item
            yield from _item_head(end.items[item], end, again=item in seen)
            if item in hidden and item not in seen:
                yield plain("（阅者在本议题中应当回避，本议题的记录不予提供。）")
            seen.add(item)
        if item in hidden or (item is None and now in hidden):
            continue
        yield _told(record, content, state)
        if record.kind in ("vote.closed", "vote.voided") and item is not None:
            vote = end.items[item].votes[existing(getattr(content, "vote", None))]
            yield from _ballots(vote, end, excused.get(vote.id, ()))
    yield Gap()
    yield from _signatures(end, signed)
    yield plain(f"本记录据操作留痕第1至{entries[-1].record.seq}条编制，末条校验值{entries[-1].hash.hex()[:16]}。")
    yield NewPage()
    yield from sign_in_sheet(end, moved, letter)


def _head(state: MeetingState, moved: Mapping[int, Sequence[PresenceNote]], letter: Letter) -> Iterator[Block]:
    called, over = existing(state.called_at), state.adjourned_at
    facts = [
        ("会议", session_text(state, letter)),
        ("时间", day_text(called) + (f"至{clock(over)}" if over else "")),
        ("地点", state.place),
        ("主持", name_of(state, state.presiding)),
        ("记录", name_of(state, state.secretary)),
    ]
    here = {person for person, notes in moved.items() if any(note.state == "present" for note in notes)}
    lists = [(name, [each.name for each in people if each.id in here] or ["无"]) for name, people in grouped(state)]
    away = {each.id: each.name for each in formal(state) if each.id not in here}
    on_leave = {person for person in away if any(note.state == "on_leave" for note in moved.get(person, ()))}
    lists.append(("请假", [away[person] for person in away if person in on_leave]))
    lists.append(("缺席", [away[person] for person in away if person not in on_leave]))
    for label, text in facts:
        yield Paragraph([("hei", f"{label}："), ("body", text)], indent=0, hang=len(label) + 1)
    for label, names in lists:
        if names:
            yield names_of(label, names)
    yield Gap()


def _item_head(item: ItemOnAgenda, state: MeetingState, *, again: bool) -> Iterator[Block]:
    yield Heading(f"议题{_count(item.position)}　{title_of(item)}" + ("（续）" if again else ""))
    if again:
        return
    lead = [f"类别：{CATEGORIES[item.category][0]}"]
    lead += [f"分管：{name}"] if (name := name_of(state, item.in_charge)) else []
    yield Paragraph([("kai", "；".join(lead) + "。")])


def _told(record: Record, content: Content, state: MeetingState) -> Paragraph:
    sentence, _ = content.tell(MeetingTeller(stamp_of(record), state))
    return Paragraph([("hei", clock(record.at) + "　"), ("body", sentence.rstrip("。") + "。")], indent=0, hang=3)


def _ballots(vote: VoteRound, state: MeetingState, excused: Container[int]) -> Iterator[Block]:
    rows = [(each.name, ballot_text(vote, each.id, excused)) for each in formal(state)]
    pairs = [*rows, ("", "")] if len(rows) % 2 else rows
    yield Grid((1, 1, 1, 1), ("姓名", "表决意见") * 2, [(*a, *b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)])


def _signatures(state: MeetingState, signed: Signed) -> Iterator[Block]:
    for capacity, word in CAPACITIES.items():
        mark = signed.get(capacity)
        text = (
            f"{name_of(state, mark.person)}　{date_text(mark.at)}{clock(mark.at)}阅签" if mark else "　　　　　　　　"
        )
        yield Right(f"{word}：{text}")


def _count(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))
