import { onScopeDispose } from 'vue'

/** Keep the screen on while this page is seen, where the browser can. On a page that came without TLS, and where the
 * lock is refused, the screen's own settings hold. */
export function useAwake(): void {
  let lock: WakeLockSentinel | null = null
  let over = false

  // The browser takes the lock away whenever the page is out of sight.
  async function ask(): Promise<void> {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator) || (lock && !lock.released)) return
    try {
      lock = await navigator.wakeLock.request('screen')
      if (over) await lock.release()
    } catch {
      // The lock is refused, as on a battery nearly empty.
    }
  }

  const again = (): void => void ask()
  document.addEventListener('visibilitychange', again)
  void ask()
  onScopeDispose(() => {
    over = true
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  })
}
