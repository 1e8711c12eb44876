"""The demonstration bureau as rows, and its people with a session each, ready to act over HTTP."""

import asyncio
import ssl
import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg
import httpx
from litestar import Litestar
from litestar.types import ASGIApp

from identity.sessions import digest

TLS = ssl.create_default_context()  # one for all clients: httpx makes one for each, which takes 20 ms
MEMBERS = {
    "zhou": ("周启明", "党组书记、局长", "全面工作"),
    "lin": ("林静", "副局长", "计划财务"),
    "he": ("何志远", "副局长", "工程建设"),
    "chen": ("陈卫国", "副局长", "组织人事"),
    "ma": ("马腾", "副局长", "运输管理"),
    "sun": ("孙雅琴", "总工程师", "技术"),
    "wu": ("吴海燕", "党组成员", "办公室、法制"),
    "zheng": ("郑凯", "党组成员、工会主席", "工会"),
    "xu": ("许文博", "党组成员", "综合执法"),
}
OTHERS = {
    "admin": ("系统管理员", "administrator"),
    "li": ("李晓", "secretary"),
    "zhao": ("赵肃", "observer"),
    "tang": ("唐宁", "attendee"),
    "hall": ("会议室大屏", "hall"),
    "jiang": ("江一帆", "office_head"),
}


