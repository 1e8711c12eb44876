// Reading anew whenever something has changed: one read at a time, and one more where it was asked for meanwhile. While
// the server cannot be reached it is asked again by itself, at once when the network or the page comes back.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { Refused, Unreachable } from '@/api'
import { awaited } from '@/settled'

const AGAIN = 2_000 // ms

export interface Reading {
  problem: ShallowRef<Refused | Unreachable | null>
  load: () => Promise<void>
}

export function useReading(read: () => Promise<unknown>): Reading {
  const problem = shallowRef<Refused | Unreachable | null>(null)
  let reading = false
  let again = false
  let over = false
  let waiting: ReturnType<typeof setTimeout> | undefined

  /** Read; a problem stays shown until it is known to be gone. */
  async function attempt(): Promise<void> {
    again = true
    if (reading) return
    reading = true
    clearTimeout(waiting)
    try {
      while (again && !over) {
        again = false
        problem.value = await outcome()
      }
    } finally {
      reading = false
    }
    if (problem.value instanceof Unreachable && !over) waiting = setTimeout(back, AGAIN)
  }

  async function outcome(): Promise<Refused | Unreachable | null> {
    try {
      await awaited(read())
      return null
    } catch (error) {
      if (error instanceof Refused || error instanceof Unreachable) return error
      throw error
    }
  }

  function back(): void {
    if (problem.value instanceof Unreachable && document.visibilityState === 'visible') void attempt()
  }

  document.addEventListener('visibilitychange', back)
  window.addEventListener('online', back)
  onScopeDispose(() => {
    over = true
    clearTimeout(waiting)
    document.removeEventListener('visibilitychange', back)
    window.removeEventListener('online', back)
  })
  return {
    problem,
    load() {
      problem.value = null
      return attempt()
    },
  }
}
