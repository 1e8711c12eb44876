"""The minutes as bands: what stands on the page and in which order. Frozen with v1.

纪要 format, GB/T 9704-2012, 10.3: red heading 35 mm below the top of the type area, body, then 出席 /
请假 / 列席 in 黑体 with names aligned after the colon; the closing block, 7.4.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from documents.fonts import FontSet, Role
from documents.layout import (
    BLANK,
    BODY,
    CHARS,
    LINES,
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
    centred,
    heading_lines,
    paginate,
    paragraph,
    paragraphs,
    put,
    table,
    used_lines,
)
from documents.pdf import draw
from documents.typeset import balance, break_lines, runs, shape, spread
from minutes.composers.v1 import document as doc
from minutes.composers.v1.document import Item, Minutes, Person, Round, date_text

_TITLE = 22.0  # 2号
_LARGEST = 36.0
_SMALLEST = 24.0
_CELL = 4  # characters a name takes in a list: three and a space
_CLOSING_ROW = 24.0
_MOST_CLOSING = 20


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
    """Lay out every page of the minutes, the closing block at the foot of the last (7.4).

    The closing block stands on an even page, the back of the last sheet, with the signatures where they have
    room there; it never leaves an empty page before it."""
    sheets = paginate([*_head(minutes, fonts), *_body(minutes, fonts), *_people(minutes, fonts)])
    early, closing = _closing(minutes, fonts)
    signed = [*_signatures(minutes, fonts), *early]
    need = sum(band.lines for band in signed) + closing.lines + bool(signed)
    if len(sheets) % 2 == 0 and used_lines(sheets[-1]) + need <= LINES:
        for band in [BLANK, *signed] if signed else []:
            sheets[-1].append(Placed(used_lines(sheets[-1]) * PITCH, band))
    else:
        sheets += paginate(signed)
        if used_lines(sheets[-1]) + closing.lines > LINES or (signed and len(sheets) % 2):
            sheets.append([])
    sheets[-1].append(Placed(LINES * PITCH - closing.rules[-1].y1, closing))
    return sheets


# The head


def _head(minutes: Minutes, fonts: FontSet) -> Iterator[Band]:
    yield _masthead(minutes, fonts)
    yield from (BLANK, BLANK)
    yield from heading_lines(doc.session_text(minutes) + "纪要", _TITLE, fonts, mark=doc.session_text(minutes))
    if minutes.replaces:
        yield from centred(fonts, "kai", f"（更正{minutes.replaces}）")
    yield BLANK


def _masthead(minutes: Minutes, fonts: FontSet) -> Band:
    """Heading, number two lines below it, red rule 4 mm below the number (7.2.4, 7.2.5, 7.2.7, 10.3)."""
    texts: list[Text] = []
    y = 35 * MM
    whole = shape([("title", doc.heading(minutes))], 1.0, fonts)
    parts = [doc.heading(minutes)]
    if _SMALLEST * whole.width > WIDTH - 2 * BODY:
        parts = [minutes.organ, minutes.series]
    widest = max(shape([("title", part)], 1.0, fonts).width for part in parts)
    size = max(_SMALLEST, min(_LARGEST, (WIDTH - 2 * BODY) / max(widest, 1.0)))
    for part in parts:
        shaped = shape([("title", part)], size, fonts)
        for line in balance(shaped, WIDTH):
            width = shaped.ends[line.end] - shaped.ends[line.start]
            down = y + 0.88 * size
            texts += [Text(run, down, True) for run in runs(shaped, line, (WIDTH - width) / 2, WIDTH)]
            y += size * 1.25
    y += 2 * PITCH - size * 0.25
    number = shape([("body", doc.number_text(minutes.year, minutes.number))], BODY, fonts)
    texts += put(number, (WIDTH - number.width) / 2, y + baseline(BODY))
    y += PITCH / 2 + BODY / 2 + 4 * MM
    return Band(ceil(y / PITCH), tuple(texts), (Rule(0, y, WIDTH, y, THICK, True),), keep=True)


# The body


def _body(minutes: Minutes, fonts: FontSet) -> Iterator[Band]:
    chair = f"{minutes.chair.post}{minutes.chair.name}" + (f"在{minutes.place}" if minutes.place else "")
    opening = (
        f"{doc.span_text(minutes)}，{chair}主持召开{doc.session_text(minutes)}。"
        f"应到会成员{minutes.formal}人，实到{len(minutes.present)}人"
    )
    for word, people in (("请假", minutes.on_leave), ("缺席", minutes.absent)):
        opening += f"，{word}{len(people)}人" if people else ""
    opening += "。" + (doc.notice_text(minutes.notice) if minutes.notice else "")
    if minutes.replaces:
        reason = f"，更正理由：{minutes.replaced_reason.rstrip('。')}" if minutes.replaced_reason else ""
        yield from paragraphs(fonts, [("body", f"本纪要更正并取代{minutes.replaces}{reason}。")])
    voted = "会议逐项讨论和表决，" if any(item.rounds for item in minutes.items) else ""
    yield from paragraphs(fonts, [("body", f"{opening}{voted}现将有关情况纪要如下：")])
    for number, item in enumerate(minutes.items, 1):
        yield from _item(number, item, fonts)
    if minutes.attempts:
        yield from _heading(len(minutes.items) + 1, "未获准许的提请", fonts)
        for number, attempt in enumerate(minutes.attempts, 1):
            lead = f"（{doc.ordinal(number)}）" if len(minutes.attempts) > 1 else ""
            yield from paragraphs(fonts, [("kai", lead), ("body", doc.attempt_text(attempt))])
    if minutes.objections:
        yield from _heading(len(minutes.items) + bool(minutes.attempts) + 1, "监督意见", fonts)
        for number, objection in enumerate(minutes.objections, 1):
            lead = f"（{doc.ordinal(number)}）" if len(minutes.objections) > 1 else ""
            yield from paragraphs(fonts, [("kai", lead), ("body", doc.objection_text(objection))])


def _heading(number: int, title: str, fonts: FontSet) -> Iterator[Band]:
    text = f"{doc.ordinal(number)}、{' '.join(title.splitlines())}"
    return paragraph(fonts, [("hei", text)], keep=True, mark=text)


def _item(number: int, item: Item, fonts: FontSet) -> Iterator[Band]:
    yield from _heading(number, item.title, fonts)
    if item.confidential:
        yield from paragraphs(fonts, [("body", _brief(item))])
        return
    sections = [(name, section) for name, section in _sections(item, fonts) if section]
    for count, (name, section) in enumerate(sections, 1):
        lead: tuple[Role, str] = ("kai", f"（{doc.ordinal(count)}）{name}。")
        for index, part in enumerate(section):
            if isinstance(part, Band):
                yield part
                continue
            bands = list(paragraphs(fonts, [lead, ("body", part)] if not index else [("body", part)]))
            if index + 1 < len(section) and isinstance(section[index + 1], Band):
                bands[-1] = bands[-1]._replace(keep=True)  # the words that lead to a table stay with it
            yield from bands


def _brief(item: Item) -> str:
    if item.decision is None:
        return "（保密议题，内容从简。）" + doc.ENDINGS[item.ending] + "。"
    return f"（保密议题，内容从简。）会议决定：{doc.OUTCOMES[item.decision.outcome]}。"


def _sections(item: Item, fonts: FontSet) -> Iterator[tuple[str, Sequence[str | Band]]]:
    """Yields an item's sections in order; one without content is empty."""
    lead = f"本议题类别：{doc.CATEGORIES[item.category]}"
    lead += f"；分管成员：{item.in_charge}" if item.in_charge else ""
    lead += f"；受委托主持：{item.chair}" if item.chair else ""
    lead += f"；汇报人：{item.presenter}" if item.presenter else ""
    yield "议题", [lead + "。"]
    yield "讨论情况", [f"{s.speaker}：{s.text}" if s.speaker else s.text for s in item.discussion]
    yield "会上表态", [doc.positions_text(item.positions)] if item.positions else []
    yield "书面意见", [doc.written_text(w) for w in item.written]
    yield "回避情况", [doc.recusal_text(r) for r in item.recusals]
    votes: list[str | Band] = []
    for round_ in item.rounds:
        name = f"第{doc.ordinal(round_.number)}轮，" if len(item.rounds) > 1 else ""
        votes.append(f"{name}{doc.quorum_text(round_)}，记名表决如下：")
        votes += _roll(round_, fonts)
        note = f"{round_.note.rstrip('。')}。" if round_.note else ""
        votes.append(f"计票：{doc.tally_text(round_.tally)}。{doc.result_text(round_)}{note}")
    yield "表决情况", votes
    yield "决定", _decision(item)
    yield "落实与督办", [doc.task_text(task) for task in item.tasks]


