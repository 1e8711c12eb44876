// A year's days as squares to mark: days off from Monday to Friday, days worked on Saturday and Sunday.

export interface Day {
  date: string // 2026-01-13
  day: number
  weekend: boolean
}

/** The twelve months, each with how many squares stay empty before its first day (weeks begin on Monday). */
export function monthsOf(year: number): { month: number; before: number; days: Day[] }[] {
  return Array.from({ length: 12 }, (_, month) => {
    const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const days = Array.from({ length: count }, (_, index) => {
      const at = new Date(Date.UTC(year, month, index + 1))
      return { date: at.toISOString().slice(0, 10), day: index + 1, weekend: at.getUTCDay() % 6 === 0 }
    })
    return { month: month + 1, before: (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7, days }
  })
}

/** Returns the marked days with `date` marked, or without it if it was marked. */
export function toggled(marked: ReadonlySet<string>, date: string): Set<string> {
  const after = new Set(marked)
  if (!after.delete(date)) after.add(date)
  return after
}
