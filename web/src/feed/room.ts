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

/** How many of `base` must be present, in whole numbers: a share such as "1/2" or "1", or more than it. */
export function neededOf(base: number, share: string, strict: boolean): number {
  const [top = 1, bottom = 1] = share.split('/').map(Number)
  return strict ? Math.floor((base * top) / bottom) + 1 : Math.ceil((base * top) / bottom)
}

/** How many members are in the room of how many, and how many the meeting needs (Measures 2; Rules 5). */
export function attendance(state: MeetingState): { present: number; n: number; needed: number } {
  const all = members(state)
  const present = all.filter((each) => isHere(state, each.id)).length
  const needed = neededOf(all.length, state.charter?.quorum ?? '1/2', state.charter?.quorum_strict ?? false)
  return { present, n: all.length, needed }
}

/** Those on the roll who have not voted, as far as this screen knows who did; null where it only knows how many. */
export function missing(vote: VoteRound): number[] | null {
  if (Object.keys(vote.ballots).length !== vote.cast) return null
  return vote.roll.filter((person) => !(person in vote.ballots))
}
