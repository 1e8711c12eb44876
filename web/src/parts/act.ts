// What a button does: once at a time, and its refusal shown where it was pressed.
import { ref, type Ref } from 'vue'
import { Refused, Unreachable } from '@/api'

export interface Acting {
  pending: Ref<boolean>
  problem: Ref<Refused | Unreachable | null>
  /** Do it; gives whether it went through. */
  run(act: () => Promise<unknown>): Promise<boolean>
}

export function useAct(): Acting {
  const pending = ref(false)
  const problem = ref<Refused | Unreachable | null>(null)
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
