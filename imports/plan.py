"""The plan of an import: the file's rows compared with what is on record. Pure.

An import adds and changes and never takes away: a blank cell, a row or a role left out, leaves what is there.
"""

import hashlib
from collections.abc import Iterable

import msgspec

from bodies.kinds_of_body import KINDS_OF_BODY
from bodies.records import MatterLine
from imports.people import plan_people
from imports.planning import Allowed, Membership, Planning, differing, word_for
from imports.relations import plan_kinship
from imports.rows import Contents
from imports.sheets import BODIES, CATEGORIES, MATTERS, BodyRow, MatterRow
from imports.steps import Difference, MakeBody, OnRecord, Plan, Preview, SetMatters

_DEFAULT_KIND = "党组"


def make_plan(contents: Contents, on_record: OnRecord, allowed: Allowed, sha256: str) -> Plan:
    """Returns every row's consequence; `sha256` is the file's, hex.

    Raises RefusedError with every row that cannot be done, or that contradicts another.
    """
    plan = Planning(contents, on_record, allowed)
    _plan_bodies(plan, contents.bodies)
    plan_people(plan, contents.people)
    plan_kinship(plan, contents.kinship)
    _plan_matters(plan, contents.matters)
    plan.complaints.require_none()
    changes = plan.changes
    created = sum(change.action == "create" for change in changes)
    rows = sum(map(len, (contents.bodies, contents.people, contents.kinship, contents.matters)))
    digest = hashlib.sha256(msgspec.json.encode((sha256, changes, plan.steps))).hexdigest()
    preview = Preview(digest, sha256, created, len(changes) - created, rows - len(changes), changes)
    return Plan(preview, plan.steps)


def _plan_bodies(plan: Planning, rows: Iterable[BodyRow]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if not plan.may("import.people", BODIES, row.at, "name"):
            continue
        if (before := first.setdefault(row.name, row.at)) != row.at:
            plan.repeats(BODIES, row.at, "name", before)
            continue
        kept = plan.kept.get(row.name)
        if kept is None:
            kind = row.kind or _DEFAULT_KIND
            if kind not in KINDS_OF_BODY:
                kinds = "、".join(KINDS_OF_BODY)
                plan.complaints.at(
                    BODIES, row.at, "kind",
                    f"没有“{kind}”这一类别，请填写{kinds}之一", f"no kind of body is called so: one of {kinds}",
                )  # fmt: skip
                continue
            plan.bodies[row.name] = Membership(None, {}, {})
            plan.step(BODIES, row.at, MakeBody(row.name, kind))
            plan.change(BODIES, row.at, True, row.name, [Difference("类别", "", kind)])
        elif row.kind not in ("", kept.body.kind):
            plan.complaints.at(
                BODIES, row.at, "kind",
                f"该机构的类别是“{kept.body.kind}”，机构类别不能更改，请核对或不填",
                f"the body is of the kind {kept.body.kind}, and a kind never changes: check it, or leave it blank",
            )  # fmt: skip


def _plan_matters(plan: Planning, rows: Iterable[MatterRow]) -> None:
    seen: dict[tuple[str, int, str], int] = {}
    lines: dict[str, list[tuple[int, MatterLine]]] = {}
    for row in rows:
        body = plan.body(MATTERS, row.at, row.body)
        if body is None or not plan.may("import.matters", MATTERS, row.at, "body", body.id):
            continue
        if (before := seen.setdefault((row.body, row.year, row.code), row.at)) != row.at:
            plan.repeats(MATTERS, row.at, "code", before)
            continue
        kept = body.matters.get((row.year, row.code))
        line = MatterLine(row.year, row.code, row.title, row.category, row.note or (kept.note if kept else ""))
        differences = differing(
            ("事项名称", kept.title if kept else "", line.title),
            ("类别", word_for(CATEGORIES, kept.category) if kept else "", word_for(CATEGORIES, line.category)),
            ("备注", kept.note if kept else "", line.note),
        )
        if differences:
            lines.setdefault(row.body, []).append((row.at, line))
            plan.change(MATTERS, row.at, kept is None, f"{row.body} {row.year}年 {row.code}", differences)
    for name, each in lines.items():
        plan.step(MATTERS, each[0][0], SetMatters(name, [line for _, line in each]))
