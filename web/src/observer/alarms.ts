// The alarms that the observer should look at: from the meeting's state, from what the server finds against the next
// vote, and from connections that were lost.
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { RefusedRule } from '@/api'
import type { MeetingState } from '@/feed/types'
import type { Lost } from './lost'

export type AlarmKind = 'refused' | 'by_hand' | 'replaced' | 'late' | 'lost' | 'administered'

export interface Alarm {
  key: string // the alarm stays under this until it was looked at
  kind: AlarmKind
  seq: number // the record that it rests on, 0 for none
  at: string
  refusal?: RefusedRule
  lost?: Lost
}

/** Returns the alarms that rest on a record, in the order of the records. */
export function recorded(state: MeetingState): Alarm[] {
  const found: Alarm[] = []
  const ring = (kind: AlarmKind, seq: number, at: string) => found.push({ key: `record-${seq}`, kind, seq, at })
  for (const [seq, { at }] of Object.entries(state.refusals)) ring('refused', Number(seq), at)
  for (const { method, seq, at } of Object.values(state.presence)) if (method === 'hand') ring('by_hand', seq, at)
  for (const { deliveries } of Object.values(state.notices))
    for (const { late, seq, at } of Object.values(deliveries)) if (late) ring('late', seq, at)
  for (const [seq, { at }] of Object.entries(state.administration)) ring('administered', Number(seq), at)
  for (const { votes } of Object.values(state.items))
    for (const { ballots } of Object.values(votes))
      for (const { version, seq, at } of Object.values(ballots)) if (version > 1 && at) ring('replaced', seq, at)
  return found.sort((a, b) => a.seq - b.seq)
}

/** Returns all alarms. `against`: the refusals that the item's vote would meet now. */
export function alarmsOf(records: Alarm[], against: RefusedRule[], lost: Lost[]): Alarm[] {
  const found = [...records]
  // A late delivery has its record; a meeting called ahead of its time has none.
  const told = found.some((each) => each.kind === 'late')
  for (const refusal of against.filter((each) => each.rule === 'notice.missing' || (each.rule === 'notice.lead' && !told)))
    found.push({ key: `${refusal.rule}-${refusal.detail}`, kind: 'late', seq: 0, at: '', refusal })
  for (const each of lost) found.push({ key: `lost-${each.person}-${each.at}`, kind: 'lost', seq: 0, at: each.at, lost: each })
  return found
}

/** Returns all alarms. They stay after their record was overtaken: a ballot replaced again, a person who has left. */
export function useAlarms(state: Ref<MeetingState>, against: () => RefusedRule[], lost: Ref<Lost[]>): ComputedRef<Alarm[]> {
  const records = shallowRef<Alarm[]>([])
  watch(
    state,
    (now) => {
      const fresh = recorded(now).filter((each) => !records.value.some((one) => one.key === each.key))
      if (fresh.length) records.value = [...records.value, ...fresh]
    },
    { immediate: true },
  )
  return computed(() => alarmsOf(records.value, against(), lost.value))
}
