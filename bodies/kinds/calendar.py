"""The calendar of an organization's working days."""

from typing import ClassVar

from msgspec.structs import replace

from acts.content import Stamp, Words
from identity.state import OfOrganization, OrganizationState, OrganizationTeller, YearOnRecord


class CalendarSet(OfOrganization, frozen=True):
    """A year's days off and days worked (调休) are entered; ISO dates."""

    kind: ClassVar = "calendar.set"

    year: int
    holidays: tuple[str, ...]
    workdays: tuple[str, ...]

    def apply(self, state: OrganizationState, stamp: Stamp) -> OrganizationState:
        return replace(state, calendar={**state.calendar, self.year: YearOnRecord(self.holidays, self.workdays)})

    def tell(self, teller: OrganizationTeller) -> Words:
        off, worked = len(self.holidays), len(self.workdays)
        return (
            f"录入 {self.year} 年工作日历：休 {off} 天，调休上班 {worked} 天",
            f"The calendar of {self.year} was entered: {off} days off, {worked} weekend days worked",
        )
