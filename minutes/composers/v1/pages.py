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
