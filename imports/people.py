"""Planning the people of an import: new ones, changed ones, roles, seats. Pure."""

from collections.abc import Collection, Iterable, Mapping

from acts.access import HEADS, ROLE_NAMES
from acts.quoting import quoted
from bodies.records import GRANTED_ROLES, Seat
from imports.kin import KinRef
from imports.planning import Membership, Planning, differing
from imports.sheets import PEOPLE, PersonRow
from imports.steps import ChangePerson, Deputize, Difference, Grant, MakePerson, Sit

_MOST_SEATS = 999


def plan_people(plan: Planning, rows: Iterable[PersonRow]) -> None:
    """Plan every row's consequence for people, roles and seats."""
    seen: dict[tuple[str, str], int] = {}
    good = [row for row in rows if _check_person(plan, row, seen)]
    members = {row.at: row for row in good if row.body and _check_membership(plan, row)}
    seats = _seats(plan, members.values())
    deputies = {row.at: deputy for row in members.values() if (deputy := _deputy(plan, row))}
    for row in good:
        created, differences = _plan_person(plan, row)
        if row.at in members:
            differences += _plan_membership(plan, row, seats)
        if row.at in deputies:
            before = plan.bodies[row.body].deputies.get(row.staff_number)
            differences.append(Difference("B角", plan.called(before) if before else "", plan.called(deputies[row.at])))
        title = f"{row.staff_number} {row.name}" + (f" · {row.body}" if row.body else "")
        plan.change(PEOPLE, row.at, created, title, differences)
    for row in good:  # once everybody is a member
        if row.at in deputies:
            plan.step(PEOPLE, row.at, Deputize(row.body, row.staff_number, deputies[row.at]))


def _check_person(plan: Planning, row: PersonRow, seen: dict[tuple[str, str], int]) -> bool:
    if not plan.may("import.people", PEOPLE, row.at, "staff_number"):
        return False
    number, first = row.staff_number, plan.first[row.staff_number]
    if (before := seen.setdefault((number, row.body), row.at)) != row.at:
        plan.repeats(PEOPLE, row.at, "staff_number", before)
        return False
    for field, value, other in (("name", row.name, first.name), ("post", row.post, plan.posts[number])):
        if value not in ("", other):
            plan.complaints.at(
                PEOPLE, row.at, field,
                f"同一工号的另一行（第 {first.at} 行）为“{quoted(other)}”，请改为一致",
                f"another row of the same staff number (row {first.at}) has {quoted(other)}",
            )  # fmt: skip
    if number not in plan.people and plan.only_zeros_apart(PEOPLE, row.at, "staff_number", number):
        return False
    if not row.body and (row.roles or row.seat or row.seat_post or row.in_charge or row.deputy):
        plan.complaints.at(
            PEOPLE, row.at, "body",
            "填写了角色、排名、机构内职务、分管或B角的，须填写议事机构", "roles and seats are those of a body: name it",
        )  # fmt: skip
        return False
    return True


def _check_membership(plan: Planning, row: PersonRow) -> bool:
    """Whether the roles fit and the person can have a seat; if so the body in the plan has them from here on."""
    body = plan.body(PEOPLE, row.at, row.body)
    if body is None:
        return False
    held = body.roles.get(row.staff_number, frozenset())
    roles = held.union(row.roles)
    if misfit := _misfit(plan, row, body, held, roles):
        plan.complaints.at(PEOPLE, row.at, *misfit)
        return False
    body.roles[row.staff_number] = roles
    return True


def _misfit(
    plan: Planning, row: PersonRow, body: Membership, held: frozenset[str], roles: frozenset[str]
) -> tuple[str, str, str] | None:
    """Returns the first thing against these roles: the field, and why in both languages; None if they fit."""
    person = plan.people.get(row.staff_number)
    head = next((number for number, has in body.roles.items() if "head" in has), "")
    member_only = (
        ("seat", row.seat),
        ("seat_post", row.seat_post),
        ("in_charge", row.in_charge),
        ("deputy", row.deputy),
    )
    seated = next((field for field, value in member_only if value), "seat")
    reasons = (
        (not roles, "roles", "请填写此人在该机构的角色", "say what they are in the body"),
        (
            person and not person.active and roles != held, "staff_number",
            "此人的账号已停用，请管理员先恢复", "the account is closed; reopen it first",
        ),
        (
            "observer" in roles and roles & HEADS, "roles",
            "监督人员不得同时为主要负责人，请核对；现有角色须由管理员先撤销",
            "the head is never the observer; revoke the role that is held first",
        ),
        (
            "head" in roles and "member" not in roles, "roles",
            "主要负责人须为成员，请填写“成员、主要负责人”", "the head is one of the members",
        ),
        (
            "head" in roles - held and head, "roles",
            f"主要负责人只能有一位，已有{plan.called(head) if head else ''}（工号 {head}），如须更换请先撤销",
            f"a body has one head, and that is {head}; revoke the role first",
        ),
        (
            "member" not in roles and any(value for _, value in member_only), seated,
            "排名、机构内职务、分管和B角只属于成员", "only members have it",
        ),
    )  # fmt: skip
    return next(((field, zh, en) for wrong, field, zh, en in reasons if wrong), None)


