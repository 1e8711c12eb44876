import { expect, it } from 'vitest'
import { merge } from './patch'

// RFC 7396, appendix A.
it.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [['a', 'b'], ['c', 'd'], ['c', 'd']],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j with %j is %j', (target, patch, wanted) => expect(merge<unknown>(target, patch)).toEqual(wanted))

it('changes nothing that was handed out, and keeps what it does not touch', () => {
  const before = { items: { 1: { title: 'a', votes: { 7: { cast: 0 } } }, 2: { title: 'b' } }, people: { 1: {} } }
  const copy = structuredClone(before)
  const after = merge(before, { items: { 1: { votes: { 7: { cast: 1 } } } } })
  expect(before).toEqual(copy)
  expect(after.items[1].votes[7].cast).toBe(1)
  expect(after.items[2]).toBe(before.items[2])
  expect(after.people).toBe(before.people)
})
