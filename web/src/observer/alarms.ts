// What the observer should look at: drawn from the records, from what the server finds against the next vote, and
// from connections that were lost.
import type { Objection } from '@/api'
import type { Entry } from '@/feed/ledger'
import type { Lost } from './lost'

export type AlarmKind = 'refused' | 'by_hand' | 'replaced' | 'late' | 'lost'

export interface Alarm {
  key: string // it stays under this until it was looked at
  kind: AlarmKind
  entry: Entry | null // the record that it rests on
  refusal: Objection | null
  lost: Lost | null
}

/** Records first, in their order. `against`: what forbids the item's vote now. */
export function alarmsOf(entries: Entry[], against: Objection[], lost: Lost[]): Alarm[] {
  const none = { entry: null, refusal: null, lost: null }
  const found: Alarm[] = []
  for (const entry of entries) {
    const kind = kindOf(entry)
    if (kind) found.push({ ...none, key: `record-${entry.record.seq}`, kind, entry })
  }
  // A late delivery is told by its record; that a meeting was called ahead of its time, by no record.
  const told = found.some((each) => each.kind === 'late')
  for (const refusal of against.filter((each) => each.rule === 'notice.missing' || (each.rule === 'notice.lead' && !told)))
    found.push({ ...none, key: `${refusal.rule}-${refusal.detail}`, kind: 'late', refusal })
  for (const each of lost) found.push({ ...none, key: `lost-${each.person}-${each.at}`, kind: 'lost', lost: each })
  return found
}

function kindOf({ record }: Entry): AlarmKind | null {
  if (record.kind === 'rule.refused') return 'refused'
  if (record.kind === 'presence.arrived' && record.content.method === 'hand') return 'by_hand'
  if (record.kind === 'notice.delivered' && record.content.late) return 'late'
  if (record.kind === 'ballot.cast' && record.content.version > 1) return 'replaced'
  return null
}
