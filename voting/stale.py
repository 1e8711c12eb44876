"""Ballots overtaken from another device (design §2): a replacement names the key of the ballot that it replaces."""

from uuid import UUID

from acts.refusal import ALLOWED, Refused, Verdict


def check_stale(standing: UUID | None, replaces: UUID | None) -> Verdict:
    """`vote.stale`: the ballot replaces the one that stands, as far as its member could know.

    `standing` is the key of the member's standing ballot, None where there is none. `replaces` is the key of the ballot
    that the member saw, or of their device's own before it. A device sends in order, so where nothing stands nothing
    was overtaken, whatever it names. The refusal does not say the choice, since a refusal may be recorded while the
    vote is open.
    """
    if standing is None or standing == replaces:
        return ALLOWED
    return Refused(
        "vote.stale",
        "您已在其他设备或页面上投票并已计入，本票未计入，已计入的票不变。如要更改，请核对后重新选择。",
        "Another device or page of yours has cast a ballot, which stands; this one was not counted. To change your "
        "vote, look and choose again.",
        {"standing": str(standing)},
    )
