"""Planning the relations of an import: the people meant, and whether the rows agree with each other. Pure."""

from collections.abc import Iterable

from acts.quoting import quoted
from bodies.kinship import RelationType
from imports.kin import How, KinRef
from imports.planning import Membership, Planning, word_for
from imports.sheets import KINDS, KINSHIP, KinshipRow
from imports.steps import Difference, Relate


def plan_kinship(plan: Planning, rows: Iterable[KinshipRow]) -> None:
    """Plan every row's consequence for the bodies' records of kinship.

    Rows with staff numbers come first, wherever they stand: which of two a bare name means must not depend on its row.
    """
    good = []
    noted: dict[tuple[str, KinRef], list[Difference]] = {}
    for row in rows:
        body = plan.body(KINSHIP, row.at, row.body)
        if body is None or not plan.may("import.kinship", KINSHIP, row.at, "body", body.id):
            continue
        a, b = _kin(plan, row.at, "a", row.a, row.a_number), _kin(plan, row.at, "b", row.b, row.b_number)
        if a is None or b is None:
            continue
        good.append((row, body, a, b))
        for ref in (a, b):
            if ref.staff_number is not None:
                noted.setdefault((row.body, ref), _note(ref, body.kin.know(ref)[1]))
    seen: dict[tuple[str, RelationType, int, int], int] = {}
    for row, body, a, b in good:
        if _ambiguous(plan, row.at, body, "a", a) or _ambiguous(plan, row.at, body, "b", b):
            continue
        notes = [note for ref in (a, b) for note in noted.pop((row.body, ref), [])]
        kin = {}
        for ref in (a, b):
            kin[ref], how = body.kin.know(ref)
            notes += _note(ref, how)
        _plan_relation(plan, row, body, (a, b), (kin[a], kin[b]), notes, seen)


def _plan_relation(
    plan: Planning,
    row: KinshipRow,
    body: Membership,
    refs: tuple[KinRef, KinRef],
    kin: tuple[int, int],
    notes: list[Difference],
    seen: dict[tuple[str, RelationType, int, int], int],
) -> None:
    type_: RelationType = "parent" if row.kind == "child" else row.kind
    if row.kind == "child":
        refs, kin = refs[::-1], kin[::-1]
    a, b = kin
    key = (row.body, type_, a, b) if type_ == "parent" else (row.body, type_, min(a, b), max(a, b))
    if a == b:
        plan.complaints.at(KINSHIP, row.at, "b", "甲、乙须为不同的两人", "a relation is between two people")
    elif type_ == "parent" and body.kin.related(type_, b, a):
        plan.complaints.at(
            KINSHIP, row.at, "kind",
            "与另一行或已登记的父母子女关系相反，请核对", "the opposite is on record, or in another row",
        )  # fmt: skip
    elif (before := seen.setdefault(key, row.at)) != row.at:
        plan.repeats(KINSHIP, row.at, "kind", before)
    elif not body.kin.related(type_, a, b):
        body.kin.relate(type_, a, b)
        plan.step(KINSHIP, row.at, Relate(row.body, type_, *refs))
        plan.change(KINSHIP, row.at, True, f"{row.body}：{row.a}是{row.b}的{word_for(KINDS, row.kind)}", notes)


def _note(ref: KinRef, how: How) -> list[Difference]:
    """Returns the note on somebody who was not on record as they will be."""
    words = {"new": f"新登记“{ref.name}”", "bound": f"与登记中的“{ref.name}”视为同一人", "known": ""}[how]
    return [Difference("亲属登记", "", words)] if words else []


def _ambiguous(plan: Planning, at: int, body: Membership, field: str, ref: KinRef) -> bool:
    """Complain of a bare name that several on record have."""
    namesakes = body.kin.namesakes(ref.name)
    if ref.staff_number is not None or namesakes <= 1:
        return False
    plan.complaints.at(
        KINSHIP, at, f"{field}_number",
        f"亲属登记中有 {namesakes} 位“{quoted(ref.name)}”，请填写工号；没有工号的请在系统中逐人登记",
        f"{namesakes} of that name are on record: give the staff number",
    )  # fmt: skip
    return True


def _kin(plan: Planning, at: int, field: str, name: str, number: str) -> KinRef | None:
    """Returns the person named in the row; None, with a complaint, where the staff number is nobody's or another's."""
    if not number:
        return KinRef(name)
    if number not in plan.people and number not in plan.first:
        if not plan.only_zeros_apart(KINSHIP, at, f"{field}_number", number):
            plan.complaints.at(
                KINSHIP, at, f"{field}_number", f"没有工号为 {number} 的人员", "nobody has that staff number"
            )
        return None
    if (called := plan.called(number)) != name:
        plan.complaints.at(
            KINSHIP,
            at,
            field,
            f"工号 {number} 是“{quoted(called)}”，不是“{quoted(name)}”",
            f"{number} is {quoted(called)}, not {quoted(name)}",
        )
        return None
    return KinRef(name, number)
