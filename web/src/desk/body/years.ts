// The years that a body's lists offer: those of its meetings, and this one.
import { answer, meetingList } from '@/api'
import { toField } from '@/i18n/dates'

export async function yearsOf(body: number): Promise<number[]> {
  // The device's year is a proposal only; nothing is decided by it.
  const now = Number(toField(new Date()).slice(0, 4))
  const years = new Set([now])
  for (const each of await answer(meetingList({ path: { body_id: body } })))
    years.add(Number(toField(each.starts_at).slice(0, 4)))
  return [...years].sort((a, b) => b - a)
}
