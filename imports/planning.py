"""The state of an import being planned: what is on record, and complaints, changes and steps so far. Pure."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from acts.quoting import quoted
from acts.refusal import Refused, Verdict
from imports.kin import Register
from imports.rows import Complaints, Contents
from imports.sheets import BODIES, PersonRow, Sheet
from imports.steps import BodyOnRecord, Difference, OnRecord, Planned, RowChange, Step

# Whether the caller may import this: an operation of the access table, in the organization (None) or in a body.
Allowed: TypeAlias = Callable[[str, int | None], Verdict]


class Membership:
    """A body as it will be, while its rows are read; people go by staff number."""

    def __init__(self, kept: BodyOnRecord | None, names: Mapping[int, str], numbers: Mapping[int, str]) -> None:
        self.id = kept.body.id if kept else None
        self.roles = {numbers[person]: held for person, held in (kept.roles if kept else {}).items()}
        self.held = dict(self.roles)  # before the import
        self.seats = {numbers[person]: seat for person, seat in (kept.seats if kept else {}).items()}
        deputies = (kept.deputies if kept else {}).items()
        self.deputies = {numbers[person]: numbers[deputy] for person, deputy in deputies}
        self.kin = Register(kept.kin if kept else [], kept.relations if kept else [], names, numbers)
        self.matters = {(line.year, line.code): line for line in (kept.matters if kept else [])}


class Planning:
    """One import while it is planned."""

    def __init__(self, contents: Contents, on_record: OnRecord, allowed: Allowed) -> None:
        self.complaints = Complaints(contents.places)
        self.changes: list[RowChange] = []
        self.steps: list[Planned] = []
        self._allowed = allowed
        self.kept = on_record.bodies
        self.people = {person.staff_number: person for person in on_record.people}
        self.first: dict[str, PersonRow] = {}  # staff number → the first row that names it
        self.posts: dict[str, str] = {}
        for row in contents.people:
            self.first.setdefault(row.staff_number, row)
            self.posts[row.staff_number] = self.posts.get(row.staff_number) or row.post
        # Staff numbers without their leading zeros, which spreadsheets drop.
        self._bare: dict[str, list[str]] = {}
        for number in dict.fromkeys((*self.people, *self.first)):
            self._bare.setdefault(number.lstrip("0"), []).append(number)
        numbers = {person.id: person.staff_number for person in on_record.people}
        names = {person.id: self.called(person.staff_number) for person in on_record.people}
        self.bodies = {name: Membership(kept, names, numbers) for name, kept in on_record.bodies.items()}

    def called(self, number: str) -> str:
        """Returns the name that the person of this staff number will have."""
        row = self.first.get(number)
        return row.name if row else self.people[number].name

    def step(self, sheet: Sheet, row: int, step: Step) -> None:
        self.steps.append(Planned(sheet.name, row, step))

    def change(self, sheet: Sheet, row: int, created: bool, title: str, differences: list[Difference]) -> None:
        if created or differences:
            action: Literal["create", "change"] = "create" if created else "change"
            self.changes.append(RowChange(sheet.name, row, action, title, differences))

    def may(self, operation: str, sheet: Sheet, row: int, field: str, body: int | None = None) -> bool:
        verdict = self._allowed(operation, body)
        if isinstance(verdict, Refused):
            self.complaints.at(
                sheet, row, field,
                "您的角色不能导入此项内容，请由管理员导入", "your role does not allow this; the administrator may",
                verdict.rule,
            )  # fmt: skip
            return False
        return True

    def body(self, sheet: Sheet, row: int, name: str) -> Membership | None:
        body = self.bodies.get(name)
        if body is None:
            self.complaints.at(
                sheet, row, "body",
                f"没有名为“{quoted(name)}”的议事机构，请核对名称，或在“{BODIES.name}”表中填写",
                f"no body of that name: check it, or enter it in the sheet {BODIES.name}",
            )  # fmt: skip
        return body

    def repeats(self, sheet: Sheet, row: int, field: str, before: int) -> None:
        self.complaints.at(
            sheet, row, field, f"与第 {before} 行重复，请删去一行", f"it repeats row {before}; delete one"
        )

    def only_zeros_apart(self, sheet: Sheet, row: int, field: str, number: str) -> bool:
        """Complain of a number that nobody has where somebody's has other leading zeros. Returns whether it did."""
        other = next((each for each in self._bare.get(number.lstrip("0"), ()) if each != number), None)
        if other is not None:
            self.complaints.at(
                sheet, row, field,
                f"工号 {number} 与 {other} 只差前导零，请核对；有前导零的请把单元格设为文本后填写",
                f"{number} differs from {other} by leading zeros alone: check it, and enter such numbers as text",
            )  # fmt: skip
        return other is not None


def differing(*values: tuple[str, str, str]) -> list[Difference]:
    """Returns those of (heading, before, after) that differ."""
    return [Difference(*each) for each in values if each[1] != each[2]]


def word_for(words: Mapping[str, str], meaning: str) -> str:
    """Returns the word that the template offers for a meaning."""
    return next(word for word, means in words.items() if means == meaning)
