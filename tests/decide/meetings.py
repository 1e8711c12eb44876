"""A meeting in order, as a case, for tests to spoil; and the case files."""

import json
from pathlib import Path
from typing import Any

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
MEMBERS = ["zhao", "qian", "sun", "li", "zhou", "wu", "zheng"]


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def meeting(**item: Any) -> dict[str, Any]:
    """A case of seven members, all present, notified on Friday for Tuesday, with one item changed by `item`."""
    return {
        "body": {"members": list(MEMBERS), "policy": {}},
        "calendar": {},
        "meeting": {
            "at": "2026-04-14T09:00:00+08:00",
            "notices": dict.fromkeys(MEMBERS, "2026-04-10T15:00:00+08:00"),
        },
        "agenda": ["plan"],
        "relations": [],
        "attendance": dict.fromkeys(MEMBERS, "present"),
        "items": [{"id": "plan", "category": "major", "ballots": dict.fromkeys(MEMBERS[:4], "yes"), **item}],
    }


def rich_meeting() -> dict[str, Any]:
    """A case in which every field is used."""
    case = meeting(
        category="personnel",
        in_charge="qian",
        deputy_in_charge="sun",
        subjects=["candidate"],
        declared_recusals=["li"],
        materials_complete=True,
        discussed=True,
        attendance={"zheng": "absent"},
        positions={"zhao": "yes", "sun": "no"},
        written={"zheng": "no"},
        decision={"outcome": "amended", "reason": "另行研究"},
    )
    case["body"]["policy"] = {
        "lead_working_days": 1,
        "quorum": "1/2",
        "personnel_quorum": "1/2",
        "quorum_strict": True,
        "recused_in_base": False,
        "recused_counts_present": True,
        "close_margin": 2,
        "decision": "head",
    }
    case["calendar"] = {"holidays": ["2026-05-01"], "workdays": ["2026-05-09"]}
    case["relations"] = [{"type": "sibling", "a": "wu", "b": "candidate"}]
    return case


def as_bytes(case: Any) -> bytes:
    return json.dumps(case).encode()
