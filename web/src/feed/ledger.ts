// The meeting's records with the hashes that seal them: those that were before the page, read once, then as they come.
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { answer, ledgerRead } from '@/api'
import type { FeedRecord } from './types'

/** `text` is what was hashed; it is left out where this view keeps something back. */
export type Entry = Omit<FeedRecord, 'patch' | 'hash'> & { hash: string }

const RETRY = 2_000 // ms

/** Grows to whatever the feed has come to; `wanted` is whether this reader follows the ledger at all. */
export function useLedger(
  id: number,
  followed: { state: Ref<{ seq: number }>; records: Ref<FeedRecord[]> },
  wanted: () => boolean = () => true,
): ShallowRef<Entry[]> {
  const entries = shallowRef<Entry[]>([])
  let reading = false
  let timer: ReturnType<typeof setTimeout> | undefined

  /** What the feed brought with its seal needs no reading. */
  function take(): void {
    const more = followed.records.value.filter((each) => each.seq > entries.value.length)
    if (more[0]?.seq === entries.value.length + 1 && more.every((each) => each.hash))
      entries.value = [...entries.value, ...(more as Entry[])]
  }

  async function read(): Promise<void> {
    if (reading) return
    reading = true
    clearTimeout(timer)
    try {
      for (take(); wanted() && entries.value.length < followed.state.value.seq; take()) {
        const page = await answer(ledgerRead({ path: { meeting_id: id }, query: { after: entries.value.length } }))
        if (!page.records.length) break
        entries.value = [...entries.value, ...(page.records as Entry[])]
      }
    } catch {
      timer = setTimeout(() => void read(), RETRY) // what was read stays; the connection's own words tell why
    } finally {
      reading = false
    }
  }

  watch([() => followed.state.value.seq, wanted], () => void read(), { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return entries
}
