"""Sign-in, the organization and its people over HTTP."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from acts import normal
from acts.acting import Caller, Receipt, existing
from acts.commands import digest_of, target_of
from acts.dates import BUREAU_TIME
from acts.files import PDF, file_answer
from acts.http import After, Db, Key, Measured, PathId, Who
from acts.refusal import Refused, RefusedError
from acts.showing import LedgerPage
from documents.blocks import pages
from documents.fonts import FontSet
from documents.pdf import draw
from documents.qr import picture_of
from identity import people, second_factor, sessions, store, wire
from identity.accessing import note_access
from identity.entering import perform_in_organization, require_in_organization
from identity.history import show_administration
from identity.kinds.accessing import FileTaken
from identity.records import Ending, OpenSession, Organization, Person
from identity.slips import Slip, slips_paper
from storage.store import now

Fonts: TypeAlias = NamedDependency[FontSet]
_SLIPS = "初始密码条"
CalledQuery: TypeAlias = Annotated[
    str | None, QueryParameter(name="organization", required=False, min_length=1, max_length=200)
]


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Staff number and password; the organization by its code or name, needed where there are several."""

    staff_number: wire.StaffNumber
    password: wire.AnyPassword
    organization: wire.Called | None = None


class Session(Struct, frozen=True):
    """The person who is signed in; `csrf` goes into the header X-CSRF-Token of every command. `due` is what they have
    to do first: `code`, to enter a code of their authenticator; `password`, to change the one that another gave
    them; `enrol`, to set up a second factor."""

    person: int
    name: str
    administrator: bool
    auditor: bool
    security: bool
    roles: dict[int, list[str]]
    csrf: str
    due: tuple[str, ...]


def _session(caller: Caller) -> Session:
    roles = {body: sorted(held) for body, held in caller.roles.items()}
    return Session(
        caller.person,
        caller.name,
        caller.administrator,
        caller.auditor,
        caller.security,
        roles,
        caller.csrf,
        caller.due,
    )


async def provide_caller(request: Request[Any, Any, Any], database: Db, limits: Measured) -> Caller:
    """The caller; a command must have the session's CSRF token, and comes no faster than a person acts. With a key the
    caller has the command's digest too; a route whose command holds a password says so (`"secret": True`), and one that
    serves those who have something to do first names it (`"due": "password"`, or `any`)."""
    token = request.cookies.get(sessions.cookie_name(request.scope["scheme"]))
    caller = await sessions.caller_of(database, token, doing=request.route_handler.opt.get("due", ""))
    if request.method not in ("GET", "HEAD"):
        sessions.require_own(caller, request.headers.get("x-csrf-token", ""), limits)
        if "idempotency-key" in request.headers:
            return replace(caller, command=await _command(request, caller))
    return caller


async def _command(request: Request[Any, Any, Any], caller: Caller) -> bytes:
    file = request.content_type[0] == "multipart/form-data"  # read once it is known that the caller may send it
    secret = caller.secret if request.route_handler.opt.get("secret") else b""
    return digest_of(request.method, target_of(request.scope), b"" if file else await request.body(), secret)


def session_cookie(token: str, scheme: str) -> Cookie:
    """The cookie that holds a session: for this site's own requests, out of a script's reach, behind TLS only there. It
    stays a day longer than the session, so that the sign-in page can say why that ended."""
    return Cookie(
        key=sessions.cookie_name(scheme), value=token, secure=sessions.is_secure(scheme), httponly=True,
        samesite="strict", path="/", max_age=int((sessions.LIFETIME + timedelta(days=1)).total_seconds()),
    )  # fmt: skip


@post("/api/session", opt={"operation": "session.open"}, status_code=201)
async def sign_in(
    data: JSONBody[SignIn], request: Request[Any, Any, Any], database: Db, limits: Measured
) -> Response[Session]:
    """Sign in; the answer sets the cookies of the session and of the device, which is known from then on."""
    scheme, origin = request.scope["scheme"], sessions.origin_of(request)
    token, _ = await sessions.sign_in(
        database, data.organization, data.staff_number, data.password, origin, limits.sign_ins
    )
    caller = await sessions.caller_of(database, token, doing="any")
    return Response(_session(caller), cookies=[session_cookie(token, scheme), _device_cookie(origin.device, scheme)])


