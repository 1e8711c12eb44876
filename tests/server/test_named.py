"""`yijue serve`, `migrate` and `doctor` on a named server: their starts, and their refusals with the words."""

import asyncio

import asyncpg

from storage.migrate import known
from tests.conftest import Urls
from tests.server.commands import run, served

NEWEST = len(known())


async def test_serve_migrates_and_serves(bare: Urls) -> None:
    async with served(YIJUE_DATABASE_URL=bare.app, YIJUE_DATABASE_OWNER_URL=bare.owner) as client:
        assert (await client.get("/api/health")).json() == {"status": "ok"}
        assert (await client.get("/api/session")).json() is None
    async with served(YIJUE_DATABASE_URL=bare.app) as client:  # the schema is current: no owner is needed
        assert (await client.get("/api/health")).status_code == 200


async def test_serve_says_in_one_line_why_it_does_not_start(bare: Urls, urls: Urls) -> None:
    behind, mighty, superuser, wrong, absent, nonsense = await asyncio.gather(
        run("serve", "--port", "0", YIJUE_DATABASE_URL=bare.app),
        run("serve", "--port", "0", YIJUE_DATABASE_URL=urls.owner),
        run("serve", "--port", "0", YIJUE_DATABASE_URL=urls.admin),
        run("serve", "--port", "0", YIJUE_DATABASE_URL=urls.app.replace("yijue_app:", "yijue_app:x")),
        run("serve", "--port", "0", YIJUE_DATABASE_URL="postgresql://yijue_app:x@127.0.0.1:1/yijue"),
        run("serve", "--port", "0", YIJUE_DATABASE_URL="mysql:yijue"),
    )
    owner = await asyncpg.connect(urls.owner, server_settings={"search_path": "yijue"})
    await owner.execute("INSERT INTO migrations VALUES ($1, 'later', '0')", NEWEST + 1)
    await owner.close()
    newer = await run("serve", "--port", "0", YIJUE_DATABASE_URL=urls.app, YIJUE_DATABASE_OWNER_URL=urls.owner)
    for (status, _, said), words in (
        (behind, f"is at schema 0, the program needs {NEWEST}: set YIJUE_DATABASE_OWNER_URL and run `yijue migrate`"),
        (mighty, "role yijue_owner owns the tables"),
        (superuser, "or may become a role that does: sign in with the role yijue_app"),
        (wrong, 'password authentication failed for user "yijue_app"): check YIJUE_DATABASE_URL'),
        (absent, "): check YIJUE_DATABASE_URL"),
        (nonsense, "): check YIJUE_DATABASE_URL"),
        (newer, f"is at schema {NEWEST + 1}, this program knows {NEWEST}: install the newer program"),
    ):
        assert status == 1
        lines = [line for line in said.splitlines() if line.startswith("yijue: ")]
        assert len(lines) == 1, said
        assert words in lines[0]
        assert "Traceback" not in said


async def test_migrate_says_what_it_did(bare: Urls) -> None:
    settings = {"YIJUE_DATABASE_URL": bare.app, "YIJUE_DATABASE_OWNER_URL": bare.owner}
    chinese, english = f"已升级 {NEWEST} 个版本，数据库结构现为第 {NEWEST} 版", f"the schema is now {NEWEST}"
    assert await run("migrate", **settings) == (0, f"{chinese} · {NEWEST} migrations applied, {english}\n", "")
    chinese, english = f"数据库结构已是第 {NEWEST} 版，无需升级", f"the schema is {NEWEST} already, nothing to do"
    assert await run("migrate", **settings) == (0, f"{chinese} · {english}\n", "")
    status, said, complaint = await run("migrate", YIJUE_DATABASE_URL=bare.app)
    assert (status, said) == (1, "")
    assert complaint == "yijue: migrating takes the owner's sign-in: set YIJUE_DATABASE_OWNER_URL\n"


async def test_doctor_finds_nothing_wrong(urls: Urls) -> None:
    status, said, complaint = await run("doctor", YIJUE_DATABASE_URL=urls.app, YIJUE_DATABASE_OWNER_URL=urls.owner)
    assert (status, complaint) == (0, ""), said
    for words in (
        "Python",
        "asyncpg",
        "仿宋 (body)",
        "指定 · named, PostgreSQL 18.",
        "yijue_app",
        f"{NEWEST} / {NEWEST}",
    ):
        assert words in said
    assert "✗" not in said


async def test_doctor_says_what_to_do(bare: Urls, urls: Urls) -> None:
    behind, mighty, absent = await asyncio.gather(
        run("doctor", YIJUE_DATABASE_URL=bare.app, YIJUE_FONT_BODY="/nowhere/fangsong.ttf"),
        run("doctor", YIJUE_DATABASE_URL=urls.owner),
        run("doctor", YIJUE_DATABASE_URL="postgresql://yijue_app:x@127.0.0.1:1/yijue"),
    )
    for (status, said, complaint), words in (
        (
            behind,
            ["✗ 数据库结构 · Schema: 数据库结构落后，请运行 yijue migrate", "✗ 字体 · Fonts: 缺少仿宋字体：/nowhere"],
        ),
        (mighty, ["✗ 程序角色 · Role: 角色 yijue_owner 权限过大，请改用 yijue_app"]),
        (absent, ["✗ 数据库 · Database: 无法使用"]),
    ):
        assert (status, complaint) == (1, "")
        for each in words:
            assert each in said
