"""The operation that this package adds."""

from acts.access import DESK
from acts.packages import Package

PACKAGE = Package(operations={"meeting.move": DESK})
