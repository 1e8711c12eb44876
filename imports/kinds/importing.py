"""A workbook was imported."""

from typing import ClassVar

from acts.content import Words
from identity.state import OfOrganization, OrganizationTeller


class ImportApplied(OfOrganization, frozen=True):
    """A workbook was imported: its SHA-256 (hex), the preview's digest, and counts of rows new, changed, the same."""

    kind: ClassVar = "import.applied"

    sha256: str
    digest: str
    created: int
    changed: int
    same: int

    def tell(self, teller: OrganizationTeller) -> Words:
        return (
            f"导入工作簿：新增 {self.created} 项，修改 {self.changed} 项，{self.same} 项不变",
            f"A workbook was imported: {self.created} new, {self.changed} changed, {self.same} the same",
        )
