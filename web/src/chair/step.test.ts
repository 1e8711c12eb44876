import { expect, it } from 'vitest'
import { EMPTY } from '@/feed/state'
import { byId, item, meeting, round } from './meeting.fixture'
import { stepOf } from './step'

const voting = (roll: number[], voted: number[]) => meeting({ items: byId(item(1, 'voting', { votes: byId(round(roll, voted)) })) })

it.each([
  ['loading', EMPTY],
  ['draft', meeting({ state: 'draft' })],
  ['call', meeting({ state: 'noticed' })],
  ['check_in', meeting({ state: 'noticed', presence: {} })],
  ['check_in', meeting({ presence: {} })],
  ['entrusted', meeting({ acting: 2 })],
  ['discuss', meeting()],
  ['open', meeting({ items: byId(item(1, 'open', { discussed: true })) })],
  ['recused', meeting({ items: byId(item(1, 'open', { recusals: { 1: { rule: 'recusal.declared', reason: '', seq: 5 } } })) })],
  ['collect', voting([1, 2, 3], [2])],
  ['ballot', voting([1, 2, 3], [2, 3])],
  ['close', voting([1, 2, 3], [1, 2, 3])],
  ['close', voting([2, 3], [2, 3])],
  ['announce', meeting({ items: byId(item(1, 'voted', { votes: byId(round([1], [1])) })) })],
  ['present', meeting({ items: byId(item(1, 'decided'), item(2, 'listed')) })],
  ['adjourn', meeting({ items: byId(item(1, 'decided')) })],
  ['after', meeting({ state: 'adjourned' })],
])('%s', (step, state) => expect(stepOf(state, 1, false, step === 'collect')).toBe(step))

it('is nobody else’s meeting, but for who holds the chair', () => {
  expect(stepOf(meeting(), 2, false)).toBe('not_chair')
  expect(stepOf(meeting({ acting: 2 }), 2, false)).toBe('discuss')
})

it('knows of a ballot on this device before the feed tells of it', () =>
  expect(stepOf(voting([1, 2], [2]), 1, true)).toBe('close'))

it('is their own ballot as soon as they may cast it', () => {
  expect(stepOf(voting([1, 2, 3], []), 1, false, true)).toBe('collect')
  expect(stepOf(voting([1, 2, 3], []), 1, false, false)).toBe('ballot')
})

it('counts where it is not told who has voted', () => {
  const hidden = round([1, 2, 3], [], { cast: 2 })
  expect(stepOf(meeting({ items: byId(item(1, 'voting', { votes: byId(hidden) })) }), 1, true)).toBe('collect')
})
