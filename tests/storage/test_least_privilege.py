"""The program's role holds these privileges, read from the catalogue; a new table or function must be added here."""

from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from acts.database import connected
from storage.embedded import roles_sql
from storage.errors import PrivilegedRoleError
from tests.conftest import WORKER, Urls
from tests.storage.attacks import NO_PRIVILEGE, WENT_THROUGH, Connection, why

# The verbs held on each table; where a verb is held on some columns alone, the database fills the others.
HELD = {
    "books": "SELECT",
    "jobs": "INSERT SELECT",
    "ledger": "SELECT",
    "lost_records": "SELECT",
    "deployment": "SELECT",
    "migrations": "SELECT",
    "organizations": "SELECT",
    "people": "INSERT SELECT UPDATE",
    "kinds_of_body": "SELECT",
    "procedures": "SELECT",
    "bodies": "SELECT UPDATE",
    "grants": "DELETE INSERT SELECT UPDATE",
    "held_roles": "SELECT",
    "entrustments": "DELETE INSERT SELECT UPDATE",
    "seats": "DELETE INSERT SELECT UPDATE",
    "kin": "INSERT SELECT UPDATE",
    "kinships": "DELETE INSERT SELECT",
    "matters": "DELETE INSERT SELECT UPDATE",
    "calendar_years": "INSERT SELECT UPDATE",
    "meetings": "INSERT SELECT UPDATE",
    "items": "DELETE INSERT SELECT UPDATE",
    "papers": "DELETE INSERT SELECT",
    "proceedings": "SELECT UPDATE",
    "notice_changes": "INSERT SELECT",
    "notices": "INSERT SELECT UPDATE",
    "notes": "DELETE INSERT SELECT UPDATE",
    "deliveries": "DELETE INSERT SELECT UPDATE",
    "presence": "INSERT SELECT UPDATE",
    "hall_codes_used": "INSERT SELECT",
    "speeches": "INSERT SELECT",
    "positions": "INSERT SELECT UPDATE",
    "written_opinions": "INSERT SELECT UPDATE",
    "recusals": "DELETE INSERT SELECT",
    "people_requests": "INSERT SELECT UPDATE",
    "votes": "INSERT SELECT UPDATE",
    "ballots": "INSERT SELECT",
    "decisions": "INSERT SELECT",
    "minutes": "INSERT SELECT UPDATE",
    "minutes_counters": "INSERT SELECT UPDATE",
    "reached_numbers": "INSERT SELECT",
    "minutes_copies": "INSERT SELECT UPDATE",
}
CALLED = {
    "yijue_now", "set_clock", "visible_bodies", "visible_organization", "proof", "proved_person",
    "proved_organization", "proved_administrator", "proved_bodies", "ledger_append", "authenticate", "begin_as",
    "close_session", "close_sessions_of", "sign_in_page", "ending_of", "set_organization_code", "device_known",
    "sign_in_start", "sign_in_guess", "sign_in_purge", "own_sessions", "code_start", "code_finish",
    "enter_to_vote", "cast_ballots",
    "second_factor_begin", "second_factor_confirm", "second_factor_reset", "demand_second_factor", "close_own_sessions",
    "sign_in_finish", "change_own_password", "set_password_of", "create_body", "enter_meeting", "issue_find",
    "issue_look", "refuse", "committee_decisions",
    "job_claim", "job_begin", "job_done", "job_failed", "job_later", "jobs_retry", "job_figures", "minutes_draw",
    "paper_to_check", "paper_checked", "papers_waiting", "flush_missed", "proved_security", "set_duties_apart",
    "is_plain", "is_name", "is_code",
    "held", "damaged_heads", "write_readiness", "see_clock", "clock_jumps",
    "head_told", "heads_key", "next_number",
}  # fmt: skip
WITHOUT_ROW_SECURITY = {
    "deployment": "one row for all, read alone",
    "migrations": "the same for all, read alone",
    "kinds_of_body": "the same for all, read alone",
    "procedures": "the same for all, read alone",
    "held_roles": "a view with the rights of its reader",
    "committee_decided": "no privilege on it: asked through a function",
    "job_kinds": "no privilege on it",
    "clock_seen": "no privilege on it: seen by a function",
    "clock_jumps": "no privilege on it: asked through a function",
    "readiness": "no privilege on it: written by a function, and holds nothing",
    "lost_numbers": "no privilege on it: asked through a function",
    "keyring": "no privilege on it",
    "sessions": "no privilege on it: opened and asked through functions",
    "devices": "no privilege on it: made known and asked through functions",
    "second_factors": "no privilege on it: set up and asked through functions",
    "sign_in_misses": "no privilege on it: counted and put on record by functions",
    "sign_in_failures": "no privilege on it: counted by functions, before any organization is known",
    "sign_in_guesses": "no privilege on it: written and looked at by functions",
}


