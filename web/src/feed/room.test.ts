import { expect, it } from 'vitest'
import { neededOf } from './room'

it.each([
  [9, '1/2', false, 5],
  [8, '1/2', false, 4],
  [8, '1/2', true, 5],
  [9, '2/3', false, 6],
  [7, '1', false, 7],
])('%i by %s, strict %s: %i must be present', (base, share, strict, needed) =>
  expect(neededOf(base, share, strict)).toBe(needed))
