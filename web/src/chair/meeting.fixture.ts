// A meeting of five for tests: 1 presides, 5 is away, one item is listed and one before the meeting.
import { EMPTY } from '@/feed/state'
import type { Item, MeetingState, VoteRound } from '@/feed/types'

export const CHARTER: NonNullable<MeetingState['charter']> = {
  lead_working_days: 1,
  quorum: '1/2',
  personnel_quorum: '2/3',
  quorum_strict: false,
  recused_in_base: true,
  recused_counts_present: false,
  deputies: true,
  close_margin: 1,
  chair_last: true,
  ballot_change: 'until_chair',
  ballots_live: 'observer',
  oral_vote: true,
  hands_vote: true,
  number_year: 'meeting',
  minutes_series: '',
}

/** Key the values by id, as the state holds them. */
export function byId<T extends { id: number }>(...all: T[]): Record<string, T> {
  return Object.fromEntries(all.map((each) => [each.id, each]))
}

export function item(id: number, state: Item['state'], more: Partial<Item> = {}): Item {
  return {
    id,
    position: id,
    title: `议题${id}`,
    motion: '',
    category: 'major',
    subjects: {},
    confidential: false,
    attendees: [],
    called_in: [],
    materials_complete: true,
    papers: {},
    state,
    discussed: false,
    reason: '',
    clause: '',
    speeches: {},
    positions: {},
    voiced: {},
    opinions: {},
    recusals: {},
    votes: {},
    ...more,
  }
}

export function round(roll: number[], voted: number[], more: Partial<VoteRound> = {}): VoteRound {
  return {
    id: 7,
    round: 1,
    opened_at: '2026-01-13T01:00:00Z',
    form: 'device',
    state: 'open',
    chair: 1,
    roll,
    absent: [],
    recused: [],
    base: 5,
    needed: 3,
    cast: voted.length,
    ballots: Object.fromEntries(voted.map((who) => [who, { version: 1, seq: 0, objected: 0 }])),
    sensitive: false,
    outstanding: [],
    rule: '',
    reopened: '',
    ...more,
  }
}

export function meeting(more: Partial<MeetingState> = {}): MeetingState {
  const people: MeetingState['people'] = {}
  const presence: MeetingState['presence'] = {}
  for (const id of [1, 2, 3, 4, 5]) {
    people[id] = { id, name: `成员${id}`, post: '', seat: id, in_charge: '', roles: ['member'] }
    if (id < 5) presence[id] = { state: 'present', at: '2026-01-13T00:50:00Z', method: 'code', reason: '', seq: id }
  }
  return {
    ...EMPTY,
    seq: 9,
    state: 'in_session',
    presiding: 1,
    charter: CHARTER,
    people,
    presence,
    n: 5,
    formal_members: [1, 2, 3, 4, 5],
    items: byId(item(1, 'open'), item(2, 'listed')),
    ...more,
  }
}