def _device_cookie(device: str, scheme: str) -> Cookie:
    return Cookie(
        key=sessions.SECURE_DEVICE if sessions.is_secure(scheme) else sessions.DEVICE, value=device,
        secure=sessions.is_secure(scheme), httponly=True, samesite="strict", path="/",
        max_age=int(sessions.DEVICE_LIFETIME.total_seconds()),
    )  # fmt: skip


class SignInPage(Struct, frozen=True):
    """An organization as the sign-in page names it: `administrators` are those whom to ask for a new password. `ended`
    says why the last session of this browser ended, null where it is not known."""

    organization: str
    administrators: list[str]
    ended: Ending | None


@get("/api/sign-in", opt={"operation": "sign_in.read"})
async def read_sign_in(request: Request[Any, Any, Any], database: Db, called: CalledQuery = None) -> SignInPage:
    """The organization that is called by its code or name, without one the only one. The organization is empty where
    there are several and none is called; one that is unknown is answered as it was called."""
    organization = called if called is None else normal.name(called)
    token = request.cookies.get(sessions.cookie_name(request.scope["scheme"]))
    async with database.connection() as connection:
        page = await store.sign_in_page(connection, organization) or (organization or "", [])
        ended = await store.ending_of(connection, sessions.digest(token)) if token else None
    return SignInPage(*page, ended)


@get("/api/session", opt={"operation": "session.read"})
async def read_session(request: Request[Any, Any, Any], database: Db) -> Session | None:
    """The person who is signed in, null where nobody is: a page asks it before anybody has signed in."""
    token = request.cookies.get(sessions.cookie_name(request.scope["scheme"]))
    try:
        caller = await sessions.caller_of(database, token, doing="any")
    except RefusedError as refusal:
        if refusal.refusals[0].rule != "access.signed_out":  # a database that is away signs nobody out
            raise
        return None
    return _session(caller)


@delete("/api/session", opt={"operation": "session.close", "due": "any"})
async def sign_out(caller: Who, database: Db) -> None:
    """Sign out: the session ends for every holder of its cookie."""
    await sessions.sign_out(database, caller)


@get("/api/sessions", opt={"operation": "session.list"})
async def list_sessions(caller: Who, database: Db) -> list[OpenSession]:
    """The caller's own open sessions, on all devices."""
    async with database.transaction(caller.scope) as transaction:
        return await store.own_sessions(transaction.connection, caller.secret)


@post("/api/session/code", opt={"operation": "code.enter", "secret": True, "due": "code"}, status_code=200)
async def enter_code(data: JSONBody[wire.Code], caller: Who, request: Request[Any, Any, Any], database: Db) -> Session:
    """Finish signing in by a code of one's authenticator, or by a recovery code, which serves once."""
    await second_factor.prove(database, caller, data.factor_code)
    token = request.cookies.get(sessions.cookie_name(request.scope["scheme"]))
    return _session(await sessions.caller_of(database, token, doing="any"))


class Enrolling(Struct, frozen=True):
    """A second factor to be set up: `key` (base 32) to type, or the link as a picture (SVG) to scan; shown once."""

    key: str
    qr: str


@post("/api/session/second-factor", opt={"operation": "second_factor.begin", "due": "enrol"}, status_code=200)
async def begin_second_factor(caller: Who, database: Db) -> Enrolling:
    """Begin to set up a second factor; one begun before and not confirmed serves no more."""
    key, link = await second_factor.begin(database, caller)
    return Enrolling(key, picture_of(link))


class RecoveryCodes(Struct, frozen=True):
    """Codes for when the authenticator is lost, each good once; shown once."""

    codes: list[str]


@post(
    "/api/session/second-factor/confirmation",
    opt={"operation": "second_factor.set", "secret": True, "due": "enrol"},
    status_code=200,
)
async def confirm_second_factor(data: JSONBody[wire.Code], caller: Who, database: Db) -> RecoveryCodes:
    """Confirm one's second factor by a first code; it is asked for from the next sign-in on."""
    return RecoveryCodes(await second_factor.confirm(database, caller, data.factor_code))


