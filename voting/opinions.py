"""Written opinions (Rules 6(4), 6(5)): read out and recorded, never counted, void once their author is present."""

from acts.acting import found
from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_state
from voting import store
from voting.recusing import list_required
from voting.roll import check_choice
from voting.room import item_in, place_of, require_item_state


async def submit_opinion(act: MeetingAct, item_id: int, choice: str, text: str) -> None:
    """An absent formal member's opinion on one item, before it is voted; a later one replaces it."""
    meeting, author = act.place.meeting, act.caller.person
    require_state(meeting, "noticed", "in_session")
    item = found(await agenda_store.item(act.connection, meeting.id, item_id))
    require_item_state(item, "listed", "open")
    require(check_choice(choice, item.personnel))
    if meeting.formal_members is not None and author not in meeting.formal_members:
        raise RefusedError(
            Refused(
                "vote.not_member",
                "您不是本次会议的应到会成员，不能提交书面意见；名单有误的，请联系秘书。",
                "You are not one of this meeting's formal members and give no written opinion. If the list is wrong, "
                "ask the secretary.",
            )
        )
    if (await store.presence(act.connection, meeting.id)).get(author) == "present":
        raise RefusedError(
            Refused(
                "state.wrong",
                "您已到会，请在会上发表意见并参加表决。",
                "You are present: speak and vote in the meeting.",
            )
        )
    recused = await store.recused(act.connection, item.id)
    for required in await list_required(act.connection, meeting):
        if required.item == item.id:
            recused.setdefault(required.person, required.rule)
    if author in recused:
        raise RefusedError(
            Refused(
                recused[author],
                "您对本议题应当回避，不得发表书面意见。",
                "You are recused from this item and give no opinion on it.",
            )
        )
    await store.submit_opinion(act.connection, place_of(act, item.id), author, choice, text, act.place.now)
    content = {"item": item.id, "person": author, "choice": choice, "text": text}
    await act.record("opinion.submitted", content)


async def read_out(act: MeetingAct, item_id: int, person: int) -> None:
    """The opinion was read out to the meeting while its item is discussed."""
    item = await item_in(act, item_id, "open")
    opinion = found(
        next(
            (
                each
                for each in await store.opinions(act.connection, item.meeting_id)
                if (each.item, each.person) == (item.id, person)
            ),
            None,
        )
    )
    if opinion.void or opinion.read:
        raise RefusedError(
            Refused(
                "state.wrong",
                "该书面意见已宣读，或因本人到会而失效。",
                "That opinion was read out already, or is void since its author came.",
            )
        )
    if rule := (await store.recused(act.connection, item.id)).get(person):
        raise RefusedError(
            Refused(
                rule,
                "该成员对本议题应当回避，其书面意见不予宣读。",
                "That member is recused from this item; their opinion is not read out.",
            )
        )
    await store.mark_opinion_read(act.connection, item.id, person, act.place.now)
    await act.record("opinion.read", {"item": item.id, "person": person})
