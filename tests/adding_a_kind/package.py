"""What this package brings."""

from acts.access import DESK
from acts.packages import Package

PACKAGE = Package(operations={"meeting.move": DESK})
