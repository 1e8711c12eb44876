"""Rules for `compose.yaml`, the Dockerfile and `.env.example`, checked without a container engine."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # it ships no types

from acts.heads import Outside
from server import settings

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "compose.yaml").read_text("utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def mounts(name: str) -> dict[str, tuple[str, str]]:
    """The places mounted into a service, each with its source and its mode."""
    parts = (re.fullmatch(r"(.+?):(/\w+)(?::(ro))?", mount) for mount in SERVICES[name]["volumes"])
    return {part[2]: (part[1], part[3] or "rw") for part in parts if part}


def test_the_database_is_reached_from_inside_alone() -> None:
    file = yaml.safe_load(TEXT)
    assert "ports" not in SERVICES["database"]
    assert SERVICES["database"]["networks"] == ["inside"]
    assert file["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["program"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_contained(name: str) -> None:
    service = SERVICES[name]
    assert service["init"] is True
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_program_waits_for_the_database_and_its_schema_and_knows_no_owner() -> None:
    waits = {name: each["condition"] for name, each in SERVICES["program"]["depends_on"].items()}
    assert waits == {"database": "service_healthy", "migrate": "service_completed_successfully"}
    assert "pg_isready" in SERVICES["database"]["healthcheck"]["test"]
    assert "owner" not in str(SERVICES["program"]["environment"])
    assert "yijue_admin" not in str([SERVICES["program"], SERVICES["migrate"]])


def test_backups_are_taken_beside_the_program_and_kept_outside() -> None:
    """The owner's sign-in is the backup's, which serves nobody; one folder of the machine is all that it writes to."""
    backup = SERVICES["backup"]
    assert backup["command"] == ["backup", "/backups", "--repeat"]
    assert backup["networks"] == ["inside"]
    assert "yijue_owner" in backup["environment"]["YIJUE_DATABASE_OWNER_URL"]
    assert mounts("backup")["/backups"] == ("${YIJUE_BACKUPS:-./backups}", "rw")
    assert backup["healthcheck"] == SERVICES["migrate"]["healthcheck"] == {"disable": True}, "the image's asks a server"


def test_the_program_sees_the_age_of_backups_and_cannot_touch_them() -> None:
    """The group of the services that write them is the image's, which the serving program runs as."""
    assert mounts("program")["/backups"] == ("${YIJUE_BACKUPS:-./backups}", "ro")
    (group,) = re.findall(r"groupadd .*--gid (\d+) yijue", DOCKERFILE)
    assert SERVICES["backup"]["user"] == SERVICES["migrate"]["user"] == f"0:{group}"
    assert f"--gid {group} " in DOCKERFILE.partition("useradd")[2]
    assert "user" not in SERVICES["program"]


NOT_OF_COMPOSE = {
    "YIJUE_DATA": "the embedded server's folder, and there is none here",
    "YIJUE_DATABASE_OWNER_URL": "the services' that do the operator's work, alone",
}


def test_every_setting_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings in `.env` reach the program and the operator's commands; places that defaults name are mounted."""
    read = set(re.findall(r'"(YIJUE_[A-Z_]+)"', (ROOT / "server/settings.py").read_text("utf-8")))
    read = {name for name in read if not name.startswith("YIJUE_OIDC_")}  # of deploy/compose.provider.yaml
    read |= {f"YIJUE_FONT_{role.upper()}" for role in settings._FONTS}
    passed = SERVICES["program"]["environment"]
    assert set(passed) == read - set(NOT_OF_COMPOSE)
    for name in ("migrate", "backup"):
        environment = dict(SERVICES[name]["environment"])
        assert "yijue_owner" in environment.pop("YIJUE_DATABASE_OWNER_URL")
        assert environment == passed
    example = re.findall(r"^(YIJUE_\w+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    asked = dict(re.findall(r"\$\{(YIJUE_\w+):-([^}]*)\}", TEXT)) | dict.fromkeys(re.findall(r"\$\{(\w+):\?", TEXT), "")
    asked |= {"YIJUE_HEADS_FOLDER": "", "YIJUE_FONTS": ""}  # a volume, where no folder is named
    assert asked == {name: value for name, value in example if not name.startswith("YIJUE_OIDC_")}

    for name in [name for name in os.environ if name.startswith("YIJUE_")]:
        monkeypatch.delenv(name)
    for name, value in passed.items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:[-?]([^}]*)\}", r"\1", value))
    chosen = settings.from_environment()
    heads = Outside(chosen.heads).file
    assert heads is not None
    for name, (_, mode) in {name: mounts(name)[str(heads.parent)] for name in ("program", "backup", "migrate")}.items():
        assert mode == "rw", name
    assert f"install --directory --owner yijue --group yijue --mode 750 {heads.parent}" in DOCKERFILE
    assert mounts("program")[str(chosen.disk)] == ("disk", "ro")
    assert str(chosen.backups.folder) in mounts("program")


def test_a_provider_of_sign_ins_is_a_file_of_its_own() -> None:
    """It alone gives the owner's sign-in to the serving program; it asks for every setting that the program reads."""
    text = (ROOT / "deploy/compose.provider.yaml").read_text("utf-8")
    (program,) = yaml.safe_load(text)["services"].values()
    assert "yijue_owner" in program["environment"].pop("YIJUE_DATABASE_OWNER_URL")
    named = set(re.findall(r"YIJUE_OIDC_\w+", (ROOT / "server/settings.py").read_text("utf-8")))
    assert set(program["environment"]) == named
    example = (ROOT / ".env.example").read_text("utf-8")
    assert named == set(re.findall(r"^(YIJUE_OIDC\w*)=", example, re.MULTILINE))


def test_no_password_has_a_default_that_works() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w*PASSWORD)([^}]*)\}", TEXT))
    assert {name for name, _ in asked} == set(re.findall(r"^(\w*PASSWORD)=$", example, re.MULTILINE))
    assert {rest for _, rest in asked} == {":?see .env.example"}
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_the_roles_are_those_of_every_server() -> None:
    """The scripts are mounted where the entrypoint runs them in order, from the files that `make test-named` runs."""
    scripts = [mount.split(":") for mount in SERVICES["database"]["volumes"] if "initdb" in mount]
    assert [Path(target).name for _, target, _ in scripts] == ["1-roles.sql", "2-passwords.sql"]
    for source, _, mode in scripts:
        assert (ROOT / source).is_file()
        assert mode == "ro"
        assert source.removeprefix("./") in (ROOT / "scripts/test_named.py").read_text("utf-8")


def test_the_image_is_pinned_and_without_root() -> None:
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    packages = re.search(r"packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert packages
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{package}" for package in re.findall(r'"(\w+)"', packages[1])} <= set(kept)
