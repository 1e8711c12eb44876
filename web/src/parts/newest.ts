// Reading the same thing again while an earlier read is under way: the answer to the latest read stands, whichever
// comes first.
import { shallowRef, type ShallowRef } from 'vue'

export interface Newest<T> {
  /** The result of the latest read that was not overtaken; null before any. */
  value: ShallowRef<T | null>
  /** Read again. An answer that a later call has overtaken is dropped; an error is thrown to the caller. */
  load: () => Promise<void>
}

export function useNewest<T>(read: () => Promise<T | null>): Newest<T> {
  const value = shallowRef<T | null>(null)
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    const found = await read()
    if (mine === asked) value.value = found
  }

  return { value, load }
}
