// The check-in code, read anew before it changes: every few seconds, since only the server's clock decides.
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { answer, hallCodeRead, Refused } from '@/api'

const EVERY = 5_000 // ms

export interface ShownCode {
  code: string
  /** A picture (SVG) that leads a tablet to the meeting with the code filled in. */
  qr: string
  /** When the code changes, by this device's own clock (ms). */
  until: number
}

export function useHallCode(id: number, wanted: Ref<boolean>): ShallowRef<ShownCode | null> {
  const shown = shallowRef<ShownCode | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(): Promise<void> {
    clearTimeout(timer)
    if (!wanted.value) {
      shown.value = null
      return
    }
    let wait = EVERY
    try {
      const found = await answer(hallCodeRead({ path: { meeting_id: id } }))
      shown.value = { code: found.code, qr: found.qr, until: Date.now() + found.seconds * 1_000 }
      wait = Math.min(EVERY, found.seconds * 1_000 + 50)
    } catch (error) {
      // Without an answer the code on the screen would soon be a wrong one.
      if (error instanceof Refused || (shown.value && shown.value.until < Date.now())) shown.value = null
      if (error instanceof Refused && error.status === 403) return
    }
    timer = setTimeout(() => void read(), wait)
  }

  const stop = watch(wanted, () => void read(), { immediate: true })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })
  return shown
}
