// The meeting's records with the hashes that seal them, read once and then as they come; each with its sentence.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { answer, ledgerRead } from '@/api'
import { apply, EMPTY } from './state'
import type { FeedRecord, MeetingState } from './types'

export interface Entry {
  record: FeedRecord
  hash: string // hex
  text: string | null // what was hashed; null where this view keeps something back
  state: MeetingState // after it
}

const RETRY = 2_000 // ms

/** Grows to whatever seq the feed has come to. */
export function useLedger(id: number, seq: () => number): ShallowRef<Entry[]> {
  const entries = shallowRef<Entry[]>([])
  let reading = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(): Promise<void> {
    if (reading) return
    reading = true
    clearTimeout(timer)
    try {
      while (entries.value.length < seq()) {
        const page = await answer(ledgerRead({ path: { meeting_id: id }, query: { after: entries.value.length } }))
        if (!page.records.length) break
        const more = [...entries.value]
        for (const each of page.records) {
          const record = each.record as FeedRecord
          more.push({ ...each, record, state: apply(more.at(-1)?.state ?? EMPTY, record) })
        }
        entries.value = more
      }
    } catch {
      timer = setTimeout(() => void read(), RETRY) // what was read stays; the connection's own words tell why
    } finally {
      reading = false
    }
  }

  watch(seq, () => void read(), { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return entries
}
