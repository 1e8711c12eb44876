"""Planning the relations of an import: who is meant, and whether the rows agree with each other. Pure."""

from collections.abc import Iterable

from bodies.import_kin import KinRef
from bodies.import_planning import Membership, Planning, word_for
from bodies.import_sheets import KINDS, KINSHIP, KinshipRow
from bodies.import_steps import Difference, Relate
from bodies.kinship import RelationType


def plan_kinship(plan: Planning, rows: Iterable[KinshipRow]) -> None:
    """Every row's consequence for the bodies' records of kinship."""
    seen: dict[tuple[str, RelationType, int, int], int] = {}
    for row in rows:
        body = plan.body(KINSHIP, row.at, row.body)
        if body is None or not plan.may("import.kinship", KINSHIP, row.at, "body", body.id):
            continue
        ref_a = _kin(plan, row.at, body, "a", row.a, row.a_number)
        ref_b = _kin(plan, row.at, body, "b", row.b, row.b_number)
        if ref_a is None or ref_b is None:
            continue
        type_: RelationType = "parent" if row.kind == "child" else row.kind
        if row.kind == "child":
            ref_a, ref_b = ref_b, ref_a
        (a, how_a), (b, how_b) = body.kin.know(ref_a), body.kin.know(ref_b)
        differences = [
            Difference("亲属登记", "", f"新登记“{ref.name}”" if how == "new" else f"与登记中的“{ref.name}”视为同一人")
            for ref, how in ((ref_a, how_a), (ref_b, how_b))
            if how != "known"
        ]
        if a == b:
            plan.complaints.at(KINSHIP, row.at, "b", "亲属关系须为两人", "a relation is between two people")
            continue
        if type_ == "parent" and body.kin.related(type_, b, a):
            plan.complaints.at(
                KINSHIP, row.at, "kind",
                "与另一行或已登记的父母子女关系相反，请核对", "the opposite is on record, or in another row",
            )  # fmt: skip
            continue
        key = (row.body, type_, a, b) if type_ == "parent" else (row.body, type_, min(a, b), max(a, b))
        if (before := seen.setdefault(key, row.at)) != row.at:
            plan.repeats(KINSHIP, row.at, "kind", before)
            continue
        if not body.kin.related(type_, a, b):
            body.kin.relate(type_, a, b)
            plan.step(KINSHIP, row.at, Relate(row.body, type_, ref_a, ref_b))
            title = f"{row.body}：{row.a}是{row.b}的{word_for(KINDS, row.kind)}"
            plan.change(KINSHIP, row.at, True, title, differences)


def _kin(plan: Planning, at: int, body: Membership, field: str, name: str, number: str) -> KinRef | None:
    """Whom the row names; None, with a complaint, where that cannot be told."""

    def wrong(field: str, zh: str, en: str) -> None:
        plan.complaints.at(KINSHIP, at, field, zh, en)

    if not number:
        if (namesakes := body.kin.namesakes(name)) > 1:
            wrong(
                f"{field}_number",
                f"亲属登记中有 {namesakes} 位“{name}”，请填写工号；没有工号的请在系统中逐人登记",
                f"{namesakes} of that name are on record: give the staff number",
            )
            return None
        return KinRef(name)
    if number not in plan.people and number not in plan.first:
        if not plan.only_zeros_apart(KINSHIP, at, f"{field}_number", number):
            wrong(f"{field}_number", f"没有工号为 {number} 的人员", "nobody has that staff number")
        return None
    if (called := plan.called(number)) != name:
        wrong(field, f"工号 {number} 是“{called}”，不是“{name}”", f"{number} is {called}, not {name}")
        return None
    return KinRef(name, number)