def _decision(item: Item) -> list[str]:
    decision = item.decision
    if decision is None:
        return [doc.ending_text(item)]
    who = f"{decision.by}决定" if decision.by else "会议决定"
    parts = [f"{who}：{doc.OUTCOMES[decision.outcome]}。{doc.stopped(decision.text)}"]
    parts += [
        f"{name}：{doc.stopped(text)}" for name, text in (("依据", decision.basis), ("理由", decision.reason)) if text
    ]
    return parts


def _roll(round_: Round, fonts: FontSet) -> Iterator[Band]:
    """Returns the vote by name, two members to a row where names are short."""
    rows = [(spread(row.name), doc.MARKS[row.mark]) for row in round_.rows]
    longest = max((shape([("body", name)], SMALL, fonts).width for name, _ in rows), default=0.0)
    if longest > 3 * (WIDTH / 4 - SMALL) or len(rows) == 1:
        return table(fonts, [WIDTH * 0.65, WIDTH * 0.35], ["姓名", "表决意见"], rows)
    padded = [*rows, ("", "")] if len(rows) % 2 else rows
    pairs = [[*left, *right] for left, right in zip(padded[::2], padded[1::2], strict=True)]
    return table(fonts, [WIDTH / 4] * 4, ["姓名", "表决意见"] * 2, pairs)


