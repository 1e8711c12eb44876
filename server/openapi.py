"""The OpenAPI document: the framework makes it from the routes, and this module adds what the framework cannot know.

That is refusals, the session and its token, file types, and the messages of the live feed, which are no HTTP answers: a
client is generated from this document alone.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute

from acts.access import ANYONE
from acts.packages import operations
from acts.problems import MEDIA_TYPE, Problem
from agenda.file_types import DOCX, JPEG, PDF, PNG, XLSX
from identity.sessions import COOKIE
from realtime.records import Message

Document = dict[str, Any]

_REF = "#/components/schemas/{name}"
_NULL = {"type": "null"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILES = {
    "import.template": (XLSX.media_type,),
    "import.export": (XLSX.media_type,),
    "sign_in.slips": (PDF.media_type,),
    "audit.export": (XLSX.media_type,),
    "minutes.pdf": (PDF.media_type,),
    "minutes.docx": (DOCX.media_type,),
    "register.read": (PDF.media_type,),
    "print.agenda": (PDF.media_type,),
    "print.notice": (PDF.media_type,),
    "print.attendance": (PDF.media_type,),
    "print.proceedings": (PDF.media_type,),
    "print.ballots": (XLSX.media_type,),
    "paper.read": tuple(kind.media_type for kind in (PDF, PNG, JPEG, DOCX, XLSX)),
}
_SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by POST /api/session."},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "`csrf` of the session; every command bears it.",
    },
}


class Described(JsonRenderPlugin):
    """Serves the completed document, as JSON alone."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json")
        self._document: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: Document) -> bytes:
        if self._document is None:
            self._document = msgspec.json.encode(describe(request.app))
        return self._document


def describe(app: Litestar) -> Document:
    """Make the whole document of an application."""
    document: Document = app.openapi_schema.to_schema()
    schemas = document["components"]["schemas"]
    _, components = msgspec.json.schema_components([Problem], ref_template=_REF)
    schemas |= components
    # A prefix keeps their names apart from those of requests and answers, of which some are the same.
    (message,), components = msgspec.json.schema_components([Message], ref_template=_REF.format(name="Live{name}"))
    schemas |= {f"Live{name}": _as_sent(schema) for name, schema in components.items()} | {"LiveMessage": message}
    schemas["Problem"]["description"] = (
        "A refusal (RFC 9457). `rule` and `clause` say what refuses, `detail` what is missing and who can mend it;"
        " the facts stand beside the other members too, for input.invalid the `field`."
    )
    document["components"]["securitySchemes"] = _SECURITY
    for path, method, handler in _handlers(app):
        _complete(document["paths"][path][method], handler.opt["operation"], method)
    for name in _sent(document):
        schemas[name]["additionalProperties"] = False
    document["paths"]["/api/meetings/{meeting_id}/live"] = _live(document)
    _whole_numbers(document)
    whole: Document = msgspec.json.decode(msgspec.json.encode(document))
    return whole


def _handlers(app: Litestar) -> Iterator[tuple[str, str, Any]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute) and not route.path.startswith("/api/schema"):
            for handler in route.route_handlers:
                if not handler.resolve_include_in_schema():
                    continue  # the pages
                for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                    yield route.path_format, method.lower(), handler


def _complete(operation: Document, name: str, method: str) -> None:
    noun, _, verb = name.partition(".")
    operation["operationId"] = noun + "".join(word.title() for word in verb.split("_"))
    operation["tags"] = [noun]
    operation.pop("summary", None)
    for answer in operation["responses"].values():
        answer.pop("headers", None)  # they say how an answer is kept, nothing that a client acts on
    operation["responses"].pop("400", None)
    operation["responses"] |= _refusals()
    if files := _FILES.get(name):
        operation["responses"]["200"]["content"] = dict.fromkeys(files, _BINARY)
    needed: Document = {} if operations()[name] == ANYONE else {"session": []}
    if needed and method != "get":
        needed["csrf"] = []
    operation["security"] = [needed] if needed else []


def _refusals() -> Document:
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {
        "4XX": {"description": "Refused: a rule, the access table, or the request itself.", "content": content},
        "5XX": {"description": "Nothing was done, or it is not known whether it was (503).", "content": content},
    }


def _live(document: Document) -> Document:
    meeting = document["paths"]["/api/meetings/{meeting_id}"]["get"]["parameters"][0]
    after = {"name": "after", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0}}
    view = {"name": "view", "in": "query", "required": False, "schema": {"type": "string"}}
    return {
        "get": {
            "operationId": "liveWatch",
            "tags": ["live"],
            "description": "Follow a meeting by WebSocket: first a snapshot, or the records after `after`; then records"
            " as they commit, and heartbeats, each a JSON text of LiveMessage. Acts go by POST.",
            "parameters": [meeting, after, view],
            "responses": {"101": {"description": "Upgraded; LiveMessage after LiveMessage."}, **_refusals()},
            "security": [{"session": []}],
            "x-messages": {"$ref": _REF.format(name="LiveMessage")},
        }
    }


def _sent(document: Document) -> set[str]:
    """Returns the names of the schemas that requests are made of; none of them takes a field that it does not know."""
    ahead = [
        operation["requestBody"]
        for item in document["paths"].values()
        for operation in item.values()
        if "requestBody" in operation
    ]
    found: set[str] = set()
    while ahead:
        for name in _refs(ahead.pop()) - found:
            found.add(name)
            ahead.append(document["components"]["schemas"][name])
    return found


def _refs(node: Any) -> set[str]:
    if isinstance(node, dict):
        here = {node["$ref"].rpartition("/")[2]} if isinstance(node.get("$ref"), str) else set()
        return here.union(*(_refs(value) for value in node.values()))
    return set().union(*(_refs(each) for each in node)) if isinstance(node, list) else set()


def _as_sent(node: Any) -> Any:
    """Returns a schema of what the feed sends (`acts.patch.plain`): a field that can be None is left out where it is
    None, all others are there, and none besides."""
    if isinstance(node, list):
        return [_as_sent(each) for each in node if each != _NULL]
    if not isinstance(node, dict):
        return node
    sent = {name: _as_sent(value) for name, value in node.items() if name != "default"}
    if len(options := sent.get("anyOf", ())) == 1:
        sent = {**sent, **options[0]}
        del sent["anyOf"]
    if "properties" in sent:
        sent["required"] = [name for name, each in node["properties"].items() if _NULL not in each.get("anyOf", ())]
        sent["additionalProperties"] = False
    return sent


def _whole_numbers(node: Any) -> None:
    """Make bounds integers: a generator takes 1.0 for a number with a fraction."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("minimum", "maximum") and isinstance(value, float):
                node[name] = int(value)
            _whole_numbers(value)
    elif isinstance(node, list):
        for each in node:
            _whole_numbers(each)
