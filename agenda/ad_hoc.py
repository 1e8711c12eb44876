"""No motions from the floor (Rules 6(1), 6(4); Personnel 20): 不得搞临时动议."""

from collections.abc import Callable, Collection

from acts.ids import Id
from acts.quoting import quoted
from acts.refusal import ALLOWED, Refused, Verdict


def check_ad_hoc(item: Id, on_notice: Collection[Id], title: Callable[[Id], str] = str) -> Verdict:
    """`agenda.ad_hoc`: the item stood on the notice (Rules 6(1), 6(4); Personnel 20).

    `on_notice` holds the items of the notice as it was sealed; `title` gives the name of one for the sentence.
    """
    if item in on_notice:
        return ALLOWED
    said = quoted(title(item))
    return Refused(
        "agenda.ad_hoc",
        f"“{said}”未列入会议通知，属临时动议，不得提请讨论和表决。确需审议的，请报主持人同意后，由秘书列入下次会议议程并另行通知。",
        f"“{said}” was not on the notice: it is an ad hoc motion and cannot be presented or voted. "
        "With the chair's consent the secretary can put it on the next agenda, with notice.",
        {"item": str(item)},
    )