# The people


def _people(minutes: Minutes, fonts: FontSet) -> Iterator[Band]:
    lists = (
        ("出席", minutes.present),
        ("请假", minutes.on_leave),
        ("缺席", minutes.absent),
        ("列席", minutes.attendees),
        ("监督", minutes.observers),
        ("记录", minutes.recorders),
    )
    yield BLANK
    for label, people in lists:
        yield from _named(label, people, fonts)


def _named(label: str, people: Sequence[Person], fonts: FontSet) -> Iterator[Band]:
    """Yields 出席：and the names, those of later lines under the first (10.3)."""
    hang = len(label) + 3
    for index, entry in enumerate(_entries(people, fonts, hang)):
        if index:
            yield from paragraph(fonts, [("body", entry)], indent=hang, hang=hang)
        else:
            yield from paragraph(fonts, [("hei", label + "："), ("body", entry)], indent=2, hang=hang)


def _entries(people: Sequence[Person], fonts: FontSet, hang: int) -> Iterator[str]:
    """Yields lines of names in columns; with posts or notes, a line for each person."""
    if any(person.post or person.note for person in people):
        for person in people:
            name = spread(person.name)
            about = person.post + (f"（{person.note}）" if person.note else "")
            yield f"{name}{'　' * max(1, _CELL - len(name))}{about}" if about else name
        return
    line, used = "", 0
    for person in people:
        name = spread(person.name)
        size = ceil(shape([("body", name)], BODY, fonts).width / BODY - 0.01)
        if line and used + size > CHARS - hang:
            yield line.rstrip("　")
            line, used = "", 0
        cell = size // _CELL * _CELL + _CELL
        line += name + "　" * (cell - size)
        used += cell
    if line:
        yield line.rstrip("　")


def _signatures(minutes: Minutes, fonts: FontSet) -> Iterator[Band]:
    for step in minutes.signatures:
        name = spread(step.signer.name)
        post = f"（{step.signer.post}）" if step.signer.post else ""
        text = f"{name}{post}　{date_text(step.when)}"
        yield from paragraph(fonts, [("hei", step.act + "："), ("body", text)], hang=len(step.act) + 3)


# The closing block


def _closing(minutes: Minutes, fonts: FontSet) -> tuple[list[Band], Band]:
    """版记 (7.4): rules of 0.35, 0.25 and 0.35 mm as wide as the type area, the last on its lower edge; 抄送
    and 印发 in 4号, one character in from either side. Lines too many for one block go ahead of it."""
    closing = minutes.closing
    rows: list[tuple[Text, ...]] = []
    if closing.copies_to:
        label = shape([("body", "抄送：")], SMALL, fonts)
        names = shape([("body", "，".join(closing.copies_to) + "。")], SMALL, fonts)
        x = SMALL + label.width
        measure = WIDTH - SMALL - x
        for index, line in enumerate(break_lines(names, measure, measure)):
            cells = tuple(Text(run, 0.0) for run in runs(names, line, x, measure))
            rows.append(cells if index else (*put(label, SMALL, 0.0), *cells))
    early = [_early(row, not index) for index, row in enumerate(rows[:-_MOST_CLOSING])]
    rows = rows[-_MOST_CLOSING:]
    texts: list[Text] = []
    y = 0.0
    for row in rows:
        texts += [text._replace(baseline=y + baseline(SMALL, _CLOSING_ROW)) for text in row]
        y += _CLOSING_ROW
    rules = [Rule(0, 0, WIDTH, 0, THICK)] + ([Rule(0, y, WIDTH, y, THIN)] if rows else [])
    copies = f"（共印{closing.copies}份）" if closing.copies else ""
    printed = shape([("body", f"{date_text(closing.printed)}印发")], SMALL, fonts)
    printer = shape([("body", closing.printer + copies)], SMALL, fonts)
    right = WIDTH - SMALL - printed.width
    for line in break_lines(printer, right - 2 * SMALL, right - 2 * SMALL):
        down = y + baseline(SMALL, _CLOSING_ROW)
        texts += [Text(run, down) for run in runs(printer, line, SMALL, right - 2 * SMALL)]
        y += _CLOSING_ROW
    texts += put(printed, right, y - _CLOSING_ROW + baseline(SMALL, _CLOSING_ROW))
    rules.append(Rule(0, y, WIDTH, y, THICK))
    return early, Band(ceil(y / PITCH), tuple(texts), tuple(rules))


def _early(row: Iterable[Text], first: bool) -> Band:
    texts = tuple(text._replace(baseline=baseline(SMALL)) for text in row)
    return Band(1, texts, (Rule(0, 0, WIDTH, 0, THICK),) if first else ())
