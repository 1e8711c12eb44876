"""The sheets of an import file: their columns, what each takes, and the words for roles and kinds. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from acts.access import ROLE_NAMES
from acts.normal import Form
from bodies.records import GRANTED_ROLES, Category, GrantedRole

# The first word for each is the one that the template offers; the others are understood too.
ROLES: Mapping[str, GrantedRole] = MappingProxyType(
    {
        **{ROLE_NAMES[role][0]: role for role in GRANTED_ROLES if role != "acting_head"},  # that takes a document
        "监督": "observer", "列席": "attendee", "会议室大屏": "hall", "办公室负责人": "office_head",
    }
)  # fmt: skip
CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        "重大事项决策": "major", "重要人事任免": "personnel", "重大项目安排": "project", "大额度资金使用": "funds",
        "其他事项": "other",
        "重大决策": "major", "重大事项": "major", "人事任免": "personnel", "重大项目": "project", "大额资金": "funds",
        "大额度资金运作": "funds",
    }
)  # fmt: skip
Kind = Literal["parent", "child", "spouse", "sibling"]
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "父母": "parent", "子女": "child", "配偶": "spouse", "兄弟姐妹": "sibling",
        "父亲": "parent", "母亲": "parent", "儿子": "child", "女儿": "child", "丈夫": "spouse", "妻子": "spouse",
        "夫妻": "spouse",
    }
)  # fmt: skip


class BodyRow(Struct, frozen=True):
    """A body; a blank cell gives "", None or ()."""

    at: int
    name: str
    kind: str


class PersonRow(Struct, frozen=True):
    """A person, and what they are in one body; in several bodies they have several rows."""

    at: int
    staff_number: str
    name: str
    post: str
    body: str
    roles: tuple[GrantedRole, ...]
    seat: int | None
    seat_post: str
    in_charge: str
    deputy: str


class KinshipRow(Struct, frozen=True):
    """A relation: `a` is `b`'s `kind`, so a father is "parent"."""

    at: int
    body: str
    a: str
    a_number: str
    kind: Kind
    b: str
    b_number: str


class MatterRow(Struct, frozen=True):
    """One line of a yearly catalogue."""

    at: int
    body: str
    year: int
    code: str
    title: str
    category: Category
    note: str


Row = BodyRow | PersonRow | KinshipRow | MatterRow
Takes = Literal["line", "name", "code", "text", "number", "word", "words"]


class Column(Struct, frozen=True, kw_only=True):
    """A column: the row's field that it fills, what it takes, and what the template says of it.

    `most` is the largest number, or the characters that a text may have; `least` the smallest number.
    """

    heading: str
    field: str
    help: str
    takes: Takes = "line"
    required: bool = False
    most: int = 100
    least: int = 0
    words: Mapping[str, str] = MappingProxyType({})

    @property
    def form(self) -> Form:
        """The normal form of what stands in it."""
        forms: dict[Takes, Form] = {"name": "name", "code": "code", "number": "code", "text": "text"}
        return forms.get(self.takes, "line")

    @property
    def offered(self) -> list[str]:
        """The words that the template offers: the first for each meaning."""
        first: dict[str, str] = {}
        for word, meaning in self.words.items():
            first.setdefault(meaning, word)
        return list(first.values())


class Sheet(Struct, frozen=True):
    """A sheet by its name; `required` columns show what a CSV file holds."""

    name: str
    purpose: str
    columns: tuple[Column, ...]
    row: type[Row]

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)

    @property
    def required(self) -> frozenset[str]:
        return frozenset(column.heading for column in self.columns if column.required)


_BODY_HELP = "议事机构的名称，须已在系统中，或在“议事机构”表中"

BODIES = Sheet(
    "议事机构",
    "每行一个议事机构",
    (
        Column(
            heading="机构名称",
            field="name",
            takes="name",
            required=True,
            most=200,
            help="全称，如“江州市交通运输局党组”",
        ),
        Column(
            heading="类别", field="kind", most=40, help="党组、党委、局长办公会等；新机构不填为党组，已有机构不能更改"
        ),
    ),
    BodyRow,
)
PEOPLE = Sheet(
    "人员",
    "每行一人及其在一个议事机构中的角色；在几个机构任职的填几行",
    (
        Column(
            heading="工号", field="staff_number", takes="code", required=True, most=40,
            help="登录用，在本单位内唯一；有前导零的请按文本填写",
        ),
        Column(heading="姓名", field="name", takes="name", required=True, help="与工号相符；改此处即更名"),
        Column(heading="职务", field="post", help="在本单位的职务"),
        Column(heading="议事机构", field="body", takes="name", most=200, help=f"{_BODY_HELP}；不填则只登记人员"),
        Column(
            heading="角色", field="roles", takes="words", words=ROLES,
            help="可填几个，以顿号分开，如“成员、主要负责人”；主要负责人须为成员，不得同时为监督人员",
        ),
        Column(
            heading="排名", field="seat", takes="number", least=1, most=999,
            help="成员的座次，1 至 999；新成员不填则排在最后",
        ),
        Column(heading="机构内职务", field="seat_post", help="成员在该机构的职务，与“职务”不同时填写"),
        Column(heading="分管", field="in_charge", most=200, help="成员分管的工作"),
        Column(
            heading="B角", field="deputy", takes="name",
            help="成员不能到会时代行其分管的另一成员：填工号，或姓名（同名的填工号）",
        ),
    ),
    PersonRow,
)  # fmt: skip
KINSHIP = Sheet(
    "亲属关系",
    "每行一个关系，读作“甲是乙的……”，用于判断回避",
    (
        Column(heading="议事机构", field="body", takes="name", required=True, most=200, help=_BODY_HELP),
        Column(heading="甲", field="a", takes="name", required=True, help="姓名；登记中没有的将新登记"),
        Column(heading="甲工号", field="a_number", takes="code", most=40, help="甲是本单位人员的请填写，同名时必填"),
        Column(
            heading="关系", field="kind", takes="word", required=True, words=KINDS,
            help="甲是乙的父母、子女、配偶或兄弟姐妹；其他关系由这几种推出",
        ),
        Column(heading="乙", field="b", takes="name", required=True, help="姓名；登记中没有的将新登记"),
        Column(heading="乙工号", field="b_number", takes="code", most=40, help="乙是本单位人员的请填写，同名时必填"),
    ),
    KinshipRow,
)  # fmt: skip
MATTERS = Sheet(
    "事项清单",
    "每行一个年度事项",
    (
        Column(heading="议事机构", field="body", takes="name", required=True, most=200, help=_BODY_HELP),
        Column(
            heading="年度", field="year", takes="number", required=True, least=2000, most=9999, help="四位年份，如 2026"
        ),
        Column(heading="编号", field="code", takes="code", required=True, most=40, help="在该机构该年度中不重复"),
        Column(heading="事项名称", field="title", required=True, most=500, help="事项的名称"),
        Column(
            heading="类别", field="category", takes="word", required=True, words=CATEGORIES,
            help="“三重一大”的类别",
        ),
        Column(heading="备注", field="note", takes="text", most=2000, help="可换行"),
    ),
    MatterRow,
)  # fmt: skip
SHEETS = (BODIES, PEOPLE, KINSHIP, MATTERS)
EXPLANATION = "说明"  # a sheet for people, never read
