"""A package's `store.py`, and any `…_store.py` parted from it, touches its own tables and those of floors below; SQL
stands nowhere else."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest
import sqlglot
from sqlglot import exp

from acts.packages import FLOORS, Package

ROOT = Path(__file__).parents[2]
ALL = ("storage", *FLOORS)
VERBS = (
    "SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH ", "MERGE ", "TRUNCATE ", "LOCK ", "COPY ", "CREATE ",
    "ALTER ", "DROP ", "GRANT ", "REVOKE ",
)  # fmt: skip
STORAGE = Package(
    tables=("migrations", "deployment", "books", "ledger", "job_kinds", "keyring", "readiness", "lost_records",
            "clock_seen", "clock_jumps"),
    functions=(
        "yijue_now", "set_clock", "visible_bodies", "visible_organization", "ledger_append", "proof", "begin_as",
        "ledger_write", "by_owner", "is_recorded", "prove", "damaged_heads", "head_told", "heads_key",
        "proved_administrator", "proved_bodies",
        "proved_organization",
        "proved_person", "seal_of", "write_readiness", "see_clock",
    ),
)  # fmt: skip
UNKNOWN = "known_at_run_time"
# Files whose SQL is not a package's query of its tables, each with its reason.
ELSEWHERE = {
    "storage/cluster.py": "the operator's: new passwords of the roles",
    "storage/embedded.py": "the operator's: the embedded server's database, its roles and their passwords",
    "storage/integrity.py": "the owner's and the superuser's: tables and indexes by their names in the catalogue",
    "storage/moving.py": "the owner's: every table of an organization by its name in the catalogue",
    "storage/migrate.py": "the owner's: the schema itself, before there are tables to ask",
}


def _package(name: str) -> Package:
    if name == "storage":
        return STORAGE
    found: Package = import_module(f"{name}.package").PACKAGE if (ROOT / name / "package.py").exists() else Package()
    return found


PACKAGES = {name: _package(name) for name in ALL}
OWNER = {each: name for name, package in PACKAGES.items() for each in (*package.tables, *package.functions)}


def _texts(source: str, values: dict[str, object]) -> Iterator[tuple[int, str]]:
    """The line and text of each string that begins as a statement does, f-strings put together with the module's own
    constants. A local value, such as a column's name, reads `UNKNOWN`."""

    def visit(node: ast.AST) -> Iterator[tuple[int, str]]:
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(_part(each, values) for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        else:
            for each in ast.iter_child_nodes(node):
                yield from visit(each)

    for line, text in visit(ast.parse(source)):
        if text.lstrip().startswith(VERBS):
            yield line, text


def _part(node: ast.expr, values: dict[str, object]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    try:
        return str(eval(compile(ast.Expression(node.value), "<statement>", "eval"), values))
    except NameError:
        return UNKNOWN


def touched(statement: str) -> set[str]:
    """The tables and functions that a statement names, those of its subselects and common table expressions too."""
    tree = sqlglot.parse_one(statement, dialect="postgres")
    own = {each.alias for each in tree.find_all(exp.CTE)}
    tables = {each.name for each in tree.find_all(exp.Table)} - own
    return tables | {each.name for each in tree.find_all(exp.Anonymous)}


def above(package: str, statement: str) -> set[str]:
    """The tables and functions of floors above the package that the statement touches."""
    floor = ALL.index(package)
    return {each for each in touched(statement) if each in OWNER and ALL.index(OWNER[each]) > floor}


@pytest.mark.parametrize(
    ("package", "store"), [(name, path.stem) for name in ALL for path in (ROOT / name).glob("*store.py")]
)
def test_a_store_keeps_to_its_floor(package: str, store: str) -> None:
    source = (ROOT / package / f"{store}.py").read_text()
    statements = list(_texts(source, vars(import_module(f"{package}.{store}"))))
    assert statements
    found = {
        f"{package}/{store}.py:{line} touches {each} of {OWNER[each]}"
        for line, text in statements
        for each in above(package, text)
    }
    assert not any(UNKNOWN in touched(text) for _, text in statements), "a table is named in full"
    assert found == set()


def test_sql_stands_in_stores_alone() -> None:
    found = set()
    for package in ALL:
        for path in (ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if path.name.endswith("store.py") or name in ELSEWHERE:
                continue
            tree = ast.parse(path.read_text())
            found |= {
                f"{name}:{node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.lstrip().startswith(VERBS)
            }
    assert found == set()


async def test_every_table_and_function_has_its_package(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The packages name what the schema has, each once. No statement calls a trigger's function."""
    rows = await owner.fetch(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'yijue'::regnamespace AND relkind IN ('r', 'p', 'v')"
        " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'yijue'::regnamespace"
        " AND prokind = 'f' AND prorettype <> 'trigger'::regtype"
    )
    named = [each for package in PACKAGES.values() for each in (*package.tables, *package.functions)]
    assert sorted(named) == sorted({row["name"] for row in rows})


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT (e.meeting).* FROM enter_meeting($1, $2, $3) AS e", {"enter_meeting"}),
        ("WITH mine AS (SELECT * FROM votes) SELECT * FROM mine JOIN items USING (id)", {"votes", "items"}),
        ("SELECT EXISTS (SELECT 1 FROM minutes WHERE meeting_id = $1)", {"minutes"}),
        ("UPDATE written_opinions w SET read_at = $1 FROM proceedings p WHERE p.item_id = w.item_id",
         {"written_opinions", "proceedings"}),
        ("INSERT INTO votes (round) SELECT max(round) FROM ballots ON CONFLICT (id) DO UPDATE SET round = 1",
         {"votes", "ballots"}),
        ("DELETE FROM papers WHERE item_id IN (SELECT id FROM items)", {"papers", "items"}),
        ("SELECT ARRAY(SELECT person_id FROM presence) FROM unnest($1::bytea[]) AS t (x), LATERAL authenticate(t.x)",
         {"presence", "authenticate"}),
    ],
)  # fmt: skip
def test_what_a_statement_touches(statement: str, tables: set[str]) -> None:
    assert tables <= touched(statement)
