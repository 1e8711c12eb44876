// What the observer should look at: drawn from the records, and from what the server finds against the next vote.
import type { Objection } from '@/api'
import { isHere, members } from '@/feed/room'
import type { MeetingState } from '@/feed/types'
import type { Entry } from './ledger'

export type AlarmKind = 'refused' | 'by_hand' | 'replaced' | 'late' | 'lost'

export interface Alarm {
  key: string // it stays under this until it was looked at
  kind: AlarmKind
  entry: Entry | null // the record that it rests on
  refusal: Objection | null
  person: number | null
}

/** In the order in which they came. `against`: what forbids the item's vote now; `connected`: whose screens follow
 * the meeting, null where that is not told. */
export function alarmsOf(
  entries: Entry[],
  state: MeetingState,
  against: Objection[],
  connected: ReadonlySet<number> | null,
): Alarm[] {
  const found: Alarm[] = []
  for (const entry of entries) {
    const kind = kindOf(entry)
    if (kind) {
      const person = (entry.record.content.person as number | undefined) ?? null
      found.push({ key: `record-${entry.record.seq}`, kind, entry, refusal: null, person })
    }
  }
  for (const refusal of against.filter((each) => each.rule === 'notice.lead' || each.rule === 'notice.missing'))
    found.push({ key: `${refusal.rule}-${refusal.detail}`, kind: 'late', entry: null, refusal, person: null })
  if (connected && state.state === 'in_session')
    for (const { id } of members(state))
      if (isHere(state, id) && !connected.has(id))
        found.push({ key: `lost-${id}-${state.seq}`, kind: 'lost', entry: null, refusal: null, person: id })
  return found
}

function kindOf({ record }: Entry): AlarmKind | null {
  if (record.kind === 'rule.refused') return 'refused'
  if (record.kind === 'presence.arrived' && record.content.method === 'hand') return 'by_hand'
  if (record.kind === 'ballot.cast' && record.content.version > 1) return 'replaced'
  return null
}
