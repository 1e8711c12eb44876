"""The minutes as bands: what stands on the page and in which order. Frozen with v1.

纪要 format, GB/T 9704-2012, 10.3: red heading 35 mm below the top of the type area, body, then 出席 /
请假 / 列席 in 黑体 with names aligned after the colon; the closing block, 7.4.
"""

from collections.abc import Iterator, Sequence
from math import ceil

from documents.fonts import FontSet, Role
from documents.heading import is_between_words
from documents.layout import (
    BLANK,
    BODY,
    FEWEST,
    HEIGHT,
    MM,
    PITCH,
    SMALL,
    THICK,
    THIN,
    WIDTH,
    Band,
    Placed,
    Rule,
    Text,
    baseline,
    heading,
    heading_pitch,
    paginate,
    paragraph,
    paragraphs,
    put,
    table,
)
from documents.pdf import draw
from documents.typeset import between, break_lines, runs, shape, spread
from minutes.composers.v1 import document as doc
from minutes.composers.v1.document import Item, Minutes, Round, date_text

_TITLE = 22.0  # 2号
_LARGEST = 36.0
_SMALLEST = 24.0
# The characters of the closing block and its pitch: 4号, and smaller where there are so many recipients.
_CLOSING_SIZES = ((SMALL, 24.0), (12.0, 20.0), (10.5, 16.0), (9.0, 13.5), (7.5, 11.0))
_MOST_IN_TABLE = 15  # members
_ALONE = 10  # lines of a list of people that must not stand on a page by itself


def paper(minutes: Minutes, fonts: FontSet) -> bytes:
    """Draw the minutes as a PDF; no text raises an error."""
    return draw(
        pages(minutes, fonts),
        title=doc.heading(minutes) + doc.number_text(minutes.year, minutes.number),
        author=minutes.organ,
        subject=doc.session_text(minutes),
        made=minutes.closing.printed,
        fonts=fonts,
    )


def pages(minutes: Minutes, fonts: FontSet) -> list[list[Placed]]:
    """Lay out every page of the minutes, the closing block at the foot of the last (7.4), beneath text."""
    early, closing, height = _closing(minutes, fonts)
    text = [*_head(minutes, fonts), *_body(minutes, fonts)]
    people = [BLANK, *_people(minutes, fonts)]
    if len(people) <= _ALONE:
        text, people = [*text[:-2], *map(_kept, text[-2:])], [*map(_kept, people[:-1]), people[-1]]
    sheets = paginate([*text, *people, *early], height)
    sheets[-1].append(Placed(HEIGHT - height, closing))
    return sheets


def _kept(band: Band) -> Band:
    return band._replace(keep=True)


# The head


def _head(minutes: Minutes, fonts: FontSet) -> Iterator[Band]:
    """Heading 35 mm down, number two lines below it, red rule 4 mm below the number, title two lines below the rule
    (7.2.4, 7.2.5, 7.2.7, 7.3.1, 10.3), and a line between title and text, which is on the grid again."""
    texts: list[Text] = []
    whole = shape([("title", doc.heading(minutes))], 1.0, fonts)
    parts = [doc.heading(minutes)]
    if _SMALLEST * whole.width > WIDTH - 2 * BODY:
        parts = [minutes.organ, minutes.series]
    widest = max(shape([("title", part)], 1.0, fonts).width for part in parts)
    size = max(_SMALLEST, min(_LARGEST, (WIDTH - 2 * BODY) / max(widest, 1.0)))
    y = 35 * MM
    for part in parts:
        for line in heading(part, size, fonts, y, red=True):
            texts += line
            y += heading_pitch(size)
    y += size - heading_pitch(size) + 2 * PITCH
    number = shape([("body", doc.number_text(minutes.year, minutes.number))], BODY, fonts)
    texts += put(number, (WIDTH - number.width) / 2, y + baseline(BODY))
    rule = y + BODY + 4 * MM
    y = rule + 2 * PITCH
    title = heading(doc.session_text(minutes) + "纪要", _TITLE, fonts, y)
    for line in title:
        texts += line
    y += (len(title) - 1) * heading_pitch(_TITLE) + _TITLE
    if minutes.replaces:
        note = shape([("kai", f"（更正{minutes.replaces}）")], BODY, fonts)
        texts += put(note, (WIDTH - note.width) / 2, y + baseline(BODY, 2 * BODY))
        y += 2 * BODY
    yield Band(
        ceil((y + PITCH - 1) / PITCH),
        tuple(texts),
        (Rule(0, rule, WIDTH, rule, THICK, True),),
        keep=True,
        mark=doc.session_text(minutes),
        words=len(title),
    )


# The body


