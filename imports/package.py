"""The import's package: its routes and operations."""

from acts.access import ADMINISTRATOR, SECRETARY
from acts.packages import Package

PACKAGE = Package(
    routes=("imports.routes",),
    operations={
        "import.export": ADMINISTRATOR,
        "import.template": ADMINISTRATOR | SECRETARY,
        "import.preview": ADMINISTRATOR | SECRETARY,
        "import.apply": ADMINISTRATOR | SECRETARY,
        "import.people": ADMINISTRATOR,
        "import.kinship": ADMINISTRATOR | SECRETARY,
        "import.matters": ADMINISTRATOR | SECRETARY,
    },
    fields={
        "digest": "预览校验值",
    },
)
