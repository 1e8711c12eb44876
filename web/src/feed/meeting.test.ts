// A feed that was refused: whether the reader may not follow, or the server does not know the page's address.
import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { client } from '@/api/generated/client.gen'
import { i18n } from '@/i18n'
import ConnectionState from '@/parts/ConnectionState.vue'
import { useMeeting } from './meeting'

class RefusedSocket {
  static readonly OPEN = 1
  static all: RefusedSocket[] = []
  readyState = 0
  onclose: ((event: { code: number }) => void) | null = null

  constructor() {
    RefusedSocket.all.push(this)
    setTimeout(() => this.onclose?.({ code: 1006 }))
  }

  close(): void {}
}

const before = client.getConfig()
let page: VueWrapper
const asked: string[] = []
let own: string

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  vi.stubGlobal('WebSocket', RefusedSocket)
  RefusedSocket.all = []
  asked.length = 0
  setActivePinia(createPinia())
  client.setConfig({ baseUrl: 'http://test', fetch: server })
})

afterEach(() => {
  page.unmount()
  vi.advanceTimersByTime(1_000) // by then the feed is closed
  vi.useRealTimers()
  client.setConfig(before)
  vi.unstubAllGlobals()
})

async function server(request: RequestInfo | URL): Promise<Response> {
  const url = new URL((request as Request).url)
  asked.push(url.pathname + url.search)
  const origin = url.searchParams.get('origin')
  const said = origin ? { accepted: origin === own, own } : {}
  return new Response(JSON.stringify(said), { headers: { 'Content-Type': 'application/json' } })
}

/** Show the connection of a meeting's page, once the server has answered all that it asks. */
async function connected(id: number): Promise<void> {
  const Page = defineComponent(() => {
    const { connection } = useMeeting(id)
    return () => h(ConnectionState, { connection: connection.value })
  })
  page = mount(Page, { global: { plugins: [i18n] } })
  vi.advanceTimersByTime(0)
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

it('says at which address the page is and which the server knows, and tries no more', async () => {
  own = 'http://10.0.0.1:8000'
  await connected(101)
  expect(page.get('.elsewhere').text()).toContain(`本页网址是 ${location.origin}，服务器所知是 ${own}`)
  expect(asked).toContain(`/api/origin?origin=${encodeURIComponent(location.origin)}`)
  vi.advanceTimersByTime(10_000)
  expect(RefusedSocket.all).toHaveLength(1)
})

it('tries again where the address is the server’s own', async () => {
  own = location.origin
  await connected(102)
  expect(page.find('.waiting').exists()).toBe(true)
  expect(RefusedSocket.all).toHaveLength(1)
  vi.advanceTimersByTime(200)
  expect(RefusedSocket.all).toHaveLength(2)
})
