// The meeting's records with the hashes that seal them: earlier ones are read once, later ones come by the feed.
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { answer, ledgerRead } from '@/api'
import type { FeedRecord } from './types'

/** A record with its hash. `text` is what was hashed; it is left out where this view withholds something. */
export type Entry = Omit<FeedRecord, 'patch' | 'hash'> & { hash: string }

/** A record as a table shows it, from any book. */
export type Row = Pick<Entry, 'seq' | 'at' | 'zh' | 'en' | 'hash'> & { actor?: number | null; text?: string | null }

const RETRY = 2_000 // ms

/** Returns the entries, which grow up to the feed's latest record; `wanted`: whether this reader follows the ledger. */
export function useLedger(
  id: number,
  followed: { state: Ref<{ seq: number }>; records: Ref<FeedRecord[]> },
  wanted: () => boolean = () => true,
): ShallowRef<Entry[]> {
  const entries = shallowRef<Entry[]>([])
  let reading = false
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Take the records that the feed brought with their hashes: they need no reading. */
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
      timer = setTimeout(() => void read(), RETRY) // the entries stay; the connection's own words say why
    } finally {
      reading = false
    }
  }

  watch([() => followed.state.value.seq, wanted], () => void read(), { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return entries
}
