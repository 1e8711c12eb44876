// What is typed and not yet saved: the desk asks before it is left behind.
import { onScopeDispose } from 'vue'

const asked = new Set<() => boolean>()

// What was being typed as the session ended is there again for the same person: in this page's memory, nowhere else.
const left = new Map<string, unknown>()
let dropped = false

/** Whoever leaves has said that what is unsaved may be lost. */
export function drop(): void {
  dropped = true
}

/** Keep what the session's end takes away; `whose` and what it is of are in the key. */
export function keep(key: string, typed: unknown): void {
  if (!dropped) left.set(key, typed)
}

/** What was kept, once. */
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
