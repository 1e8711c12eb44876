"""The minutes as blocks: what stands on the paper and in which order. Frozen with v1.

纪要 format, GB/T 9704-2012, 10.3: red heading, body, then 出席 / 请假 / 列席 in 黑体 with names aligned after the
colon; the closing block, 7.4.
"""

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from documents.blocks import Block, Grid, Heading, Paragraph, Tail
from documents.fonts import Role
from documents.layout import SMALL, WIDTH
from documents.masthead import Closing, Masthead
from documents.typeset import spread
from minutes.composers.v1 import sentences as say
from minutes.composers.v1.document import FORMS, MARKS, Item, Minutes, Round

_MOST_IN_TABLE = 15  # members


def blocks(minutes: Minutes) -> Iterator[Block]:
    """Yields the blocks of the minutes, from the red heading to the closing block."""
    number = say.number_text(minutes.year, minutes.number)
    note = f"（更正{minutes.replaces}）" if minutes.replaces else ""
    yield Masthead(minutes.organ, minutes.series, number, say.session_text(minutes) + "纪要", note)
    yield from _body(minutes)
    yield Tail(tuple(_people(minutes)))
    closing = minutes.closing
    copies = f"共印{closing.copies}份" if closing.copies else ""
    yield Closing(closing.copies_to, closing.printer, f"{say.date_text(closing.printed)}印发", copies)


def _paragraphs(text: str, *lead: tuple[Role, str]) -> Iterator[Paragraph]:
    """Yields the text in body type after its lead, a new paragraph at every line break."""
    first, *others = text.splitlines() or [""]
    yield Paragraph([*lead, ("body", first)])
    for other in others:
        yield Paragraph([("body", other)])


def _body(minutes: Minutes) -> Iterator[Block]:
    chair = f"{minutes.chair.post}{minutes.chair.name}" + (f"在{minutes.place}" if minutes.place else "")
    opening = (
        f"{say.span_text(minutes)}，{chair}主持召开{say.session_text(minutes)}。"
        f"应到会成员{minutes.formal}人，实到{len(minutes.present)}人"
    )
    for word, people in (("请假", minutes.on_leave), ("缺席", minutes.absent)):
        opening += f"，{word}{len(people)}人" if people else ""
    opening += "。"
    if minutes.notice:
        opening += say.notice_text(minutes.notice) + say.changes_text(minutes.notice.changes)
    if minutes.replaces:
        reason = f"，更正理由：{minutes.replaced_reason.rstrip('。')}" if minutes.replaced_reason else ""
        yield from _paragraphs(f"本纪要更正并取代{minutes.replaces}{reason}。")
    items = f"会议按照议程逐项审议了{len(minutes.items)}项议题，" if len(minutes.items) > 1 else ""
    yield from _paragraphs(f"{opening}{items}现将会议议定事项纪要如下：")
    for number, item in enumerate(minutes.items, 1):
        yield _heading(number, item.title)
        yield from _item(item)
    others = [say.attempt_text(each) for each in minutes.attempts]
    others += [f"监督意见。{say.objection_text(each)}" for each in minutes.objections]
    if others:
        yield _heading(len(minutes.items) + 1, "其他情况")
        for number, text in enumerate(others, 1):
            lead = f"（{say.ordinal(number)}）" if len(others) > 1 else ""
            yield from _paragraphs(text, ("kai", lead))


def _heading(number: int, title: str) -> Heading:
    return Heading(f"{say.ordinal(number)}、{' '.join(title.splitlines())}")


