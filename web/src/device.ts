// What this browser keeps from one visit to the next, under `yijue.…`. One that keeps nothing works all the same.

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`yijue.${name}`)
  } catch {
    return null
  }
}

/** Nothing (null) takes away what was kept. */
export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`yijue.${name}`)
    else localStorage.setItem(`yijue.${name}`, value)
  } catch {
    // It is asked again the next time.
  }
}
