// The one thing that the meeting waits for from this person: the largest on the page.
import { chairOf, current, following, latest } from '@/feed/state'
import { isHere, missing } from '@/feed/room'
import type { MeetingState } from '@/feed/types'

export type Step =
  | 'loading'
  | 'draft'
  | 'not_chair' // neither presides nor holds the chair
  | 'entrusted' // presides, and somebody else holds the chair
  | 'check_in'
  | 'call'
  | 'recused' // holds the chair of an item from which they are recused
  | 'present'
  | 'discuss'
  | 'open'
  | 'ballot' // the vote is open and their own ballot is due
  | 'collect' // the vote is open and others have yet to vote
  | 'close'
  | 'announce'
  | 'adjourn'
  | 'after'

/** Returns the step of person `me`. `voted`: whether their ballot in the open vote is counted, as their device knows;
 * `waits`: whether it may not be cast yet. */
export function stepOf(state: MeetingState, me: number, voted: boolean, waits = false): Step {
  if (state.seq === 0) return 'loading'
  if (me !== state.presiding && me !== chairOf(state)) return 'not_chair'
  if (state.state === 'adjourned') return 'after'
  if (state.state === 'draft' || state.state === 'cancelled') return 'draft'
  if (chairOf(state) !== me) return 'entrusted'
  if (!isHere(state, me)) return 'check_in'
  if (state.state === 'noticed') return 'call'
  const item = current(state)
  if (!item) return following(state) ? 'present' : 'adjourn'
  if (me in item.recusals) return 'recused'
  if (item.state === 'open') return item.discussed ? 'open' : 'discuss'
  if (item.state === 'voted') return 'announce'
  const vote = latest(item)
  if (!vote) return 'collect'
  // By voice or show of hands the secretary takes the chair's ballot down, too.
  const due = vote.roll.includes(me) && !voted && !(me in vote.ballots)
  const mine = due && vote.form === 'device'
  const out = missing(vote)
  const rest = out ? out.filter((person) => person !== me).length : vote.roll.length - vote.cast - (due ? 1 : 0)
  if (mine && !waits) return 'ballot'
  return rest > 0 || (due && !mine) ? 'collect' : 'close'
}
