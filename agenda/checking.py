"""A paper waits until the virus scanner has answered: nobody reads it before, and it does not count as there.

A job asks the scanner, as often as it takes. A paper in which something was found stays listed, without its content,
until the secretary takes it away.
"""

from acts.jobs import Work, leave
from acts.refusal import ALLOWED, Refused, Verdict
from acts.scanner import Scanner
from agenda import store
from agenda.acting import MeetingAct
from agenda.kinds.planning import PaperCleared, PaperInfected
from agenda.records import Paper
from agenda.store import PaperToCheck


async def leave_to_check(act: MeetingAct, paper: Paper) -> None:
    """Leave the job that has the paper checked."""
    arguments = {"paper": paper.id, "item": paper.item_id, "book": act.context.book}
    body = act.context.meeting.body_id
    await leave(act.transaction, act.caller.organization, body, "paper.check", arguments)


async def check_paper(work: Work) -> None:
    """Have a paper checked, and write down the answer. A paper that is gone, or sealed in a cancelled meeting, is left
    as it is. Raises ScannerAwayError where the scanner cannot be asked."""
    paper, item, book = (work.arguments[name] for name in ("paper", "item", "book"))
    waiting: PaperToCheck | None = await store.paper_to_check(work.connection, paper)
    if waiting is None:
        return
    found = await work.tool(Scanner).scan(waiting.content)
    if not await store.keep_check(work.connection, paper, found):
        return
    said = PaperInfected(item, paper, waiting.name, found) if found else PaperCleared(item, paper, waiting.name)
    await work.record(book, said)


def check_scanned(paper: Paper) -> Verdict:
    """Whether the paper may be read: the scanner has let it through, or none was to be asked."""
    if paper.state == "kept":
        return ALLOWED
    if paper.state == "infected":
        return Refused(
            "state.wrong",
            "该材料查出病毒，内容已删除，不能查阅。请秘书删去后重新上传干净的文件。",
            "A virus was found in this paper and its content is deleted; the secretary uploads a clean file.",
            {"found": paper.found},
        )
    return Refused(
        "state.wrong",
        "该材料正在查毒，查毒通过后方可查阅，请稍候。长时间未完成的，请管理员检查查毒服务。",
        "This paper is being checked for viruses and can be read after that. If it takes long, the administrator looks "
        "at the scanner.",
        {"checking": True},
    )
