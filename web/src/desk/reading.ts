// Reading anew whenever something has changed: one read at a time, and one more where it was asked for meanwhile.
import type { Ref } from 'vue'
import type { Refused, Unreachable } from '@/api'
import { useAct } from '@/parts/act'

export interface Reading {
  problem: Ref<Refused | Unreachable | null>
  load: () => Promise<void>
}

export function useReading(read: () => Promise<unknown>): Reading {
  const { pending, problem, run } = useAct()
  let again = false
  return {
    problem,
    async load() {
      again = true
      if (pending.value) return
      while (again) {
        again = false
        await run(read)
      }
    },
  }
}
