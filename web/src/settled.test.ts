import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { awaited, wait } from './settled'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())
const settled = () => 'settled' in document.documentElement.dataset

it('says that the page waits for nothing once all that it waits for has come', async () => {
  const first = wait()
  const second = wait()
  expect(settled()).toBe(false)
  first()
  first()
  vi.runAllTimers()
  expect(settled()).toBe(false)
  second()
  expect(settled()).toBe(false) // not yet drawn
  vi.runAllTimers()
  expect(settled()).toBe(true)
})

it('waits on where what has come asks for more, and for what fails no longer', async () => {
  wait()()
  const failing = awaited(Promise.reject(new Error('away')))
  vi.runAllTimers()
  expect(settled()).toBe(false)
  await expect(failing).rejects.toThrow('away')
  vi.runAllTimers()
  expect(settled()).toBe(true)
})
