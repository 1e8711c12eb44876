import { describe, expect, it } from 'vitest'
import { monthsOf, toggled } from './days'

describe('a year as squares', () => {
  it('has every day once, weeks beginning on Monday', () => {
    const months = monthsOf(2026)
    expect(months.flatMap((each) => each.days)).toHaveLength(365)
    expect(months[0]).toMatchObject({ month: 1, before: 3 }) // 1 January 2026 is a Thursday
    expect(months[0]?.days[0]).toEqual({ date: '2026-01-01', day: 1, weekend: false })
    expect(months[0]?.days.filter((each) => each.weekend).map((each) => each.day)).toEqual([3, 4, 10, 11, 17, 18, 24, 25, 31])
    expect(monthsOf(2028)[1]?.days).toHaveLength(29)
  })

  it('marks a day and takes the mark off again, leaving the set before as it was', () => {
    const before = new Set(['2026-01-01'])
    expect([...toggled(before, '2026-01-02')]).toEqual(['2026-01-01', '2026-01-02'])
    expect([...toggled(before, '2026-01-01')]).toEqual([])
    expect([...before]).toEqual(['2026-01-01'])
  })
})
