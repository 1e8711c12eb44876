// Moving one thing in a list, by mouse or by key: the same outcome for both.

/** Returns the list with the element at `from` moved to `to`, or the list itself if nothing moves. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const target = Math.min(Math.max(to, 0), list.length - 1)
  if (from === target || from < 0 || from >= list.length) return list
  const others = list.filter((_, index) => index !== from)
  return [...others.slice(0, target), list[from] as T, ...others.slice(target)]
}

/** Returns the index to which a key moves the element at `from`; null for a key that moves nothing. */
export function byKey(key: string, from: number, length: number): number | null {
  const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: length - 1 }[key]
  return to === undefined || to < 0 || to >= length || to === from ? null : to
}
