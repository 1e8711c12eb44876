"""The words for a book of the ledger that is damaged. Everybody who opens it sees them."""

from acts.refusal import Refused


def damaged() -> Refused:
    """The refusal where a book does not end where its head says: nothing is shown of it, and nothing is added."""
    return Refused(
        "ledger.damaged",
        "操作留痕不完整：最后的记录缺失或者已被改动。为免在不完整的记录上继续办理，现已停止。"
        "请立即告知管理员，核查数据库（yijue check）并从备份恢复。",
        "The ledger is not whole: its last records are missing or were changed. Nothing more is shown or done on it: "
        "tell the administrator at once, who checks the database (`yijue check`) and restores it from a backup.",
    )
