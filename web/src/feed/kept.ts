// A meeting as a member's screen knew it, kept so that a tablet which reloads without a connection still shows it. It
// is only shown: once the connection is back, the server sends the meeting anew. Of a personnel item neither motion,
// subjects, papers, discussion nor anybody's choice are kept.
import { shelf } from '@/kept'
import type { Clauses } from './basis'
import { NOTHING } from './state'
import type { Item, MeetingState, Mine } from './types'

export interface Known {
  state: MeetingState
  mine: Mine
  clauses: Clauses
}

interface Kept extends Known {
  key: string
  at: number // ms, by this device
}

const MOST = 4 // meetings
const LARGEST = 2_000_000 // characters of JSON
const meetings = shelf<Kept>('yijue-meetings', 'meetings')
const keyOf = (person: number, meeting: number) => `${person}/${meeting}`

export async function keepMeeting(person: number, meeting: number, known: Known): Promise<void> {
  const { state, mine, clauses } = known
  const items = Object.fromEntries(Object.entries(state.items).map(([id, item]) => [id, bare(item)]))
  const kept: Kept = {
    key: keyOf(person, meeting),
    at: Date.now(),
    state: { ...state, items, refusals: {}, objections: {}, requests: {}, administration: {} },
    mine: { ...NOTHING, ballots: mine.ballots },
    clauses,
  }
  if (JSON.stringify(kept).length > LARGEST) return
  await meetings.put(kept)
  const older = ((await meetings.all()) ?? []).sort((a, b) => b.at - a.at).slice(MOST)
  for (const each of older) await meetings.drop(each.key)
}

function bare(item: Item): Item {
  if (item.category !== 'personnel') return item
  const recusals = Object.fromEntries(Object.entries(item.recusals).map(([who, each]) => [who, { ...each, reason: '' }]))
  const votes = Object.fromEntries(Object.entries(item.votes).map(([id, each]) => [id, { ...each, ballots: {} }]))
  const decision = item.decision && { ...item.decision, reason: '', text: '' }
  const closed = { motion: '', subjects: {}, papers: {}, speeches: {}, positions: {}, voiced: {}, opinions: {}, reason: '' }
  return { ...item, ...closed, recusals, votes, decision }
}

export async function keptMeeting(person: number, meeting: number): Promise<Known | null> {
  return (await meetings.take(keyOf(person, meeting))) ?? null
}

export async function forgetMeeting(person: number, meeting: number): Promise<void> {
  await meetings.drop(keyOf(person, meeting))
}

/** Forget them all: nobody is signed in any more, or somebody else is. */
export async function forgetMeetings(): Promise<void> {
  await meetings.clear()
}
