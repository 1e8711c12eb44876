import { describe, expect, it } from 'vitest'
import type { PendingMinutes } from '@/api'
import { inOrder, waitingOf } from './waiting'

const TURNS = { draft: 'office_head', office_reviewed: 'deputy', deputy_reviewed: 'head', signed: 'secretary' } as const

// The server says whose turn it is; here the one who holds the role of that name may act.
function pending(id: number, state: keyof typeof TURNS, roles: string[], since = '2026-01-14T01:00:00Z'): PendingMinutes {
  const hand = TURNS[state]
  const turn = { hand, names: [], mine: roles.includes(hand), refusals: [] }
  return { id, meeting: 7, title: '党组会议', starts_at: '2026-01-13T01:00:00Z', state, turn, sent_back: null, version: 1, since, roles }
}

describe('minutes that wait', () => {
  it('wait for each in turn', () => {
    for (const state of Object.keys(TURNS) as (keyof typeof TURNS)[]) {
      for (const role of Object.values(TURNS))
        expect(waitingOf(pending(1, state, ['member', role]), '党组').mine).toBe(role === TURNS[state])
    }
  })

  it('lead the reviewers to the review, the secretary to the meeting unless the review is theirs', () => {
    const to = (state: keyof typeof TURNS, ...roles: string[]) => waitingOf(pending(1, state, roles), '党组').to
    expect(to('draft', 'office_head')).toBe('/desk/minutes/7/1')
    expect(to('signed', 'chair')).toBe('/desk/minutes/7/1')
    expect(to('signed', 'secretary')).toBe('/desk/meetings/7/minutes')
    expect(to('office_reviewed', 'secretary', 'office_head')).toBe('/desk/meetings/7/minutes')
    expect(to('draft', 'secretary', 'office_head')).toBe('/desk/minutes/7/1')
  })

  it('stand with mine first, those that moved last before the others', () => {
    const lines = [
      pending(1, 'office_reviewed', ['office_head'], '2026-01-16T01:00:00Z'),
      pending(2, 'draft', ['office_head'], '2026-01-14T01:00:00Z'),
      pending(3, 'signed', ['office_head'], '2026-01-17T01:00:00Z'),
      pending(4, 'draft', ['office_head'], '2026-01-15T01:00:00Z'),
    ]
    expect(inOrder(lines.map((line) => waitingOf(line, '党组'))).map(({ line }) => line.id)).toEqual([4, 2, 3, 1])
  })
})