def _item(item: Item) -> Iterator[Block]:
    """Yields what was reported, discussed and decided, by whom it is carried out, and how each voted and why."""
    if item.in_brief:
        yield from _paragraphs(say.decision_text(item) if item.decision else say.ending_text(item))
        return
    texts = [say.report_text(item) + say.committee_text(item), *say.discussion_text(item)]
    texts.append(say.decision_text(item) if item.decision else say.ending_text(item))
    texts += [say.task_text(task) for task in item.tasks]
    texts += ["本议题无需督办。"] if item.no_task else []
    for text in texts:
        if text:
            yield from _paragraphs(text)
    sections = [(name, parts) for name, parts in _sections(item) if parts]
    for count, (name, parts) in enumerate(sections, 1):
        lead: tuple[Role, str] = ("kai", f"（{say.ordinal(count)}）{name}。")
        for index, part in enumerate(parts):
            if isinstance(part, Grid):
                yield part
                continue
            *before, last = _paragraphs(part, *([] if index else [lead]))
            yield from before
            # The words that lead to a table stay with it.
            yield last._replace(keep=index + 1 < len(parts) and isinstance(parts[index + 1], Grid))


def _sections(item: Item) -> Iterator[tuple[str, Sequence[str | Grid]]]:
    """Yields what is said by name of an item, in order; a section without content is empty."""
    yield "会上表态", [say.positions_text(item.positions)] if item.positions else []
    yield "书面意见（不计入票数）", ["".join(say.written_text(each) for each in item.written)] if item.written else []
    yield "回避情况", ["".join(say.recusal_text(each) for each in item.recusals)] if item.recusals else []
    votes: list[str | Grid] = []
    for round_ in item.rounds:
        votes += _round(round_, numbered=len(item.rounds) > 1)
    yield "表决情况", votes
    decision = item.decision
    reasons = (("依据", decision.basis), ("理由", decision.reason)) if decision else ()
    text = "".join(f"{name}：{say.stopped(said)}" for name, said in reasons if said)
    yield "依据和理由", [text] if text else []


def _round(round_: Round, *, numbered: bool) -> Iterator[str | Grid]:
    """Yields a vote's result, and the vote by name: all of them in a table, of a large body those alone whose vote
    was not yes."""
    name = f"第{say.ordinal(round_.number)}轮，" if numbered else ""
    count = f"{say.tally_text(round_.tally)}。" if numbered or round_.void else ""
    note = f"{round_.note.rstrip('。')}。" if round_.note else ""
    text = f"{name}{FORMS[round_.form]}，{say.quorum_text(round_)}；{count}{say.result_text(round_)}{note}"
    if len(round_.rows) > _MOST_IN_TABLE:
        named = say.marked_text(round_, "no", "abstain", "defer", "not_voted", "recused", "on_leave", "absent")
        yield text + say.stopped(named)
        return
    yield f"{text}各成员表决意见如下："
    yield _roll(round_)


def _roll(round_: Round) -> Grid:
    """Returns the vote by name as a table, as many members to a row as names allow, three at most."""
    rows = [(spread(row.name), MARKS[row.mark]) for row in round_.rows]
    longest = max((SMALL * _ems(name) for name, _ in rows), default=0.0)
    pairs = next((pairs for pairs in (3, 2) if longest <= WIDTH / (2 * pairs) - SMALL), 1)
    pairs = min(pairs, len(rows))
    shares = [1.0] * (2 * pairs) if pairs > 1 else [0.65, 0.35]
    rows += [("", "")] * (-len(rows) % pairs)
    lines = [[cell for row in rows[at : at + pairs] for cell in row] for at in range(0, len(rows), pairs)]
    return Grid(shares, ["姓名", "表决意见"] * pairs, lines)


def _ems(text: str) -> float:
    """Returns about how wide the text is, in characters; a Latin letter is counted wide."""
    return sum(1.0 if east_asian_width(each) in "WF" else 0.65 for each in text)


def _people(minutes: Minutes) -> Iterator[Paragraph]:
    """出席：and the names running on, those of later lines under the first (10.3); no name is broken."""
    lists = (
        ("出席", minutes.present, False),
        ("请假", minutes.on_leave, False),
        ("缺席", minutes.absent, False),
        ("列席", minutes.attendees, True),
        ("监督", minutes.observers, True),
        ("记录", minutes.recorders, True),
    )
    for label, people, posts in lists:
        if people:
            names = "、".join(say.person_text(person, post=posts) for person in people)
            yield Paragraph([("hei", label + "："), ("body", names)], hang=len(label) + 3, whole="、")
