// What is typed and not yet saved: the desk asks before it is left behind.
import { onScopeDispose } from 'vue'

const asked = new Set<() => boolean>()

/** While the calling component lives, `dirty` says whether it holds something unsaved. */
export function useUnsaved(dirty: () => boolean): void {
  asked.add(dirty)
  onScopeDispose(() => asked.delete(dirty))
}

export function anythingUnsaved(): boolean {
  return [...asked].some((dirty) => dirty())
}
