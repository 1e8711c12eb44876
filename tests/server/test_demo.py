"""`yijue demo`, as a person runs it."""

import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from acts.database import Database
from realtime.hub import Hub
from server.app import create_app
from server.commands.demo import demo
from server.demonstration import bureau as facts
from server.demonstration.links import SignInLinks, links_to
from storage import cluster
from tests.bureau import Bureau
from tests.conftest import Urls

YIJUE = [sys.executable, "-c", "from server.cli import main; main()"]
ROOT = Path(__file__).parents[2]


def _environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": "", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "LANG": "C.UTF-8", "HOME": str(tmp_path)}


def test_once_ends_with_the_path_of_numbered_minutes(tmp_path: Path) -> None:
    done = subprocess.run(
        [*YIJUE, "demo", "--once"],
        cwd=tmp_path,
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    path = Path(done.stdout.splitlines()[-1])
    assert path.is_relative_to(tmp_path)
    text = re.sub(r"\s|— *[0-9]+ *—", "", "".join(page.extract_text() for page in PdfReader(path).pages))
    for wanted in (
        "〔2026〕1号",
        "书面意见（不计入票数）。许文博：反对",
        "会议决定，郑晓楠同志任规划科科长，试用期一年，按规定公示。",
        "林静临时提出“购置公务用车”",
        "本议题暂缓表决，留待下次会议讨论",
        "本议题未进入表决，延期至以后的会议讨论",
        "按程序报市财政局审批后执行（应到会9人，实到8人；同意7票，反对1票，弃权0票）。",
        "由计划财务科负责办理预算调整报批手续，于2026年2月28日前办理，办公室负责督办。",
        "本议题未获通过（应到会9人，实到8人；同意4票，反对0票，弃权4票）。",
        "抄送：市政府分管领导，党组成员，驻局纪检监察组，局机关各科室。",
    ):
        assert wanted in text, wanted
    for name in (each.name for each in facts.PEOPLE if each.seat):
        assert text.count(name) >= 3, name  # in the list of those present or on leave, and in two votes


def test_an_outcome_that_differs_is_told_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(facts.WANTED, facts.MOTION, facts.Outcome("passed"))
    result = CliRunner().invoke(demo, ["--once", "--port", "0"])
    assert result.exit_code == 1
    assert "✗ 购置公务用车：应为“通过”，实为“agenda.ad_hoc”" in result.output
    assert not result.output.rstrip().endswith(".pdf")


def test_its_page_has_the_figures_that_it_is_played_against() -> None:
    page = (Path(__file__).parents[2] / "docs" / "demonstration.md").read_text("utf-8")
    rows = {
        title: line for line in page.splitlines() for title in facts.WANTED if line.startswith("|") and title in line
    }
    assert {title: outcome.figures or outcome.ending for title, outcome in facts.WANTED.items()} == {
        title: line.rstrip(" |").rpartition("| ")[2] for title, line in rows.items()
    }
    _, _, differs = page.partition("## Where it differs")
    assert [word for word in ("江一帆", "吴海燕", "`minutes.hands`", "signs") if word not in differs] == []


def _runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be taken note of does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_leaves_nothing(number: int) -> None:
    """Status 0; no PostgreSQL and no temporary folder stay, not even of a meeting that is half played."""
    with tempfile.TemporaryDirectory(prefix="yijue-test-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's account must reach it
        temporary = Path(folder) / "tmp"
        temporary.mkdir()
        temporary.chmod(0o1777)
        environment = _environment(Path(folder)) | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            [*YIJUE, "demo", "--port", "0"], cwd=folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            said = next(line for line in process.stdout if "───" in line)
            (data,) = temporary.glob("yijue-demo-*/data")
            running = cluster.working_in(data / "cluster")
            assert running
            process.send_signal(number)
            rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said + rest
        assert "Traceback" not in rest
        assert list(temporary.iterdir()) == []
        ends = time.monotonic() + 5  # its logger ends last, after the program
        while left := [pid for pid in running if _runs(pid)]:
            assert time.monotonic() < ends, left
            time.sleep(0.05)


def test_it_serves_on_until_interrupted(tmp_path: Path) -> None:
    command = [*YIJUE, "demo", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=_environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "按 Ctrl-C 结束" in line:
                break
        try:
            said = "".join(lines)
            address = re.search(r"服务地址：(http://[0-9.:]+)", said)
            assert address, said
            assert all(each.staff_number in said for each in facts.PEOPLE)
            secretary = {"staff_number": "2001", "password": facts.PASSWORD}
            assert httpx.post(f"{address[1]}/api/session", json=secretary).status_code == 201
            _walk_through(address[1], dict(re.findall(r"http://([a-z]+)\.localhost:[0-9]+(/demo/\S+)", said)))
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=30)
        assert process.returncode == 0, rest
        assert "Traceback" not in rest


def _walk_through(base: str, links: dict[str, str]) -> None:
    """Check that each address signs in its person and leads to a screen of the meeting that is in session."""
    assert set(links) == {"chair", "admin", *(each.key for each in facts.PEOPLE)}
    led = {}
    for host, path in links.items():
        with httpx.Client(base_url=base, headers={"Host": f"{host}.localhost"}) as client:
            answer = client.get(path)
            assert answer.status_code == 303
            assert "HttpOnly" in answer.headers["set-cookie"]
            assert "samesite=strict" in answer.headers["set-cookie"].lower()
            led[host] = answer.headers["location"]
            who = client.get("/api/session").json()
            assert who["name"] == ("周启明" if host == "chair" else _name(host))
            if host == "lin":
                meeting = client.get(f"/api{answer.headers['location']}").json()
                assert (meeting["state"], meeting["ordinal"], len(meeting["items"])) == ("in_session", 2, 3)
            assert client.get(path + "x").status_code == 404
    room = led["lin"]
    assert [led[host] for host in ("chair", "zhou", "zhao", "hall", "li", "jiang", "admin")] == [
        f"{room}/chair", room, f"{room}/observer", f"{room}/hall", f"/desk{room}", "/desk/minutes",
        "/desk/organization",
    ]  # fmt: skip


def _name(key: str) -> str:
    return next(each.name for each in (facts.ADMINISTRATOR, *facts.PEOPLE) if each.key == key)


async def test_there_is_no_door_in_any_other_database(database: Database, hub: Hub, bureau: Bureau, urls: Urls) -> None:
    """The demonstration's links sign nobody in without its command, or on a database made for another purpose."""
    links = links_to(1)
    assert len({*links, *links_to(1)}) == 2 * len(links)  # random keys, new ones each time
    plain, with_links = create_app(database, hub), create_app(database, hub, links=SignInLinks(urls.owner, links))
    for app in (plain, with_links):
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            for key in links:
                answer = await client.get(f"/demo/{key}")
                assert answer.status_code == (404 if app is with_links else 200)  # the page, which has no such route
                assert "set-cookie" not in answer.headers
