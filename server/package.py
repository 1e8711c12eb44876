"""The package of the server: its health, pages and description, and the demonstration's links."""

from acts.access import ANYONE
from acts.packages import Package

PACKAGE = Package(
    operations={
        "alive.read": ANYONE,
        "ready.read": ANYONE,
        "health.read": ANYONE,
        "metrics.read": ANYONE,  # from the addresses that the operator named
        "page.read": ANYONE,
        "demo.enter": ANYONE,
        "provider.read": ANYONE,
        "provider.begin": ANYONE,
        "provider.finish": ANYONE,
        "openapi.read": ANYONE,
    },
)
