"""Who may do what: one table of role × operation. A route without an entry does not start."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Literal

from storage.refusal import ALLOWED, Refused, Verdict

Role = Literal["administrator", "secretary", "chair", "member", "observer", "attendee", "hall", "office_head", "deputy"]
ROLES: tuple[Role, ...] = (
    "administrator", "secretary", "chair", "member", "observer", "attendee", "hall", "office_head", "deputy",
)  # fmt: skip

ROLE_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "administrator": ("管理员", "the administrator"), "secretary": ("秘书", "the secretary"),
        "chair": ("主持人", "the chair"), "member": ("成员", "a member"), "observer": ("监督人员", "the observer"),
        "attendee": ("列席人员", "an attendee"), "hall": ("会场大屏", "the hall screen"),
        "office_head": ("办公室主任", "the office head"), "deputy": ("分管负责人", "the deputy in charge"),
    }
)  # fmt: skip

ANYONE = frozenset({"anyone"})  # also those who have not signed in
SIGNED_IN = frozenset({"signed_in"})

_administrator = frozenset({"administrator"})
_secretary = frozenset({"secretary"})
_chair = frozenset({"chair"})
_desk = frozenset({"secretary", "chair"})
_member = frozenset({"member"})
_members = frozenset({"member", "chair"})
_room = frozenset({"secretary", "chair", "member", "observer", "attendee"})
_all = _room | {"hall"}
_paper_readers = frozenset({"secretary", "chair", "member", "observer", "attendee"})
_approvers = frozenset({"secretary", "office_head", "deputy", "chair"})

OPERATIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        # the door
        "session.open": ANYONE,
        "session.close": SIGNED_IN,
        "session.read": SIGNED_IN,
        "password.change": SIGNED_IN,
        "health.read": ANYONE,
        "page.read": ANYONE,
        "demo.enter": ANYONE,
        "metrics.read": ANYONE,
        "issue.verify": ANYONE,
        "issue.find": ANYONE,
        "openapi.read": ANYONE,
        # bodies
        "organization.read": SIGNED_IN,
        "person.create": _administrator,
        "person.list": _administrator | _secretary,
        "person.change": _administrator,
        "person.password": _administrator,
        "body.create": _administrator,
        "body.list": SIGNED_IN,
        "body.read": _all | _administrator | _approvers,
        "role.grant": _administrator,
        "role.revoke": _administrator,
        "seat.set": _administrator | _secretary,
        "charter.set": _administrator,
        "kinship.read": _secretary,
        "kinship.record": _secretary,
        "kinship.remove": _secretary,
        "kin.add": _secretary,
        "matter.list": _desk | _members,
        "import.template": _administrator | _secretary,
        "import.preview": _administrator | _secretary,
        "import.apply": _administrator | _secretary,
        # what a file may hold from whom; kinship and matters as one is in their body
        "import.people": _administrator,
        "import.kinship": _administrator | _secretary,
        "import.matters": _administrator | _secretary,
        "calendar.set": _administrator,
        "calendar.read": SIGNED_IN,
        # agenda
        "meeting.create": _secretary,
        "meeting.change": _secretary,
        "meeting.list": _all | _approvers,
        "meeting.read": _all | _approvers,
        "item.add": _secretary,
        "item.change": _secretary,
        "item.move": _secretary,
        "item.remove": _secretary,
        "paper.add": _secretary,
        "paper.remove": _secretary,
        "paper.read": _paper_readers,
        "materials.check": _secretary,
        "notice.preview": _secretary,
        "notice.give": _desk,
        "notice.withdraw": _desk,
        "notice.read": _room,
        "delivery.record": _secretary,
        "delivery.acknowledge": _members,
        "meeting.preside": _desk,
        "note.list": _room,
        "note.write": _room,
        # voting
        "hall_code.read": frozenset({"hall", "secretary", "chair"}),
        "presence.check_in": _room,
        "presence.record": _secretary,
        "presence.leave": _room,
        "leave.grant": _desk,
        "meeting.call": _chair,
        "chair.hand_over": _members | _secretary,
        "meeting.adjourn": _chair,
        "item.present": _desk,
        "speech.record": _desk,
        "position.record": _desk,
        "discussion.close": _desk,
        "opinion.submit": _members,
        "opinion.read_out": _desk,
        "recusal.declare": _members,
        "recusal.list": _desk | {"observer"},
        "motion.try": _members | _secretary,
        "objection.raise": frozenset({"observer"}),
        "vote.open": _chair,
        "vote.weigh": _desk | {"observer"},
        "ballot.cast": _members,
        "ballot.read": _members,
        "vote.close": _chair,
        "item.put_off": _chair,
        "item.withdraw": _chair,
        "item.defer": _chair,
        "decision.announce": _chair,
        # minutes
        "minutes.draft": _secretary,
        "minutes.edit": _secretary,
        "minutes.review_office": frozenset({"office_head"}),
        "minutes.review_deputy": frozenset({"deputy"}),
        "minutes.send_back": frozenset({"office_head", "deputy", "chair"}),
        "minutes.sign": _chair,
        "minutes.issue": _secretary,
        "minutes.void": _chair,
        "minutes.read": _room | _approvers,
        "minutes.pdf": _room | _approvers,
        "minutes.draft_read": _approvers,
        "minutes.distribute": _secretary,
        "minutes.receive": _members | {"attendee", "observer"},
        "minutes.list_pending": _members | _approvers,  # of each meeting's, who may read its draft
        "register.list": _approvers | {"observer"},
        "register.read": _approvers | {"observer"},
        # realtime
        "live.watch": _all,
        "ledger.read": frozenset({"observer", "secretary"}),
    }
)


def check_access(operation: str, roles: AbstractSet[str]) -> Verdict:
    """Whether one who holds `roles` may do `operation`; an operation outside the table is a KeyError."""
    allowed = OPERATIONS[operation]
    if allowed in (ANYONE, SIGNED_IN) or allowed & roles:
        return ALLOWED
    names = [ROLE_NAMES[role] for role in ROLES if role in allowed]
    return Refused(
        "access.role",
        f"您的角色不能进行此项操作，须由{'、'.join(zh for zh, _ in names)}办理。",
        f"Your role does not allow this; it takes {' or '.join(en for _, en in names)}.",
        {"operation": operation},
    )
