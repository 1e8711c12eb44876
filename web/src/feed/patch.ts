// JSON Merge Patch (RFC 7396, 2): what a record changes in the meeting's state.

/** The target with the patch applied. Neither is changed, and what the patch does not touch stays the same object. */
export function merge<T>(target: T, patch: unknown): T {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch as T
  const known = typeof target === 'object' && target !== null && !Array.isArray(target)
  const merged: Record<string, unknown> = known ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else merged[name] = merge(merged[name], value)
  }
  return merged as T
}