class Person:
    """One signed-in person: an HTTP client with cookie and CSRF header."""

    def __init__(self, key: str, id: int, client: httpx.AsyncClient) -> None:
        self.key, self.id, self.client = key, id, client

    @property
    def proof(self) -> tuple[str, str]:
        """The session's secret and its CSRF token."""
        return self.client.cookies["yijue_session"], self.client.headers["X-CSRF-Token"]

    @property
    def secret(self) -> bytes:
        """The digest of the session's token, which proves a transaction to be this person's."""
        return digest(self.client.cookies["yijue_session"])

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.client.get(path, params=params)

    async def post(self, path: str, json: Any = None, key: uuid.UUID | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": str(key)} if key else {}
        return await self.client.post(path, json={} if json is None else json, headers=headers)

    async def do(self, path: str, json: Any = None) -> Any:
        """Post, expect success, and return the answer, None for an empty one."""
        answer = await self.post(path, json)
        assert answer.is_success, f"{self.key} POST {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def refused(self, path: str, json: Any = None) -> str:
        """Post, expect a refusal, and return its rule."""
        answer = await self.post(path, json)
        assert answer.status_code >= 400, f"{self.key} POST {path} went through: {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        rule: str = answer.json()["rule"]
        return rule


async def issue(person: Person, minutes: str) -> Any:
    """Issue the minutes at this path and wait until they are drawn; return the content of the issue's record, with the
    `sha256` of the PDF."""
    issued = (await person.do(f"{minutes}/issue"))["content"]
    async with asyncio.timeout(60):
        while not (sha256 := (await person.get(minutes)).json()["sha256"]):  # noqa: ASYNC110 -- a job draws it meanwhile
            await asyncio.sleep(0.02)
    return {**issued, "sha256": sha256}


async def complete(secretary: Person, minutes: str) -> int:
    """Complete the draft at this path where it lacks something; return its version."""
    sheet = (await secretary.get(minutes)).json()
    lacking = [(each["item"], each["part"]) for each in sheet["checks"] if not each["done"]]
    if not lacking:
        return int(sheet["version"])
    items = (await secretary.get(minutes.rpartition("/minutes/")[0])).json()["items"]
    texts = sheet["texts"]
    written = {each["item"]: each for each in texts["items"]}
    for position, part in lacking:
        if part == "leader":
            texts["leader"] = "市政府分管领导"
            continue
        item = next(each["id"] for each in items if each["position"] == position)
        said = written.setdefault(item, {"item": item})
        said |= {"decision": "同意。"} if part == "decision" else {"no_task": True}
    texts["items"] = list(written.values())
    return int((await secretary.do(f"{minutes}/texts", texts))["content"]["version"])


class Bureau:
    """江州市交通运输局党组: nine members, the other people, and the meeting and items that it begins with, if any."""

    def __init__(
        self,
        people: dict[str, Person],
        body: int,
        organization: int,
        kin: dict[str, int],
        meeting: int = 0,
        items: Sequence[int] = (),
    ) -> None:
        self.people, self.body, self.organization, self.kin = people, body, organization, kin
        self.meeting, self.items = meeting, items

    def __getattr__(self, key: str) -> Person:
        try:
            return self.people[key]
        except KeyError:
            raise AttributeError(key) from None

    @property
    def members(self) -> list[Person]:
        return [self.people[key] for key in MEMBERS]

    async def approve_agenda(self, meeting: str) -> None:
        """Have the secretary submit the draft agenda of the meeting at this path, and the head approve it."""
        submitted = await self.li.do(f"{meeting}/agenda/submission")
        await self.zhou.do(f"{meeting}/agenda/approval", {"version": submitted["seq"]})

    async def approve(self, minutes: str) -> None:
        """Complete the minutes at this path and take them through office head, deputy and the chair's signature."""
        version = await complete(self.li, minutes)
        for person, act in ((self.jiang, "office-review"), (self.wu, "deputy-review"), (self.zhou, "signature")):
            await person.do(f"{minutes}/{act}", {"version": version})

    async def close(self) -> None:
        for person in self.people.values():
            await person.client.aclose()


async def become(owner: "asyncpg.Connection[asyncpg.Record]", body: int, kind: str) -> None:
    """Make the body one of another kind, for a test: a kind is for good, and the owner turns the guard off."""
    async with owner.transaction():
        await owner.execute("ALTER TABLE bodies DISABLE TRIGGER USER")
        await owner.execute("UPDATE bodies SET kind = $2 WHERE id = $1", body, kind)
        await owner.execute("ALTER TABLE bodies ENABLE TRIGGER USER")


async def open_session(owner: "asyncpg.Connection[asyncpg.Record]", person: int) -> tuple[str, str]:
    """Insert a session straight into the table, since argon2 is slow; return its token and its CSRF token. It does not
    end for want of use, since a database is cloned long after it was made."""
    token, csrf = uuid.uuid4().hex, uuid.uuid4().hex
    await owner.execute(
        "INSERT INTO sessions (secret_hash, person_id, csrf, expires_at, used_at)"
        " VALUES (sha256($1), $2, $3, yijue_now() + '1 day', '9999-12-01Z')",
        digest(token), person, csrf,
    )  # fmt: skip
    return token, csrf


def client_of(app: Litestar | ASGIApp | None, token: str, csrf: str, base: str = "http://test") -> httpx.AsyncClient:
    """A client of the application in this process or, if `app` is None, of a server at `base`."""
    transport = httpx.ASGITransport(app=app) if app is not None else None  # type: ignore[arg-type]
    return httpx.AsyncClient(
        verify=TLS, transport=transport, base_url=base, cookies={"yijue_session": token}, headers={"X-CSRF-Token": csrf}
    )


async def found_bureau(
    app: Litestar | None, owner: "asyncpg.Connection[asyncpg.Record]", base: str = "http://test", prefix: str = ""
) -> Bureau:
    """Insert the bureau as the owner and open a session for each of its people."""
    organization = await owner.fetchval(
        "INSERT INTO organizations (name) VALUES ($1) RETURNING id", f"{prefix}江州市交通运输局"
    )
    body = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name) VALUES ($1, $2) RETURNING id",
        organization, f"{prefix}江州市交通运输局党组",
    )  # fmt: skip
    ids, kin = {}, {}
    for number, (key, (name, *_)) in enumerate({**MEMBERS, **OTHERS}.items(), start=1):
        ids[key] = await owner.fetchval(
            "INSERT INTO people (organization_id, staff_number, name, administrator) VALUES ($1, $2, $3, $4)"
            " RETURNING id",
            organization, f"{prefix}{number:04d}", name, key == "admin",
        )  # fmt: skip
    for seat, (key, (name, post, in_charge)) in enumerate(MEMBERS.items(), start=1):
        await owner.execute("INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, 'member')", body, ids[key])
        await owner.execute("INSERT INTO seats VALUES ($1, $2, $3, $4, $5)", body, ids[key], seat, post, in_charge)
        kin[key] = await owner.fetchval(
            "INSERT INTO kin (body_id, name, person_id) VALUES ($1, $2, $3) RETURNING id", body, name, ids[key]
        )
    for key, role in [("zhou", "head"), ("wu", "deputy"), *((k, r) for k, (_, r) in OTHERS.items() if k != "admin")]:
        await owner.execute("INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, $3)", body, ids[key], role)
    for key, name in {"father": "郑大山", "uncle": "郑大川", "candidate": "郑晓楠"}.items():
        kin[key] = await owner.fetchval("INSERT INTO kin (body_id, name) VALUES ($1, $2) RETURNING id", body, name)
    for type_, a, b in [
        ("sibling", "father", "uncle"), ("parent", "father", "zheng"), ("parent", "uncle", "candidate")
    ]:  # fmt: skip
        await owner.execute(
            "INSERT INTO kinships (body_id, type, a, b) VALUES ($1, $2, $3, $4)", body, type_, kin[a], kin[b]
        )
    people = {}
    for key, person in ids.items():
        token, csrf = await open_session(owner, person)
        people[key] = Person(key, person, client_of(app, token, csrf, base))
    return Bureau(people, body, organization, kin)
