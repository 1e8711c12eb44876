// A read that failed is repeated once the server can be reached.
import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Refused, Unreachable } from '@/api'
import { useReading } from './reading'

let away: Refused | Unreachable | null
let reads: number

function reading() {
  const mine = effectScope()
  const found = mine.run(() =>
    useReading(async () => {
      reads += 1
      if (away) throw away
    }),
  )!
  return { ...found, leave: () => mine.stop() }
}

beforeEach(() => {
  vi.useFakeTimers()
  reads = 0
  away = new Unreachable()
})
afterEach(() => vi.useRealTimers())

it('asks again by itself until it is answered, and says so until then', async () => {
  const { load, problem, leave } = reading()
  await load()
  expect(problem.value).toBeInstanceOf(Unreachable)
  await vi.advanceTimersByTimeAsync(2_100)
  expect([reads, problem.value]).toEqual([2, away])
  away = null
  await vi.advanceTimersByTimeAsync(2_100)
  expect([reads, problem.value]).toEqual([3, null])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reads).toBe(3)
  leave()
})

it('asks at once when the network is back', async () => {
  const { load, problem, leave } = reading()
  await load()
  away = null
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  expect([reads, problem.value]).toEqual([2, null])
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  expect(reads).toBe(2)
  leave()
})

it('asks no more of who refused, nor for a page that was left', async () => {
  away = new Refused(403, [])
  const { load, problem, leave } = reading()
  await load()
  await vi.advanceTimersByTimeAsync(10_000)
  expect([reads, problem.value]).toEqual([1, away])
  away = new Unreachable()
  await load()
  leave()
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(reads).toBe(2)
})
