"""Tables of role × operation, from the packages. A route without an entry keeps the server from starting."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Literal

from acts.packages import operations
from acts.refusal import ALLOWED, Refused, Verdict

Role = Literal[
    "administrator", "head", "acting_head", "secretary", "chair", "member", "observer", "attendee", "hall",
    "office_head", "deputy", "recorder", "signatory", "security", "auditor",
]  # fmt: skip
ROLES: tuple[Role, ...] = (
    "administrator", "head", "acting_head", "secretary", "chair", "member", "observer", "attendee", "hall",
    "office_head", "deputy", "recorder", "signatory", "security", "auditor",
)  # fmt: skip

ROLE_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "administrator": ("管理员", "the administrator"), "secretary": ("秘书", "the secretary"),
        "head": ("主要负责人", "the head"), "acting_head": ("主持工作的负责人", "the acting head"),
        "chair": ("主持人", "the chair"), "member": ("成员", "a member"), "observer": ("监督人员", "the observer"),
        "attendee": ("列席人员", "an attendee"), "hall": ("会场大屏", "the hall screen"),
        "office_head": ("办公室主任", "the office head"), "deputy": ("分管负责人", "the deputy in charge"),
        "recorder": ("代记录人", "the substitute recorder"),
        "signatory": ("受托签发人", "whom the head entrusted to sign"),
        "security": ("安全管理员", "the security administrator"),
        "auditor": ("审计员", "the auditor"),
    }
)  # fmt: skip

ANYONE = frozenset({"anyone"})  # also those who have not signed in
SIGNED_IN = frozenset({"signed_in"})

ADMINISTRATOR = frozenset({"administrator"})
SECURITY = frozenset({"security"})  # the administrator too, unless the duties are held apart
AUDIT = frozenset({"auditor", "observer"})  # those who read the records of access
SECRETARY = frozenset({"secretary"})
CHAIR = frozenset({"chair"})
HEADS = frozenset({"head", "acting_head"})
SIGNERS = HEADS | {"signatory"}  # the last is a member whom the head entrusts to sign minutes
DESK = frozenset({"secretary", "chair"})
RECORDERS = DESK | {"recorder"}  # one in the place of a secretary who is recused from the item
MEMBER = frozenset({"member"})
MEMBERS = frozenset({"member", "chair"})
ROOM = frozenset({"secretary", "chair", "member", "observer", "attendee"})
EVERYBODY = ROOM | {"hall"}
APPROVERS = SIGNERS | {"secretary", "office_head", "deputy", "chair"}


def check_access(operation: str, roles: AbstractSet[str]) -> Verdict:
    """Whether one who holds `roles` may do `operation`; an operation that no package brings is a KeyError."""
    allowed = operations()[operation]
    if allowed in (ANYONE, SIGNED_IN) or allowed & roles:
        return ALLOWED
    names = [ROLE_NAMES[role] for role in ROLES if role in allowed]
    return Refused(
        "access.role",
        f"您的角色不能进行此项操作，须由{'、'.join(zh for zh, _ in names)}办理。",
        f"Your role does not allow this; it takes {' or '.join(en for _, en in names)}.",
        {"operation": operation},
    )
