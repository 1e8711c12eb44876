"""Parts that all packages share: the refusals without a clause, common fields of commands, jobs."""

from acts.damage import damaged, lost
from acts.packages import Package
from acts.refusal import Refused, Rule

PACKAGE = Package(
    tables=("jobs",),
    functions=("job_claim", "job_begin", "job_done", "job_failed", "job_later", "jobs_retry", "job_figures"),
    rules=(
        Rule("input.invalid", status=422),
        Rule("input.too_large", status=413),
        Rule("state.wrong", status=409),
        Rule("unknown", status=404),
        Rule("access.signed_out", status=401),
        Rule("access.due", status=403),
        Rule("access.csrf", status=403),
        Rule("access.origin", status=403),
        Rule("access.role", status=403),
        Rule("access.rate", status=429),
        Rule("command.key", status=422),
        Rule("unavailable", status=503),
        Rule("disk.reserve", status=507),
        Rule("disk.full", status=503),
        Rule("ledger.damaged", status=500),
        Rule("ledger.lost", status=409),
        Rule("internal", status=500),
    ),
    jobs={"heads.keep": "acts.heads:keep"},
    words={
        "ledger_damaged": damaged(),
        "records_lost": lost(),
        "ledger_key": Refused(
            "command.key",
            "本次操作的标识已经用过，未予执行。请刷新页面，核对后重新操作。",
            "This key was used before, so nothing was done. Reload the page, look, and do it again.",
        ),
    },
    fields={
        "body": "提交的内容",
        "Content-Type": "内容类型",
        "Idempotency-Key": "操作标识",
        "year": "年度",
        "name": "姓名或名称",
        "person": "人员",
        "people": "人员",
        "title": "标题",
        "text": "内容",
        "version": "版本",
        "reason": "理由",
    },
)
