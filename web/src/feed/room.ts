// Who is of the meeting and who is in the room: what the chair's, the observer's and the hall's screens count.
import type { MeetingState, Person, VoteRound } from './types'

export type Presence = MeetingState['presence'][string]['state'] | 'absent'

const bySeat = (a: Person, b: Person): number => (a.seat ?? 999) - (b.seat ?? 999) || a.id - b.id

/** The formal members by seat: N's once it is taken, before that those whom the meeting knows. */
export function members(state: MeetingState): Person[] {
  const everyone = Object.values(state.people)
  const formal = state.formal_members.length
    ? everyone.filter((each) => state.formal_members.includes(each.id))
    : everyone.filter((each) => each.roles.includes('member'))
  return formal.sort(bySeat)
}

/** Everybody else who is in the room: secretary, observer, attendees. */
export function others(state: MeetingState): Person[] {
  const formal = new Set(members(state).map((each) => each.id))
  return Object.values(state.people)
    .filter((each) => !formal.has(each.id) && isHere(state, each.id))
    .sort(bySeat)
}

export function presenceOf(state: MeetingState, person: number): Presence {
  return state.presence[person]?.state ?? 'absent'
}

export function isHere(state: MeetingState, person: number): boolean {
  return presenceOf(state, person) === 'present'
}

/** How many members are in the room of how many. */
export function attendance(state: MeetingState): { present: number; n: number } {
  const all = members(state)
  return { present: all.filter((each) => isHere(state, each.id)).length, n: all.length }
}

/** Those on the roll who have not voted, as far as this screen knows who did; null where it only knows how many. */
export function missing(vote: VoteRound): number[] | null {
  if (Object.keys(vote.ballots).length !== vote.cast) return null
  return vote.roll.filter((person) => !(person in vote.ballots))
}
