"""The record of a refused operation, in the book where it was tried."""

from typing import Any, ClassVar

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Teller, Words
from acts.folding import Refusal, RuleSaid


class RuleRefused(Content, frozen=True):
    """A rule with a clause forbade an operation; `item` is what it was about. For a motion from the floor the facts
    hold `title` and `mover`; its repetition counts with the first in the state, and is a record all the same."""

    kind: ClassVar[str] = "rule.refused"
    subject: ClassVar[str] = "*"

    operation: str
    refusals: tuple[RuleSaid, ...]
    item: int | None = None

    def apply(self, state: Any, stamp: Stamp) -> Any:
        refusal = Refusal(stamp.at, self.operation, dict(enumerate(self.refusals)), stamp.actor, self.item)
        known = state.refusals.items()
        for seq, before in known if refusal.motion else ():
            if before.motion == refusal.motion:
                return replace(state, refusals={**state.refusals, seq: replace(before, times=before.times + 1)})
        return replace(state, refusals={**state.refusals, stamp.seq: refusal})

    def see(self, view: Any, state: Any) -> "Content | Anonymous | None":
        seen: RuleRefused | Anonymous | None = view.see_refusal(self, state)
        return seen

    def rules_alone(self) -> Anonymous:
        """The operation and the rules that refused it, without reasons, item or actor."""
        return Anonymous(
            RuleRefused(
                self.operation,
                tuple(RuleSaid(each.rule, "", "", {}, each.clause, each.clause_en) for each in self.refusals),
            )
        )

    def tell(self, teller: Teller) -> Words:
        said = [_sentence(each) for each in self.refusals]
        return f"依规不予办理：{''.join(zh for zh, _ in said)}", f"Refused: {' '.join(en for _, en in said)}"


def _sentence(said: RuleSaid) -> Words:
    """The rule's own sentence; its clause where the view may not know why."""
    by = (f"依据{said.clause}。", f"by {said.clause_en}.") if said.clause else (said.rule, said.rule)
    return said.detail or by[0], said.detail_en or by[1]
