"""Parts that all packages share: the refusals without a clause, common fields of commands, jobs."""

from acts.packages import Package
from acts.refusal import Rule

PACKAGE = Package(
    tables=("jobs",),
    functions=("job_claim", "job_begin", "job_done", "job_failed", "jobs_retry", "job_figures"),
    rules=(
        Rule("input.invalid", "", "", 422),
        Rule("input.too_large", "", "", 413),
        Rule("state.wrong", "", "", 409),
        Rule("unknown", "", "", 404),
        Rule("access.signed_out", "", "", 401),
        Rule("access.csrf", "", "", 403),
        Rule("access.origin", "", "", 403),
        Rule("access.role", "", "", 403),
        Rule("access.rate", "", "", 429),
        Rule("unavailable", "", "", 503),
        Rule("internal", "", "", 500),
    ),
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
