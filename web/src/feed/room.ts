// The people of the meeting and those in the room: what the chair's, the observer's and the hall's screens count.
import type { MeetingState, Person, VoteRound } from './types'

export type Presence = MeetingState['presence'][string]['state'] | 'absent'

const bySeat = (a: Person, b: Person): number => (a.seat ?? 999) - (b.seat ?? 999) || a.id - b.id

/** Returns the formal members by seat: those of N once the meeting has fixed it, before that all who are members. */
export function members(state: MeetingState): Person[] {
  const everyone = Object.values(state.people)
  const formal = state.formal_members.length
    ? everyone.filter((each) => state.formal_members.includes(each.id))
    : everyone.filter((each) => each.roles.includes('member'))
  return formal.sort(bySeat)
}

/** Returns everybody else who is in the room: secretary, observer, attendees. */
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

/** Returns how many members are in the room, and of how many. */
export function attendance(state: MeetingState): { present: number; n: number } {
  const all = members(state)
  return { present: all.filter((each) => isHere(state, each.id)).length, n: all.length }
}

/** Returns those on the roll who have not voted; null where this screen knows only how many have. */
export function missing(vote: VoteRound): number[] | null {
  if (Object.keys(vote.ballots).length !== vote.cast) return null
  return vote.roll.filter((person) => !(person in vote.ballots))
}

export interface Motion {
  at: string
  /** The person who moved it, and how often: the server counts a repeated motion with the first. */
  mover: number
  times: number
  refused: MeetingState['refusals'][string]['refusals'][string]
}

/** Returns the motions from the floor, each refused. */
export function motions(state: MeetingState): Motion[] {
  return Object.values(state.refusals)
    .filter((each) => each.operation === 'motion.try')
    .flatMap(({ at, actor, times, refusals }) =>
      Object.values(refusals).map((refused) => ({ at, mover: Number(refused.facts.mover ?? actor), times, refused })),
    )
}
