"""The form of a vote (Rules 6(5): 表决形式可分为口头表态、举手和投票): on devices, or taken down by name."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from acts.ids import Id, as_fact, in_chinese, in_english, ordered
from acts.refusal import ALLOWED, Refused, Verdict
from agenda.records import VoteForm
from bodies.charter import Charter

_WORDS = {"device": ("投票", "on devices"), "oral": ("口头", "oral"), "hands": ("举手", "by show of hands")}


def check_form(charter: Charter, form: VoteForm) -> Verdict:
    """`vote.form`: the charter allows a vote of this form; on devices it is always allowed."""
    if form == "device" or (charter.oral_vote if form == "oral" else charter.hands_vote):
        return ALLOWED
    return Refused(
        "vote.form",
        f"按本机构议事决策规范，不采用{_WORDS[form][0]}表决。请主持人另选表决方式。",
        f"By this body's charter no vote is {_WORDS[form][1]}. Choose another form.",
        {"form": form},
    )


def check_by_device(form: VoteForm) -> Verdict:
    """`vote.form`: members cast their ballots themselves in this vote."""
    if form == "device":
        return ALLOWED
    return Refused(
        "vote.form",
        f"本轮为{_WORDS[form][0]}表决，由秘书逐人登记，无须在平板上投票。登记有误的，请提出异议。",
        f"This vote is {_WORDS[form][1]}: the secretary takes each ballot down. Object if yours is wrong.",
        {"form": form},
    )


def check_taken_down(form: VoteForm) -> Verdict:
    """`vote.form`: the recorder takes ballots down in this vote."""
    if form != "device":
        return ALLOWED
    return Refused(
        "vote.form",
        "本轮为投票表决，由成员本人在平板上投票，不能代为登记。",
        "In this vote members cast their ballots on devices; none is taken down for them.",
        {"form": form},
    )


def check_objections(objected: AbstractSet[Id], name: Callable[[Id], str] = str) -> Verdict:
    """`vote.form`: nobody's objection to what was taken down for them is open when the vote closes."""
    if not objected:
        return ALLOWED
    names = ordered(objected)
    return Refused(
        "vote.form",
        f"{in_chinese(names, name)}对所登记的表决意见有异议，请记录人先更正登记。",
        f"{in_english(names, name)} object to what was taken down for them; whoever took it down corrects it first.",
        {"objected": as_fact(names)},
    )
