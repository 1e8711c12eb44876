import { afterEach, expect, it, vi } from 'vitest'
import { uuid } from './index'

const V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

afterEach(() => vi.unstubAllGlobals())

it('is a version 4 UUID, a new one each time, also where the page came without TLS', () => {
  expect(uuid()).toMatch(V4)
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) }) // there is no randomUUID
  const made = Array.from({ length: 200 }, uuid)
  for (const each of made) expect(each).toMatch(V4)
  expect(new Set(made).size).toBe(made.length)
})
