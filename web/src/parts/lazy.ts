// A part of a page that is loaded when asked for. While the server is away the page says so, and asks again.
import { defineAsyncComponent, h, ref, type AsyncComponentLoader, type Component } from 'vue'
import { i18n } from '@/i18n'
import { awaited } from '@/settled'

const AGAIN = 1_000 // ms

export function lazy<T extends Component>(loader: AsyncComponentLoader<T>): T {
  const away = ref(false)
  return defineAsyncComponent({
    loader: () => awaited(loader()),
    loadingComponent: () =>
      h('p', { class: 'soft', role: 'status' }, i18n.global.t(away.value ? 'unreachable' : 'loading')),
    onError: (_error, retry) => {
      away.value = true
      setTimeout(retry, AGAIN)
    },
  }) as T
}
