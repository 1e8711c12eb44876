"""Input about people and their passwords."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from acts.wire import AS_CODE, AS_IS, AS_NAME, END, UNSEEN, DueReason, Id, Name, Post

StaffNumber: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=40, pattern=rf"^[^\s{UNSEEN}]+{END}", extra=AS_CODE)
]
OrganizationCode: TypeAlias = Annotated[
    str, Meta(min_length=2, max_length=20, pattern=rf"^[A-Za-z0-9]+{END}", extra=AS_CODE)
]
Called: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, extra=AS_NAME)]
"""An organization by its code or its name."""
Password: TypeAlias = Annotated[str, Meta(min_length=8, max_length=200, extra=AS_IS)]
AnyPassword: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, extra=AS_IS)]


class NewPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """A person to be made; without a password they cannot sign in yet."""

    staff_number: StaffNumber
    name: Name
    post: Post = ""
    password: Password | None = None
    administrator: bool = False
    auditor: bool = False
    security: bool = False


class PersonChange(Struct, frozen=True, forbid_unknown_fields=True):
    """Changes to a person; a field that is null or absent stays."""

    name: Name | None = None
    post: Post | None = None
    administrator: bool | None = None
    auditor: bool | None = None
    security: bool | None = None
    active: bool | None = None


class Duties(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the duties of administrator, security and auditor are held apart, and why that changes."""

    apart: bool
    reason: DueReason


class CodeChange(Struct, frozen=True, forbid_unknown_fields=True):
    """Another code for the organization: letters and digits; capitals become small letters."""

    organization_code: OrganizationCode


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """A password that the administrator gives."""

    password: Password


class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    """One's own new password, with the present one."""

    old: AnyPassword
    new: Password


class GivenPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """A password that was just given, for its slip."""

    person: Id
    password: AnyPassword


class Slips(Struct, frozen=True, forbid_unknown_fields=True):
    """The slips to print."""

    given: Annotated[list[GivenPassword], Meta(max_length=2000)]


class Code(Struct, frozen=True, forbid_unknown_fields=True):
    """Six digits of an authenticator, or a recovery code; blanks and hyphens do not count."""

    factor_code: Annotated[str, Meta(min_length=6, max_length=20, extra=AS_CODE)]


class Demand(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a second factor is demanded."""

    demanded: bool