async def test_it_holds_what_the_program_uses_and_no_more(owner: Connection) -> None:
    """HELD lists all that is granted, on a table or a column, to the role or to everybody."""
    granted = await owner.fetch(
        "SELECT c.relname, c.relkind, a.privilege_type AS verb, a.is_grantable FROM pg_class c,"
        " LATERAL (SELECT relacl AS acl UNION ALL SELECT attacl FROM pg_attribute WHERE attrelid = c.oid) AS acls,"
        " aclexplode(acls.acl) AS a WHERE c.relnamespace = 'yijue'::regnamespace"
        " AND a.grantee IN (0, 'yijue_app'::regrole)"
    )
    held: dict[str, set[str]] = {}
    for row in granted:
        held.setdefault(row["relname"], set()).add(row["verb"])
        assert not row["is_grantable"]
    assert {table: " ".join(sorted(verbs)) for table, verbs in held.items()} == HELD


async def test_no_row_changes_its_place(owner: Connection) -> None:
    """Columns that may be updated include neither a key nor a reference to a row's owner."""
    moved = await owner.fetch(
        "SELECT table_name, column_name FROM information_schema.role_column_grants WHERE grantee = 'yijue_app'"
        " AND privilege_type = 'UPDATE' AND column_name IN ('id', 'body_id', 'organization_id', 'meeting_id',"
        " 'item_id', 'vote_id', 'notice_id', 'minutes_id', 'seq', 'created_at', 'staff_number')"
    )
    assert moved == []


async def test_it_calls_what_the_program_calls_and_no_more(owner: Connection) -> None:
    rows = await owner.fetch(
        "SELECT proname, prosecdef, proconfig, pg_get_userbyid(proowner) AS owner,"
        " has_function_privilege('yijue_app', oid, 'EXECUTE') AS app,"
        " EXISTS (SELECT 1 FROM aclexplode(proacl) WHERE grantee = 0) AS everybody"
        " FROM pg_proc WHERE pronamespace = 'yijue'::regnamespace"
    )
    assert {row["proname"] for row in rows if row["app"]} == CALLED
    assert {row["owner"] for row in rows} == {"yijue_owner"}
    assert [row["proname"] for row in rows if row["everybody"]] == []
    # Functions with the owner's rights set their search path, the temporary schema last.
    assert {tuple(row["proconfig"]) for row in rows if row["prosecdef"]} == {("search_path=yijue, pg_temp",)}


async def test_every_table_keeps_to_its_rows(owner: Connection) -> None:
    bare = await owner.fetch(
        "SELECT relname FROM pg_class c WHERE relnamespace = 'yijue'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
        " AND NOT (relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid))"
    )
    assert {row["relname"] for row in bare} == set(WITHOUT_ROW_SECURITY)


async def test_it_is_nobody_else_and_owns_nothing(owner: Connection) -> None:
    role = await owner.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit, oid FROM pg_roles"
        " WHERE rolname = 'yijue_app'"
    )
    assert role is not None
    assert not any(
        role[name] for name in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    )
    assert not await owner.fetch("SELECT 1 FROM pg_auth_members WHERE member = $1", role["oid"])
    assert not await owner.fetch("SELECT 1 FROM pg_shdepend WHERE refobjid = $1 AND deptype = 'o'", role["oid"])


