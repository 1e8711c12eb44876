"""The notice of a meeting with its signing list, and its agenda (Rules 6(3), 6(4))."""

from collections.abc import Iterator, Sequence, Set

from acts.acting import existing
from agenda.labels import METHODS
from agenda.state import ItemOnAgenda, MeetingState, NoticeChange, NoticeState
from documents.blocks import Block, Gap, Grid, Heading, NewPage, Paragraph, Right, Title, plain
from minutes.prints.meeting import Letter, clock, date_text, day_text, grouped, name_of, names_of, title_of


def agenda_paper(state: MeetingState, letter: Letter, alone: Set[int] = frozenset()) -> Iterator[Block]:
    """Yields the agenda: when, where, under whom, and the titles of the items in their order; of those in `alone` the
    title alone."""
    yield Title(f"{state.title}议程")
    yield from _frame(state)
    yield Gap()
    for item in state.agenda:
        yield Paragraph([("hei", f"{item.position}. "), ("body", title_of(item))])
        if item.id not in alone and (lead := _lead(state, item)):
            yield Paragraph([("kai", lead)], indent=3, hang=3)


def notice_paper(state: MeetingState, notice: NoticeState, letter: Letter) -> Iterator[Block]:
    """Yields the notice and, on a page of its own, the list on which everybody signs for it.

    The list has what is on record of each delivery; the last column is for the hand."""
    yield Title("会议通知")
    yield Paragraph([("body", "各位成员及列席人员：")], indent=0)
    yield plain(f"定于{day_text(existing(state.starts_at))}在{state.place}召开{state.title}，现将有关事项通知如下。")
    for change in notice.changes.values():
        yield plain(f"{changed_text(change)}。变更理由：{change.reason.rstrip('。')}。")
    yield Heading("一、会议议题")
    for item in state.agenda:
        yield plain(f"{item.position}. {title_of(item)}" + (f"（{lead}）" if (lead := _lead(state, item)) else ""))
    yield Heading("二、参加人员")
    for name, people in grouped(state):
        yield names_of(name, [each.name for each in people], indent=2)
    yield Heading("三、有关要求")
    yield plain("1. 会议按本通知所列议题进行，不作临时动议。")
    yield plain("2. 因故不能到会的成员请提前请假，可提交书面意见；书面意见在会上宣读，不计入票数。")
    yield plain("3. 议题材料请在会前研究；人事议题材料在审议时供到会成员阅读，会后收回。")
    yield Gap()
    yield Right(letter.body)
    yield Right(date_text(notice.at))
    yield NewPage()
    yield Title("会议通知签收表")
    yield plain(
        f"{state.title}，{day_text(existing(state.starts_at))}。通知于{date_text(notice.at)}{clock(notice.at)}发出。"
    )
    yield Grid((4, 3, 2, 4, 4, 4), ("类别", "姓名", "方式", "送达时间", "确认时间", "签名"), _signing(state, notice))
    for change in notice.changes.values():
        yield NewPage()
        yield Title("会议变更签收表")
        yield plain(f"{state.title}。{changed_text(change)}，{date_text(change.at)}{clock(change.at)}变更并重新告知。")
        yield Grid(
            (4, 3, 2, 4, 4, 4), ("类别", "姓名", "方式", "告知时间", "确认时间", "签名"), _signing(state, change)
        )


def changed_text(change: NoticeChange) -> str:
    """Returns 会议时间由…推迟至…，地点由…改为…."""
    parts = []
    if change.starts_at != change.starts_before:
        parts.append(f"时间由{day_text(change.starts_before)}推迟至{day_text(change.starts_at)}")
    if change.place != change.place_before:
        parts.append(f"地点由{change.place_before or '未定'}改为{change.place or '未定'}")
    return f"会议{'，'.join(parts)}"


def _signing(state: MeetingState, told: NoticeState | NoticeChange) -> Sequence[tuple[str, ...]]:
    """Returns the rows of a signing list: who was told of the notice or of its change, how and when."""
    rows, untold = [], "未告知" if isinstance(told, NoticeChange) else "未送达"
    for name, people in grouped(state):
        for each in people:
            sent = told.deliveries.get(each.id)
            way = METHODS[sent.method][0] if sent else ""
            when = f"{date_text(sent.at)[5:]}{clock(sent.at)}" if sent else untold
            read = sent.acknowledged_at if sent else None
            rows.append((name, each.name, way, when, f"{date_text(read)[5:]}{clock(read)}" if read else "", ""))
    return rows


def _frame(state: MeetingState) -> Iterator[Block]:
    for label, text in (
        ("时间", day_text(existing(state.starts_at))),
        ("地点", state.place),
        ("主持", name_of(state, state.presiding)),
    ):
        yield Paragraph([("hei", f"{label}："), ("body", text)], indent=0)
    for name, people in grouped(state):
        yield names_of(name, [each.name for each in people])


def _lead(state: MeetingState, item: ItemOnAgenda) -> str:
    parts = [item.committee.zh] if item.committee else []
    parts.append(f"分管：{name}" if (name := name_of(state, item.in_charge)) else "")
    parts.append("人事议题，材料会上阅读" if item.personnel else f"材料{len(item.papers)}件" if item.papers else "")
    return "；".join(part for part in parts if part)
