import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, it } from 'vitest'
import { byId, item, meeting, round } from '@/chair/meeting.fixture'
import type { MeetingState } from '@/feed/types'
import { alarmsOf, recorded, useAlarms } from './alarms'

const AT = '2026-01-13T01:00:00Z'
const refusal = (rule: string) => ({ rule, clause: '', clause_en: '', detail: rule, detail_en: '', facts: {} })
const rung = (state: MeetingState) => recorded(state).map((each) => [each.key, each.kind])
const voting = (version: number, seq: number) =>
  byId(item(1, 'voting', { votes: byId(round([2, 3], [], { ballots: { 2: { version: 1, at: AT, seq: 3, objected: 0 }, 3: { version, at: AT, seq, objected: 0 } } })) }))
const delivered = (late: boolean): MeetingState['notices'] => ({
  4: { id: 4, at: AT, agenda_hash: '', reason: '', changes: {}, deliveries: { 3: { method: 'phone', at: AT, late, seq: 6 } } },
})

it('rings for what the rules refused, a hand check-in, a replaced ballot, and nothing usual', () => {
  const presence: MeetingState['presence'] = {
    2: { state: 'present', at: AT, method: 'code', reason: '', seq: 1 },
    3: { state: 'present', at: AT, method: 'hand', reason: '', seq: 2 },
  }
  const refusals: MeetingState['refusals'] = { 5: { at: AT, operation: 'vote.open', refusals: {}, times: 1 } }
  expect(rung(meeting({ presence, items: voting(2, 4), refusals }))).toEqual([
    ['record-2', 'by_hand'],
    ['record-4', 'replaced'],
    ['record-5', 'refused'],
  ])
  expect(rung(meeting())).toEqual([])
  const administration: MeetingState['administration'] = { 7: { what: 'password', person: 2, at: AT } }
  expect(rung(meeting({ administration }))).toEqual([['record-7', 'administered']])
})

it('rings for a late delivery from its record on, and once', () => {
  expect(recorded(meeting({ notices: delivered(false) }))).toEqual([])
  for (const against of [[], [refusal('notice.lead')]])
    expect(alarmsOf(recorded(meeting({ notices: delivered(true) })), against, []).map((each) => [each.key, each.kind])).toEqual([
      ['record-6', 'late'],
    ])
})

it('rings for a notice that came late, not for what else stands against a vote', () =>
  expect(alarmsOf([], [refusal('notice.lead'), refusal('quorum.general')], []).map((each) => each.kind)).toEqual(['late']))

it('rings for each lost connection anew', () => {
  const lost = [
    { person: 2, at: AT },
    { person: 2, at: '2026-01-13T01:05:00Z' },
  ]
  expect(new Set(alarmsOf([], [], lost).map((each) => each.key)).size).toBe(2)
})

it('rings for every replacement, also once another has followed', async () => {
  const scope = effectScope()
  const state = shallowRef(meeting({ items: voting(2, 4) }))
  const alarms = scope.run(() => useAlarms(state, () => [], shallowRef([])))!
  state.value = meeting({ items: voting(3, 9) })
  await nextTick()
  expect(alarms.value.map((each) => each.key)).toEqual(['record-4', 'record-9'])
  scope.stop()
})