ATTACKS = (
    "CREATE TABLE yijue.mine ()",
    "CREATE TABLE public.mine ()",
    "CREATE TEMP TABLE mine ()",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "CREATE FUNCTION yijue.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER mine BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_stands()",
    "SET ROLE yijue_owner",
    "SET ROLE yijue_admin",
    "SET SESSION AUTHORIZATION yijue_owner",
    "SET session_replication_role = replica",
    "ALTER ROLE yijue_app BYPASSRLS",
    "GRANT yijue_owner TO yijue_app",
    "ALTER TABLE ledger DISABLE TRIGGER ALL",
    "ALTER TABLE people DISABLE ROW LEVEL SECURITY",
    "ALTER FUNCTION yijue_now() RESET ALL",
    "DROP TABLE ballots",
    "DROP POLICY people_visible ON people",
    "BEGIN; LOCK TABLE ledger IN ACCESS EXCLUSIVE MODE",
    "SELECT set_config('row_security', 'off', false); SELECT * FROM people",
    "SELECT * FROM found_organization('甲', '1', '甲', '')",
    "CALL keep_to_body('people')",
    "UPDATE deployment SET purpose = 'test'",
    "INSERT INTO migrations VALUES (99, 'x', 'x')",
    "SELECT csrf FROM sessions",
    "SELECT * FROM committee_decided",
    "SELECT secret_hash FROM sessions",
    "INSERT INTO sessions (secret_hash, person_id, csrf, expires_at) VALUES ('x', 1, '', 'infinity')",
    "SELECT key FROM keyring",
    "SELECT seal_of('1|1|true|{1}')",
    "SELECT prove(1, 1, true, '{1}')",
    "SELECT guess FROM sign_in_guesses",
    "SELECT guessed_right(gen_random_uuid())",
    "DELETE FROM sign_in_failures",
    "INSERT INTO job_kinds VALUES ('ballot.cast')",
    "INSERT INTO procedures VALUES ('committee', 'vote', '', 'closed', 'open', '{}')",
    "SET track_activities = on",
    "UPDATE people SET password_hash = 'x'",
    "INSERT INTO people (organization_id, staff_number, name, password_hash) VALUES (1, 'x', 'x', 'x')",
    "UPDATE bodies SET kind = '局长办公会'",
    "INSERT INTO bodies (organization_id, name) VALUES (1, 'x')",
    "DELETE FROM sessions",
    "UPDATE sessions SET expires_at = 'infinity'",
    "SELECT password_hash FROM people",
    "UPDATE people SET staff_number = 'x'",
    "INSERT INTO organizations (name) VALUES ('甲')",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY people FROM '/etc/passwd'",
    "SELECT rolpassword FROM pg_authid",
)


async def test_it_gets_no_further(urls: Urls, app_role: Connection) -> None:
    admin = await asyncpg.connect(urls.admin)
    await admin.execute(roles_sql())  # prepare the test's database like every server's
    await admin.close()
    outcomes = {}
    for attack in ATTACKS:
        try:
            await app_role.execute(attack)
            outcomes[attack] = WENT_THROUGH
        except asyncpg.PostgresError as error:
            outcomes[attack] = why(error)
        if app_role.is_in_transaction():
            await app_role.execute("ROLLBACK")
        await app_role.execute("RESET row_security")
    assert outcomes == dict.fromkeys(ATTACKS, NO_PRIVILEGE)


async def test_a_mightier_role_is_not_let_in(urls: Urls) -> None:
    """The program refuses the owner, a superuser, and a role that owns nothing but could become the owner."""
    deputy = f"yijue_{WORKER}_deputy"
    admin = await asyncpg.connect(urls.admin)
    await admin.execute(f"CREATE ROLE {deputy} LOGIN PASSWORD 'x' IN ROLE yijue_owner")
    try:
        for role, url in (
            ("yijue_owner", urls.owner),
            (await admin.fetchval("SELECT current_user"), urls.admin),
            (deputy, as_role(urls.app, deputy, "x")),
        ):
            with pytest.raises(PrivilegedRoleError) as caught:
                async with connected(url, lambda _: None):
                    pass
            assert caught.value.role == role
    finally:
        await admin.execute(f"DROP ROLE {deputy}")
        await admin.close()


def as_role(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.netloc.rpartition('@')[2]}"))
