// The act of a button: one at a time, and its refusal shown where it was pressed.
import { ref, watch, type Ref } from 'vue'
import { Refused, Unreachable } from '@/api'

export interface Acting {
  pending: Ref<boolean>
  problem: Ref<Refused | Unreachable | null>
  /** Do the act; returns whether it succeeded. */
  run(act: () => Promise<unknown>): Promise<boolean>
}

/** `about`: the thing acted on; a refusal of one thing is not shown at the next. */
export function useAct(about?: () => unknown): Acting {
  const pending = ref(false)
  const problem = ref<Refused | Unreachable | null>(null)
  if (about) watch(about, () => (problem.value = null), { flush: 'sync' })
  return {
    pending,
    problem,
    async run(act) {
      if (pending.value) return false
      pending.value = true
      problem.value = null
      try {
        await act()
        return true
      } catch (error) {
        if (!(error instanceof Refused || error instanceof Unreachable)) throw error
        problem.value = error
        return false
      } finally {
        pending.value = false
      }
    },
  }
}
