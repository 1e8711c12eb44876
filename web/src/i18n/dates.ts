// Dates as offices write them, always in the organization's time zone, whatever the device's.
import { lang, type Lang } from './index'

const ZONE = 'Asia/Shanghai'
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const WEEKDAYS: Record<string, string> = { Mon: '一', Tue: '二', Wed: '三', Thu: '四', Fri: '五', Sat: '六', Sun: '日' }
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

function taken(at: string | Date): Record<string, string> {
  const found: Record<string, string> = {}
  for (const part of parts.formatToParts(new Date(at)))
    found[part.type] = ['month', 'day'].includes(part.type) ? String(Number(part.value)) : part.value // no padding
  return found
}

/** 2026年1月13日 */
export function day(at: string | Date, to: Lang = lang()): string {
  const { year, month, day } = taken(at)
  return to === 'zh' ? `${year}年${month}月${day}日` : `${day} ${MONTHS[Number(month) - 1]} ${year}`
}

/** 2026年1月13日（星期二） */
export function dayOfWeek(at: string | Date): string {
  const { weekday } = taken(at)
  return lang() === 'zh' ? `${day(at)}（星期${WEEKDAYS[weekday ?? '']}）` : `${weekday}, ${day(at)}`
}

/** 2026年1月13日（星期二）09:00 */
export function dayAndClock(at: string | Date): string {
  return `${dayOfWeek(at)}${lang() === 'zh' ? '' : ', '}${clock(at)}`
}

/** 09:00 */
export function clock(at: string | Date): string {
  const { hour, minute } = taken(at)
  return `${hour}:${minute}`
}

/** 09:00:07 */
export function exact(at: string | Date): string {
  return `${clock(at)}:${taken(at).second}`
}

/** 09:00:07, or 2026年1月8日 09:00:07 where that is another day than the one it is shown beside. */
export function beside(day_at: string | Date | undefined, at: string | Date, time = exact): string {
  if (day_at && day(day_at) === day(at)) return time(at)
  return `${day(at)}${lang() === 'zh' ? '' : ','} ${time(at)}`
}

/** 2026年1月13日 09:00 */
export function moment(at: string | Date, to: Lang = lang()): string {
  return `${day(at, to)}${to === 'zh' ? '' : ','} ${clock(at)}`
}

/** Returns the value of a `datetime-local` field, read as the organization's time, as ISO 8601 with its offset. */
export function fromField(value: string): string {
  return `${value}:00+08:00`
}

/** Returns a time as the value of a `datetime-local` field, in the organization's time. */
export function toField(at: string | Date): string {
  const { year, month, day, hour, minute } = taken(at)
  return `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}T${hour}:${minute}`
}