def _body(minutes: Minutes, fonts: FontSet) -> Iterator[Band]:
    chair = f"{minutes.chair.post}{minutes.chair.name}" + (f"在{minutes.place}" if minutes.place else "")
    opening = (
        f"{doc.span_text(minutes)}，{chair}主持召开{doc.session_text(minutes)}。"
        f"应到会成员{minutes.formal}人，实到{len(minutes.present)}人"
    )
    for word, people in (("请假", minutes.on_leave), ("缺席", minutes.absent)):
        opening += f"，{word}{len(people)}人" if people else ""
    opening += "。"
    if minutes.notice:
        opening += doc.notice_text(minutes.notice) + doc.changes_text(minutes.notice.changes)
    if minutes.replaces:
        reason = f"，更正理由：{minutes.replaced_reason.rstrip('。')}" if minutes.replaced_reason else ""
        yield from paragraphs(fonts, [("body", f"本纪要更正并取代{minutes.replaces}{reason}。")])
    items = f"会议按照议程逐项审议了{len(minutes.items)}项议题，" if len(minutes.items) > 1 else ""
    yield from paragraphs(fonts, [("body", f"{opening}{items}现将会议议定事项纪要如下：")])
    for number, item in enumerate(minutes.items, 1):
        yield from _heading(number, item.title, fonts)
        yield from _item(item, fonts)
    others = [doc.attempt_text(each) for each in minutes.attempts]
    others += [f"监督意见。{doc.objection_text(each)}" for each in minutes.objections]
    if others:
        yield from _heading(len(minutes.items) + 1, "其他情况", fonts)
        for number, text in enumerate(others, 1):
            lead = f"（{doc.ordinal(number)}）" if len(others) > 1 else ""
            yield from paragraphs(fonts, [("kai", lead), ("body", text)])


def _heading(number: int, title: str, fonts: FontSet) -> Iterator[Band]:
    text = f"{doc.ordinal(number)}、{' '.join(title.splitlines())}"
    return paragraph(fonts, [("hei", text)], keep=True, mark=text)


def _item(item: Item, fonts: FontSet) -> Iterator[Band]:
    """Yields what was reported, discussed and decided, by whom it is carried out, and how each voted and why."""
    if item.in_brief:
        yield from paragraphs(fonts, [("body", doc.decision_text(item) if item.decision else doc.ending_text(item))])
        return
    texts = [doc.report_text(item), *doc.discussion_text(item)]
    texts.append(doc.decision_text(item) if item.decision else doc.ending_text(item))
    texts += [doc.task_text(task) for task in item.tasks]
    texts += ["本议题无需督办。"] if item.no_task else []
    for text in texts:
        if text:
            yield from paragraphs(fonts, [("body", text)])
    sections = [(name, parts) for name, parts in _sections(item, fonts) if parts]
    for count, (name, parts) in enumerate(sections, 1):
        lead: tuple[Role, str] = ("kai", f"（{doc.ordinal(count)}）{name}。")
        for index, part in enumerate(parts):
            if isinstance(part, Band):
                yield part
                continue
            bands = list(paragraphs(fonts, [("body", part)] if index else [lead, ("body", part)]))
            if index + 1 < len(parts) and isinstance(parts[index + 1], Band):
                bands[-1] = bands[-1]._replace(keep=True)  # the words that lead to a table stay with it
            yield from bands


def _sections(item: Item, fonts: FontSet) -> Iterator[tuple[str, Sequence[str | Band]]]:
    """Yields what is said by name of an item, in order; a section without content is empty."""
    yield "会上表态", [doc.positions_text(item.positions)] if item.positions else []
    yield "书面意见（不计入票数）", ["".join(doc.written_text(each) for each in item.written)] if item.written else []
    yield "回避情况", ["".join(doc.recusal_text(each) for each in item.recusals)] if item.recusals else []
    votes: list[str | Band] = []
    for round_ in item.rounds:
        votes += _round(round_, len(item.rounds) > 1, fonts)
    yield "表决情况", votes
    decision = item.decision
    reasons = (("依据", decision.basis), ("理由", decision.reason)) if decision else ()
    text = "".join(f"{name}：{doc.stopped(said)}" for name, said in reasons if said)
    yield "依据和理由", [text] if text else []


def _round(round_: Round, numbered: bool, fonts: FontSet) -> Iterator[str | Band]:
    """Yields a vote's result, and the vote by name: all of them in a table, of a large body those alone whose vote
    was not yes."""
    name = f"第{doc.ordinal(round_.number)}轮，" if numbered else ""
    count = f"{doc.tally_text(round_.tally)}。" if numbered or round_.void else ""
    note = f"{round_.note.rstrip('。')}。" if round_.note else ""
    text = f"{name}{doc.FORMS[round_.form]}，{doc.quorum_text(round_)}；{count}{doc.result_text(round_)}{note}"
    if len(round_.rows) > _MOST_IN_TABLE:
        named = doc.marked_text(round_, "no", "abstain", "defer", "not_voted", "recused", "on_leave", "absent")
        yield text + doc.stopped(named)
        return
    yield f"{text}各成员表决意见如下："
    yield from _roll(round_, fonts)


