// The meeting's state as the feed keeps it, and what pages look up in it. Values
// keyed by id are in the order of the ids.
import type { Item, MeetingState, Mine, Minutes, Notice, VoteRound } from './types'

/** The state before anything is known. */
export const EMPTY: MeetingState = {
  seq: 0,
  id: 0,
  refusals: {},
  state: 'draft',
  cancelled: '',
  title: '',
  place: '',
  presiding: 0,
  secretary: 0,
  approval: { stage: 'open', version: 0, reason: '' },
  people: {},
  notices: {},
  items: {},
  presence: {},
  invited: [],
  formal_members: [],
  objections: {},
  requests: {},
  administration: {},
  minutes: {},
  proceedings: {},
}

/** The state that concerns the reader alone, before anything is known. */
export const NOTHING: Mine = { ballots: {}, opinions: {}, may: {}, weighed: {}, required: {} }

/** The items in their order. */
export function agenda(state: MeetingState): Item[] {
  return Object.values(state.items).sort((a, b) => a.position - b.position)
}

/** The item before the meeting. */
export function current(state: MeetingState): Item | undefined {
  return Object.values(state.items).find((item) => ['open', 'voting', 'voted'].includes(item.state))
}

/** The next item to be put, in the order of the agenda. */
export function following(state: MeetingState): Item | undefined {
  return agenda(state).find((item) => item.state === 'listed')
}

/** The item's latest round. */
export function latest(item: Item): VoteRound | undefined {
  return Object.values(item.votes).at(-1)
}

/** The person who holds the chair now. */
export function chairOf(state: MeetingState): number {
  return state.acting ?? state.presiding
}

/** The notice that stands. */
export function standing(state: MeetingState): Notice | undefined {
  return Object.values(state.notices).find((notice) => !notice.withdrawn_at)
}

/** The meeting's latest minutes; a voided issue stays the latest until its successor is begun. */
export function latestMinutes(state: MeetingState): Minutes | undefined {
  return Object.values(state.minutes).at(-1)
}
