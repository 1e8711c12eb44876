"""The package of the live feed: routes, operations, field names."""

from acts.access import EVERYBODY, SIGNED_IN
from acts.packages import Package

PACKAGE = Package(
    routes=("realtime.routes",),
    operations={
        "live.watch": EVERYBODY,
        "origin.ask": SIGNED_IN,
        "alarm.list": SIGNED_IN,
        "ledger.read": frozenset({"observer", "secretary"}),
    },
    fields={
        "after": "起始记录序号",
        "view": "视图",
        "origin": "网址",
    },
)