def _roll(round_: Round, fonts: FontSet) -> Iterator[Band]:
    """Yields the vote by name as a table, as many members to a row as names allow, three at most."""
    rows = [(spread(row.name), doc.MARKS[row.mark]) for row in round_.rows]
    longest = max((shape([("body", name)], SMALL, fonts).width for name, _ in rows), default=0.0)
    pairs = next((pairs for pairs in (3, 2) if longest <= WIDTH / (2 * pairs) - SMALL), 1)
    pairs = min(pairs, len(rows))
    widths = [WIDTH / (2 * pairs)] * (2 * pairs) if pairs > 1 else [WIDTH * 0.65, WIDTH * 0.35]
    rows += [("", "")] * (-len(rows) % pairs)
    lines = [[cell for row in rows[at : at + pairs] for cell in row] for at in range(0, len(rows), pairs)]
    return table(fonts, widths, ["姓名", "表决意见"] * pairs, lines)


# The people


def _people(minutes: Minutes, fonts: FontSet) -> Iterator[Band]:
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
            names = "、".join(doc.person_text(person, post=posts) for person in people)
            yield from paragraph(fonts, [("hei", label + "："), ("body", names)], hang=len(label) + 3, whole="、")


# The closing block


def _closing(minutes: Minutes, fonts: FontSet) -> tuple[list[Band], Band, float]:
    """版记 (7.4), and its height: rules of 0.35, 0.25 and 0.35 mm as wide as the type area; 抄送 in one block; 印发 and
    共印 each on a line of its own, one character in from either side.

    Recipients too many for a page make the block's characters smaller; lines too many even then go ahead of it."""
    for size, pitch in _CLOSING_SIZES:
        sent, issued = _recipients(minutes, fonts, size), _printing(minutes, fonts, size)
        most = int((HEIGHT - FEWEST * PITCH) / pitch) - len(issued)
        if len(sent) <= most:
            break
    early, sent = sent[: len(sent) - max(1, most)], sent[-max(1, most) :]
    height = (len(sent) + len(issued)) * pitch
    texts: list[Text] = []
    for index, line in enumerate([*sent, *issued]):
        texts += _lowered(line, index * pitch + baseline(size, pitch))
    rules = [Rule(0, 0, WIDTH, 0, THICK), Rule(0, height, WIDTH, height, THICK)]
    if sent:
        rules.insert(1, Rule(0, len(sent) * pitch, WIDTH, len(sent) * pitch, THIN))
    before = [Band(1, _lowered(line, baseline(size))) for line in early]
    return before, Band(ceil(height / PITCH), tuple(texts), tuple(rules)), height


def _lowered(line: Sequence[Text], down: float) -> tuple[Text, ...]:
    return tuple(text._replace(baseline=down) for text in line)


def _recipients(minutes: Minutes, fonts: FontSet, size: float) -> list[tuple[Text, ...]]:
    """The lines of 抄送, later ones under the first recipient; no recipient's name is broken."""
    copies = minutes.closing.copies_to
    if not copies:
        return []
    label = shape([("body", "抄送：")], size, fonts)
    names = between(
        shape([("body", "，".join(copies) + "。")], size, fonts), lambda text, place: text[place - 1] == "，"
    )
    x = size + label.width
    measure = WIDTH - size - x
    lines = [
        tuple(Text(run, 0.0) for run in runs(names, line._replace(full=False), x, measure))
        for line in break_lines(names, measure, measure)
    ]
    return [(*put(label, size, 0.0), *lines[0]), *lines[1:]]


def _printing(minutes: Minutes, fonts: FontSet, size: float) -> list[tuple[Text, ...]]:
    """The lines of 印发: printer and date, on one line where they have room, and the number of copies."""
    closing = minutes.closing
    measure = WIDTH - 2 * size
    printer = between(shape([("body", closing.printer)], size, fonts), is_between_words)
    lines = [
        tuple(Text(run, 0.0) for run in runs(printer, line._replace(full=False), size, measure))
        for line in break_lines(printer, measure, measure)
    ]
    date = shape([("body", f"{date_text(closing.printed)}印发")], size, fonts)
    dated = put(date, WIDTH - size - date.width, 0.0)
    if len(lines) == 1 and printer.width + size + date.width <= measure:
        lines = [(*lines[0], *dated)]
    else:
        lines.append(dated)
    if closing.copies:
        copies = shape([("body", f"共印{closing.copies}份")], size, fonts)
        lines.append(put(copies, WIDTH - size - copies.width, 0.0))
    return lines
