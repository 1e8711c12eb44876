// Text that is typed and not yet saved: the desk asks before it is lost.
import { onScopeDispose } from 'vue'

const asked = new Set<() => boolean>()

// Text being typed when the session ended is there again for the same person; only this page's memory keeps it.
const left = new Map<string, unknown>()
let dropped = false

/** Keep nothing from now on: the person who leaves has agreed to lose what is unsaved. */
export function drop(): void {
  dropped = true
}

/** Keep text that the session's end takes away; the key says whose it is and of what. */
export function keep(key: string, typed: unknown): void {
  if (!dropped) left.set(key, typed)
}

/** Returns what was kept, once; undefined if there is none. */
export function takeBack<T>(key: string): T | undefined {
  const typed = left.get(key) as T | undefined
  left.delete(key)
  return typed
}

/** While the calling component lives, `dirty` says whether it holds something unsaved. */
export function useUnsaved(dirty: () => boolean): void {
  dropped = false
  asked.add(dirty)
  onScopeDispose(() => asked.delete(dirty))
}

export function anythingUnsaved(): boolean {
  return [...asked].some((dirty) => dirty())
}
