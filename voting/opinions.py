"""Written opinions (Rules 6(4), 6(5)): read out and recorded, never counted, void once their author is present."""

from acts.acting import existing
from acts.refusal import Refused, RefusedError, require
from agenda import giving_notice
from agenda.acting import MeetingAct, require_state
from agenda.kinds.noticing import OpinionVoided
from agenda.records import Choice
from agenda.recusing import recused_by
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda
from voting import store
from voting.kinds.discussing import OpinionRead, OpinionSubmitted
from voting.roll import check_choice
from voting.room import item_in_session, keys_of


def allow_opinion(situation: Situation, item_id: int, choice: Choice | None = None) -> ItemOnAgenda:
    """Returns the item, where the caller may give a written opinion on it. Raises RefusedError."""
    state, author = situation.state, situation.person
    require_state(state, "noticed", "in_session")
    item = situation.item(item_id, "listed", "open")
    if choice is not None:
        require(check_choice(choice, item.personnel))
    if state.formal_members and author not in state.formal_members:
        raise RefusedError(
            Refused(
                "vote.not_member",
                "您不是本次会议的应到会成员，不能提交书面意见；名单有误的，请联系秘书。",
                "You are not one of this meeting's formal members and give no written opinion. If the list is wrong, "
                "ask the secretary.",
            )
        )
    if state.is_present(author):
        raise RefusedError(
            Refused(
                "state.wrong",
                "您已到会，请在会上发表意见并参加表决。",
                "You are present: speak and vote in the meeting.",
            )
        )
    if rule := recused_by(situation, item, author):
        raise RefusedError(
            Refused(
                rule,
                "您对本议题应当回避，不得发表书面意见。",
                "You are recused from this item and give no opinion on it.",
            )
        )
    return item


async def submit_opinion(act: MeetingAct, item_id: int, choice: Choice, text: str) -> None:
    """Keep an absent formal member's opinion on one item, before it is voted; a later one replaces it."""
    author = act.caller.person
    allow_opinion(await situation_of(act), item_id, choice)
    await store.submit_opinion(act.connection, keys_of(act, item_id), author, choice, text, act.context.now)
    await act.record(OpinionSubmitted(item_id, author, choice, text))


def allow_reading_out(situation: Situation, item_id: int, person: int) -> None:
    """This person's opinion on the item may be read out. Raises RefusedError."""
    item = item_in_session(situation, item_id, "open")
    opinion = existing(item.opinions.get(person))
    if opinion.void or opinion.read:
        raise RefusedError(
            Refused(
                "state.wrong",
                "该书面意见已宣读，或因本人到会而失效。",
                "That opinion was read out already, or is void since its author came.",
            )
        )
    if rule := recused_by(situation, item, person):
        raise RefusedError(
            Refused(
                rule,
                "该成员对本议题应当回避，其书面意见不予宣读。",
                "That member is recused from this item; their opinion is not read out.",
            )
        )


async def read_out(act: MeetingAct, item_id: int, person: int) -> None:
    """Record that the opinion was read out to the meeting, while its item is discussed."""
    allow_reading_out(await situation_of(act), item_id, person)
    await store.mark_opinion_read(act.connection, item_id, person, act.context.now)
    await act.record(OpinionRead(item_id, person))


async def withdraw_notice(act: MeetingAct, reason: str) -> None:
    """Withdraw the notice; the written opinions on its agenda are void with it."""
    await giving_notice.withdraw_notice(act, reason)
    for item, person in await store.void_all_opinions(act.connection, act.context.meeting.id, act.context.now):
        await act.record(OpinionVoided(item, person))
