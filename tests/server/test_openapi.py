"""The OpenAPI document agrees with the application: Schemathesis asks a real server, as all kinds of people."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar, Response
from litestar.routes import HTTPRoute
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from acts.database import Database
from acts.packages import rules
from acts.wire import MOST_ID
from agenda.state import MeetingState, PersonState
from realtime.client import Client
from realtime.hub import Hub
from realtime.records import Message, Mine
from server.openapi import describe
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.server.guarded import SENT, World, guarded_routes
from tests.serving import served_in_a_thread
from tests.test_one_meeting import Room
from tests.wire import sent, validator_of

OPEN = {
    "get /api/health",
    "get /api/sign-in",
    "get /api/sign-in/provider",
    "get /api/session",
    "post /api/session",
    "get /api/verification",
    "get /api/verification/{sha256}",
}
# Operations whose repetition does nothing new, but for the record that a print was made.
AGAIN = {
    "/api/session",
    "/api/session/code",
    "/api/session/second-factor",
    "/api/session/second-factor/confirmation",
    "/api/sessions",
    "/api/sessions/{session}",
    "/api/organization/slips",
    "/api/import/preview",
}
UNDESCRIBED = {"alive.read", "ready.read", "metrics.read"}  # asked by supervisors and Prometheus, not by clients
EXAMPLES = 8  # of each operation, half of them valid
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def test_every_route_is_described_for_a_client(app: Litestar) -> None:
    document = describe(app)
    schemas = document["components"]["schemas"]
    described = [
        (path, method, operation) for path, item in document["paths"].items() for method, operation in item.items()
    ]
    assert (
        len(described)
        == len(SENT.keys() - UNDESCRIBED)
        == len({operation["operationId"] for _, _, operation in described})
    )
    for path, method, operation in described:
        place = f"{method} {path}"
        success = [status for status in operation["responses"] if status[0] in "12"]
        assert len(success) == 1, place
        answer = operation["responses"][success[0]]
        assert success[0] in ("101", "204") or all(media["schema"] for media in answer["content"].values()), place
        assert set(operation["responses"]) - set(success) == {"4XX", "5XX"}, place
        assert operation["description"], place
        named = {parameter["name"] for parameter in operation.get("parameters", [])}
        again = path in AGAIN or path.endswith("/notes")
        command = method != "get" and not again
        assert ("Idempotency-Key" in named) == command, place
        assert operation["security"] == ([] if place in OPEN else [operation["security"][0]]), place
        sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if sent:
            assert schemas[sent["$ref"].rpartition("/")[2]]["additionalProperties"] is False, place
    references = set(_references(document))
    assert references <= {f"#/components/schemas/{name}" for name in schemas}


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return here + [each for value in node.values() for each in _references(value)]
    return [each for value in node for each in _references(value)] if isinstance(node, list) else []


def test_an_answer_of_bytes_is_described_as_a_file(app: Litestar) -> None:
    paths = describe(app)["paths"]
    files = [
        route.path_format
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.resolve_include_in_schema() and handler.parsed_fn_signature.return_type.annotation == Response[bytes]
    ]
    assert len(files) >= 9
    for path in files:
        (operation,) = [each for method, each in paths[path].items() if method in ("get", "post")]
        content = operation["responses"]["200"]["content"]
        assert all(media["schema"].get("format") == "binary" for media in content.values()), (path, content)


async def test_the_document_is_served_to_all(app: Litestar, bureau: Bureau) -> None:
    answer = await bureau.lin.get("/api/schema/openapi.json")
    assert answer.json() == describe(app)


def test_the_description_of_a_state_is_strict(app: Litestar) -> None:
    """A field that can be None is left out, never null; all others are there; no unknown field is sent to a client."""
    schemas = {name: each for name, each in describe(app)["components"]["schemas"].items() if name.startswith("Live")}
    assert '"null"' not in msgspec.json.encode(schemas).decode()
    assert all(name.isidentifier() for name in schemas)
    described = validator_of(app)
    state = sent(MeetingState(seq=3, people={7: PersonState(7, "林静")}))
    message: dict[str, Any] = {
        "type": "snapshot",
        "view": "floor",
        "seq": 3,
        "state": state,
        "clauses": {},
        "mine": sent(Mine()),
        "head": "",
    }
    assert "starts_at" not in state
    assert described.is_valid(message)
    for name, wrong in (("starts_at", None), ("title", None), ("charter", {}), ("unheard", 1), ("people", [])):
        assert not described.is_valid({**message, "state": {**state, name: wrong}}), name
    for name in ("title", "people", "items", "formal_members"):
        assert not described.is_valid({**message, "state": {key: state[key] for key in state if key != name}}), name
    assert not described.is_valid(
        {**message, "state": {**state, "people": {"7": {"id": 7, "name": "林静", "seat": None}}}}
    )


async def test_live_messages_are_as_described(
    app: Litestar, bureau: Bureau, owner: Any, database: Database, hub: Hub
) -> None:
    feed = Room(bureau, owner)
    await feed.prepare()
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async with hub.running(database):
        client = Client(send, bureau.zhao.id, bureau.zhao.secret, frozenset({"observer"}))
        following = await hub.join(feed.meeting, bureau.body, bureau.organization, client, None, None)
        await bureau.li.do(f"{feed.path}/leaves", {"person": bureau.xu.id})
        await asyncio.sleep(0.05)
        following.beat(datetime.now(UTC))
        await asyncio.sleep(0.05)
    texts = [each["text"] for each in said if each["type"] == "websocket.send"]
    kinds = [type(msgspec.json.decode(text, type=Message)).__name__ for text in texts]
    described = validator_of(app)
    for text in texts:
        described.validate(msgspec.json.decode(text))
    assert list(dict.fromkeys(kinds)) == ["Snapshot", "Connections", "Records", "Heartbeat"]


@pytest.fixture
async def meetings(world: World, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> list[dict[str, Any]]:
    """The ids of three meetings: one adjourned with its minutes, one in session with an open vote, one a draft."""
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather(ordinal=2)
    opened = await bureau.zhou.do(f"{await room.discuss(0, bureau.lin)}/votes")
    in_session = {
        **world.ids, "meeting_id": room.meeting, "item_id": room.items[0], "vote_id": opened["content"]["vote"],
    }  # fmt: skip
    plan = {"title": "下一次会议", "starts_at": "2026-02-13T09:00:00+08:00"}
    draft = (await bureau.li.do(f"/api/bodies/{bureau.body}/meetings", plan))["content"]["meeting"]
    item = await bureau.li.do(f"/api/meetings/{draft}/items", {"title": "一项", "category": "other"})
    return [world.ids, in_session, {**world.ids, "meeting_id": draft, "item_id": item["content"]["item"]["id"]}]


@pytest.mark.long
async def test_schemathesis_finds_no_lie(
    app: Litestar,
    world: World,
    meetings: list[dict[str, Any]],
    urls: Urls,
) -> None:
    document = describe(app)
    for item in document["paths"].values():
        for operation in item.values():
            operation["security"] = []  # the asker's session and token are sent below
    schema: Any = schemathesis.openapi.from_dict(document)
    with served_in_a_thread(urls.app) as base:
        found = await asyncio.to_thread(_ask, schema, base, world, meetings)
    assert not found, "\n\n".join(found)


def _ask(schema: Any, base: str, world: World, meetings: list[dict[str, Any]]) -> list[str]:
    found = []
    with requests.Session() as connection:
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.path.endswith("/live") or operation.label == "DELETE /api/session":
                continue
            try:
                _ask_one(operation, base, connection, world, meetings)
            except (Exception, FailureGroup) as error:
                found.append(f"{operation.label}: {error}"[:1500])
    return found


def _ask_one(
    operation: Any,
    base: str,
    connection: requests.Session,
    world: World,
    meetings: list[dict[str, Any]],
) -> None:
    askers = [world.people[key].person for key in ("admin", "li", "zhou", "lin", "zhao", "jiang")]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, asker=st.sampled_from([*askers, None]), ids=st.sampled_from(meetings), real=st.integers(0, 3))
    def ask(case: Any, asker: Any, ids: dict[str, Any], real: int) -> None:
        if real:
            case.path_parameters = {
                name: ids.get(name, value) if isinstance(value, int) and 1 <= value <= MOST_ID else value
                for name, value in (case.path_parameters or {}).items()
            }
        headers = {"X-CSRF-Token": asker.client.headers["X-CSRF-Token"] if asker else "none"}
        cookies = {"yijue_session": asker.client.cookies["yijue_session"] if asker else "none"}
        answer = case.call(base_url=base, session=connection, headers=headers, cookies=cookies)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            problem = answer.json()
            assert problem["rule"] in rules(), problem
            assert problem["status"] == answer.status_code
            assert problem["detail"]
            assert problem["rule"] != "input.invalid" or problem.get("field") or problem.get("constraint"), problem

    ask()


def test_the_walk_and_the_document_know_the_same_routes(app: Litestar) -> None:
    paths = describe(app)["paths"]
    assert {(each.path, each.method) for each in guarded_routes(app) if each.operation not in UNDESCRIBED} == {
        (path, "WEBSOCKET" if path.endswith("/live") else method.upper())
        for path, item in paths.items()
        for method in item
    }
