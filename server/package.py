"""What the server brings: its pages, its health, its description."""

from acts.access import ANYONE
from acts.packages import Package

PACKAGE = Package(
    operations={
        "health.read": ANYONE,
        "page.read": ANYONE,
        "demo.enter": ANYONE,
        "openapi.read": ANYONE,
    },
)
