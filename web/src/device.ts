// Values that this browser keeps from one visit to the next, under `yijue.…`. The program also works if it keeps none.

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`yijue.${name}`)
  } catch {
    return null
  }
}

/** Keep a value; null removes it. */
export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`yijue.${name}`)
    else localStorage.setItem(`yijue.${name}`, value)
  } catch {
    // The value is missing at the next visit.
  }
}
