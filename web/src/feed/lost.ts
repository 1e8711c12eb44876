// The alarm that records are lost: an older copy of the database was put back. A meeting's feed says that there is one,
// other pages ask for it.
import { shallowRef } from 'vue'
import { alarmList, answer, type ClockShown } from '@/api'
import { recall, remember } from '@/device'
import type { Mine } from './types'

export const lost = shallowRef<NonNullable<Mine['lost']> | null>(null)
/** The alarm that the meeting on this page lacks records, in the server's words. */
export const damaged = shallowRef<{ zh: string; en: string } | null>(null)
/** The alarm that the server's clock went wrong. */
export const clock = shallowRef<ClockShown | null>(null)

/** Ask for the alarms of the reader's bodies; what was known stands where the server cannot be asked. */
export async function askLost(): Promise<void> {
  try {
    const alarms = await answer(alarmList())
    lost.value = alarms.lost ?? null
    clock.value = alarms.clock ?? null
  } catch {
    // The server is away, or the session has ended.
  }
}

const keyOf = (meeting: number) => `head.${meeting}`

/** The sealed head that this device was last shown of the meeting's book, empty for none. */
export const headOf = (meeting: number): string => recall(keyOf(meeting)) ?? ''

export const keepHead = (meeting: number, head: string): void => remember(keyOf(meeting), head)