@post("/api/people/{person:int}/second-factor/reset", opt={"operation": "second_factor.reset"}, status_code=200)
async def reset_second_factor(person: PathId, caller: Who, database: Db, key: Key = None) -> Receipt:
    """Take a person's second factor away, where its device is lost; they are signed out everywhere."""
    return await perform_in_organization(
        database, caller, "second_factor.reset", lambda act: second_factor.reset(act, person), key
    )


@post("/api/organization/second-factor", opt={"operation": "second_factor.demand"}, status_code=200)
async def demand_second_factor(data: JSONBody[wire.Demand], caller: Who, database: Db, key: Key = None) -> Receipt:
    """Demand a second factor of administrators, secretaries, heads and observers, or no longer."""
    return await perform_in_organization(
        database, caller, "second_factor.demand", lambda act: second_factor.demand(act, data.demanded), key
    )


class Ended(Struct, frozen=True):
    """The number of sessions that ended."""

    ended: int


@delete("/api/sessions", opt={"operation": "session.end_others"}, status_code=200)
async def end_other_sessions(caller: Who, request: Request[Any, Any, Any], database: Db) -> Ended:
    """Sign out everywhere else; other devices are strangers then."""
    return Ended(await sessions.end_own(database, caller, None, sessions.origin_of(request).device))


@delete("/api/sessions/{session:int}", opt={"operation": "session.end"}, status_code=200)
async def end_session(session: PathId, caller: Who, database: Db) -> Ended:
    """End one of the caller's own sessions; one that has ended already is no error."""
    return Ended(await sessions.end_own(database, caller, session, ""))


@post(
    "/api/session/password",
    opt={"operation": "password.change", "secret": True, "due": "password"},
    status_code=200,
)
async def change_own_password(
    data: JSONBody[wire.PasswordChange], caller: Who, request: Request[Any, Any, Any], database: Db, key: Key = None
) -> Receipt:
    """Change one's own password; one's other sessions end."""
    if data.new == data.old:
        same = "新密码与原密码相同，请另设一个。"
        raise RefusedError(Refused("input.invalid", same, "The new password is the old one.", {"field": "new"}))
    old = await people.guess_own_password(database, caller, data.old)
    device = sessions.origin_of(request).device
    return await perform_in_organization(
        database, caller, "password.change", lambda act: people.change_own_password(act, old, data.new, device), key
    )


@get("/api/organization", opt={"operation": "organization.read"})
async def read_organization(caller: Who, database: Db) -> Organization:
    """The caller's organization."""
    async with database.transaction(caller.scope) as transaction:
        organization: Organization = existing(
            await store.read_organization(transaction.connection, caller.organization)
        )
        return organization


class SignInLink(Struct, frozen=True):
    """The organization's own sign-in page, to hand out; `qr` is a picture (SVG) of the link."""

    organization: str
    code: str
    link: str
    qr: str


@get("/api/organization/sign-in", opt={"operation": "sign_in.link"})
async def read_sign_in_link(caller: Who, database: Db, request: Request[Any, Any, Any]) -> SignInLink:
    """The organization's sign-in link, at the address by which this was asked."""
    require_in_organization(caller, "sign_in.link")
    async with database.transaction(caller.scope) as transaction:
        home: Organization = existing(await store.read_organization(transaction.connection, caller.organization))
    link = f"{request.base_url}sign-in/{home.code}"
    return SignInLink(home.name, home.code, link, picture_of(link))


