// Words that were written and not sent. Escape, Back and another page leave them where they were: the dialog that is
// opened again has them. They stand in this page's memory alone, and go with whoever signs out.
import { customRef, watch, type Ref } from 'vue'
import { useSession } from '@/session'

const drafts = new Map<string, unknown>()
let writer = 0

/** Returns a value that outlasts its page under a name: the first time `empty`, later what was last set. Null as the
 * value takes the draft away, and `empty` is back. */
export function useDraft<T>(name: () => string, empty: () => T): { draft: Ref<T>; forget: () => void } {
  const session = useSession()
  const mine = (): void => {
    const person = session.whose?.person ?? 0
    if (person !== writer) drafts.clear()
    writer = person
  }
  let touched = (): void => {}
  const draft = customRef<T>((track, trigger) => {
    touched = trigger
    return {
      get() {
        track()
        mine()
        return drafts.has(name()) ? (drafts.get(name()) as T) : empty()
      },
      set(value) {
        mine()
        drafts.set(name(), value)
        trigger()
      },
    }
  })
  watch(name, () => touched())
  return {
    draft,
    forget() {
      drafts.delete(name())
      touched()
    },
  }
}