def _seats(plan: Planning, rows: Collection[PersonRow]) -> dict[int, int]:
    """Returns each member's seat, by row: the one that is given, the one that is kept, else the next that is free."""
    wanted: dict[str, dict[str, tuple[int, PersonRow | None]]] = {}
    unseated: list[PersonRow] = []
    for row in rows:
        body = plan.bodies[row.body]
        places = wanted.setdefault(row.body, {who: (kept.seat, None) for who, kept in body.seats.items()})
        if row.seat is not None:
            places[row.staff_number] = (row.seat, row)
        elif "member" in body.roles[row.staff_number] and row.staff_number not in places:
            unseated.append(row)
    taken: dict[str, dict[int, str]] = {}
    for name, places in wanted.items():
        holders = taken.setdefault(name, {})
        for number, (seat, mover) in sorted(places.items(), key=lambda each: (each[1][1] is not None, 0)):
            holder = holders.setdefault(seat, number)
            if holder != number and mover is not None:
                plan.complaints.at(
                    PEOPLE, mover.at, "seat",
                    f"排名 {seat} 已有{plan.called(holder)}（工号 {holder}），请另填排名",
                    f"seat {seat} is that of {holder}; give another",
                )  # fmt: skip
    seats = {mover.at: seat for places in wanted.values() for seat, mover in places.values() if mover is not None}
    for row in unseated:
        holders = taken[row.body]
        last = max(holders, default=0)
        free = last + 1 if last < _MOST_SEATS else next((n for n in range(1, last) if n not in holders), None)
        if free is None:
            plan.complaints.at(PEOPLE, row.at, "seat", "排名已满", "every seat is taken")
        else:
            holders[free] = row.staff_number
            seats[row.at] = free
    return seats


def _deputy(plan: Planning, row: PersonRow) -> str | None:
    """Returns the staff number of the member named as B角, None where none is, or where it is so already."""
    if not row.deputy:
        return None
    body = plan.bodies[row.body]
    members = [number for number, roles in body.roles.items() if "member" in roles]
    named = [number for number in members if row.deputy in (number, plan.called(number))]
    exact = [number for number in named if number == row.deputy] or named
    wrong = (
        ("本机构没有这一成员，请核对，或先将其设为成员", "no such member of the body")
        if not exact
        else ("有几名成员同名，请填工号", "several members are called so: give the staff number")
        if len(exact) > 1
        else ("B角须为另一名成员", "a deputy is another member")
        if exact[0] == row.staff_number
        else None
    )
    if wrong:
        plan.complaints.at(PEOPLE, row.at, "deputy", *wrong)
        return None
    return exact[0] if exact[0] != body.deputies.get(row.staff_number) else None


def _plan_person(plan: Planning, row: PersonRow) -> tuple[bool, list[Difference]]:
    """Returns whether they are new, and what changes, for the first of their rows alone."""
    number, post = row.staff_number, plan.posts[row.staff_number]
    if plan.first[number] is not row:
        return False, []
    kept = plan.people.get(number)
    if kept is None:
        plan.step(PEOPLE, row.at, MakePerson(number, row.name, post))
        return True, [Difference("职务", "", post)] if post else []
    name_to = row.name if row.name != kept.name else None
    post_to = post if post not in ("", kept.post) else None
    if name_to is None and post_to is None:
        return False, []
    plan.step(PEOPLE, row.at, ChangePerson(number, name_to, post_to))
    changed = (("姓名", kept.name, name_to), ("职务", kept.post, post_to))
    return False, [Difference(heading, before, after) for heading, before, after in changed if after is not None]


def _plan_membership(plan: Planning, row: PersonRow, seats: Mapping[int, int]) -> list[Difference]:
    body, number = plan.bodies[row.body], row.staff_number
    held, roles = body.held.get(number, frozenset()), body.roles[number]
    differences = []
    if roles != held:
        differences.append(Difference("角色", _in_words(held), _in_words(roles)))
    for role in GRANTED_ROLES:  # the member before the head
        if role in roles - held:
            plan.step(PEOPLE, row.at, Grant(row.body, number, role))
    if roles - held - {"hall"} and body.kin.know(KinRef(row.name, number))[1] == "bound":
        differences.append(Difference("亲属登记", "", f"与登记中的“{row.name}”视为同一人"))
    if "member" in roles:
        kept = body.seats.get(number)
        seat = Seat(
            seats.get(row.at) or (kept.seat if kept else 0),  # 0 only where complaint was made
            row.seat_post or (kept.post if kept else ""),
            row.in_charge or (kept.in_charge if kept else ""),
        )
        if seat != kept:
            plan.step(PEOPLE, row.at, Sit(row.body, number, seat.seat, seat.post, seat.in_charge))
            differences += differing(
                ("排名", str(kept.seat) if kept else "", str(seat.seat)),
                ("机构内职务", kept.post if kept else "", seat.post),
                ("分管", kept.in_charge if kept else "", seat.in_charge),
            )
    return differences


def _in_words(roles: Collection[str]) -> str:
    return "、".join(ROLE_NAMES[role][0] for role in GRANTED_ROLES if role in roles)