@post("/api/organization/slips", opt={"operation": "sign_in.slips", "secret": True}, status_code=200)
async def print_slips(
    data: JSONBody[wire.Slips], caller: Who, database: Db, request: Request[Any, Any, Any], fonts: Fonts
) -> Response[bytes]:
    """Returns first passwords, just given, as slips to print; nothing keeps them."""
    require_in_organization(caller, "sign_in.slips")
    async with database.transaction(caller.scope) as transaction:
        home: Organization = existing(await store.read_organization(transaction.connection, caller.organization))
        known = {each.id: each for each in await store.people(transaction.connection)}
        made = (await now(transaction.connection)).astimezone(BUREAU_TIME).date()
    if not data.given:
        raise RefusedError(Refused("input.invalid", "没有要打印的密码。", "No password to print.", {"field": "given"}))
    given = [(existing(known.get(each.person)), each.password) for each in data.given]
    slips = [Slip(person.name, person.staff_number, password) for person, password in given]
    paper = list(slips_paper(home.name, f"{request.base_url}sign-in/{home.code}", slips))

    def drawn() -> bytes:
        return draw(pages(paper, fonts), title=_SLIPS, author=home.name, subject=_SLIPS, made=made, fonts=fonts)

    await note_access(database, caller, FileTaken("slips", f"{len(slips)} 人"))
    return file_answer(await asyncio.to_thread(drawn), PDF, f"{_SLIPS}.pdf")


@post("/api/organization/code", opt={"operation": "organization.code"}, status_code=200)
async def change_code(data: JSONBody[wire.CodeChange], caller: Who, database: Db, key: Key = None) -> Receipt:
    """Give the organization another code; links with the old one lead nowhere from then on."""
    return await perform_in_organization(
        database, caller, "organization.code", lambda act: people.change_code(act, data.organization_code), key
    )


@post("/api/organization/duties", opt={"operation": "duties.set"}, status_code=200)
async def set_duties(data: JSONBody[wire.Duties], caller: Who, database: Db, key: Key = None) -> Receipt:
    """Hold the three duties apart, or no longer: then nobody has two of them, and each has somebody."""
    return await perform_in_organization(
        database, caller, "duties.set", lambda act: people.set_duties(act, data.apart, data.reason), key
    )


@get("/api/organization/history", opt={"operation": "history.read"})
async def read_history(caller: Who, database: Db, start: After = 0) -> LedgerPage:
    """Changes to the organization's people, bodies and calendar: the records of its book with seq > `after`."""
    require_in_organization(caller, "history.read")
    async with database.transaction(caller.scope) as transaction:
        return await show_administration(transaction.connection, caller, "organization", caller.organization, start)


@post("/api/people", opt={"operation": "person.create", "secret": True}, status_code=200)
async def create_person(data: JSONBody[wire.NewPerson], caller: Who, database: Db, key: Key = None) -> Receipt:
    """Make a person; `content.person.id` is the id."""
    return await perform_in_organization(
        database,
        caller,
        "person.create",
        lambda act: people.create_person(
            act, data.staff_number, data.name, data.post, data.administrator, data.password, data.auditor, data.security
        ),
        key,
    )


@get("/api/people", opt={"operation": "person.list"})
async def list_people(caller: Who, database: Db) -> list[Person]:
    """The organization's people, by name."""
    require_in_organization(caller, "person.list")
    async with database.transaction(caller.scope) as transaction:
        return await store.people(transaction.connection)


@post("/api/people/{person:int}/password", opt={"operation": "person.password", "secret": True}, status_code=200)
async def set_password(
    person: PathId, data: JSONBody[wire.NewPassword], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Give a person a new password; they are signed out everywhere."""
    return await perform_in_organization(
        database, caller, "person.password", lambda act: people.set_password(act, person, data.password), key
    )


@post("/api/people/{person:int}/sign-out", opt={"operation": "person.sign_out"}, status_code=200)
async def sign_person_out(person: PathId, caller: Who, database: Db, key: Key = None) -> Receipt:
    """Sign a person out everywhere."""
    return await perform_in_organization(
        database, caller, "person.sign_out", lambda act: people.sign_out(act, person), key
    )


routes = [
    print_slips,
    sign_in, read_sign_in, read_sign_in_link, change_code, set_duties, read_session, sign_out, change_own_password,
    read_organization, read_history, create_person, list_people, set_password, list_sessions, end_other_sessions,
    end_session, sign_person_out, enter_code, begin_second_factor, confirm_second_factor, reset_second_factor,
    demand_second_factor,
]  # fmt: skip
