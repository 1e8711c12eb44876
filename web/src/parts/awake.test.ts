import { afterEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useAwake } from './awake'

let seen = true
vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => (seen ? 'visible' : 'hidden'))

/** Stub a browser that has the screen's lock; returns the locks that it gave. */
function browser(refuses = false): { released: boolean }[] {
  const locks: { released: boolean; release(): Promise<void> }[] = []
  vi.stubGlobal('navigator', {
    wakeLock: {
      async request() {
        if (refuses) throw new DOMException('battery', 'NotAllowedError')
        const lock = { released: false, release: async () => void (lock.released = true) }
        locks.push(lock)
        return lock
      },
    },
  })
  return locks
}

async function show(now: boolean, locks: { released: boolean }[] = []): Promise<void> {
  seen = now
  if (!now) for (const lock of locks) lock.released = true // by the browser itself
  document.dispatchEvent(new Event('visibilitychange'))
  await Promise.resolve()
}

afterEach(() => {
  vi.unstubAllGlobals()
  seen = true
})

it('keeps the screen on while the page is seen, asks again when it comes back, and lets go with the page', async () => {
  const locks = browser()
  const page = effectScope()
  page.run(useAwake)
  await Promise.resolve()
  await show(true)
  expect(locks).toHaveLength(1) // not a second beside one that holds
  await show(false, locks)
  expect(locks).toHaveLength(1)
  await show(true)
  expect(locks.map((lock) => lock.released)).toEqual([true, false])
  page.stop()
  expect(locks[1]!.released).toBe(true)
  await show(true)
  expect(locks).toHaveLength(2)
})

it('lets go of a lock that comes after the page has gone', async () => {
  const locks = browser()
  const page = effectScope()
  page.run(useAwake)
  page.stop()
  await show(true)
  expect(locks.map((lock) => lock.released)).toEqual([true])
})

it('is silent where the browser refuses, or has none', async () => {
  browser(true)
  effectScope().run(useAwake)
  await show(true)
  vi.stubGlobal('navigator', {})
  effectScope().run(useAwake)
  await show(true)
})
