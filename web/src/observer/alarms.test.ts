import { expect, it } from 'vitest'
import { EMPTY } from '@/feed/state'
import { alarmsOf } from './alarms'
import type { Entry } from '@/feed/ledger'

function entry(seq: number, kind: string, content: Record<string, unknown>): Entry {
  return { record: { seq, kind, content, at: '', body: 1, subject: 'meeting', subject_id: 1, actor: 2 }, hash: '', text: '', state: EMPTY }
}
const refusal = (rule: string) => ({ rule, clause: '', clause_en: '', detail: rule, detail_en: '', facts: {} })

it('rings for what the rules refused, a hand check-in, a replaced ballot, and nothing usual', () => {
  const entries = [
    entry(1, 'presence.arrived', { person: 2, method: 'code' }),
    entry(2, 'presence.arrived', { person: 3, method: 'hand' }),
    entry(3, 'ballot.cast', { person: 2, version: 1 }),
    entry(4, 'ballot.cast', { person: 2, version: 2 }),
    entry(5, 'rule.refused', { refusals: [] }),
  ]
  expect(alarmsOf(entries, [], []).map((each) => [each.key, each.kind])).toEqual([
    ['record-2', 'by_hand'],
    ['record-4', 'replaced'],
    ['record-5', 'refused'],
  ])
})

it('rings for a late delivery from its record on, and once', () => {
  const entries = [
    entry(1, 'notice.delivered', { person: 2, late: false }),
    entry(2, 'notice.delivered', { person: 3, late: true }),
  ]
  for (const against of [[], [refusal('notice.lead')]])
    expect(alarmsOf(entries, against, []).map((each) => [each.key, each.kind])).toEqual([['record-2', 'late']])
})

it('rings for a notice that came late, not for what else stands against a vote', () =>
  expect(alarmsOf([], [refusal('notice.lead'), refusal('quorum.general')], []).map((each) => each.kind)).toEqual(['late']))

it('rings for each lost connection anew', () => {
  const lost = [
    { person: 2, at: '2026-01-13T01:00:00Z' },
    { person: 2, at: '2026-01-13T01:05:00Z' },
  ]
  expect(new Set(alarmsOf([], [], lost).map((each) => each.key)).size).toBe(2)
})
