// A feed that was refused: whether the reader may not follow, or the server does not know the page's address.
import { flushPromises, mount } from '@vue/test-utils'
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
const asked: string[] = []
let own: string

beforeEach(() => {
  vi.stubGlobal('WebSocket', RefusedSocket)
  RefusedSocket.all = []
  asked.length = 0
  setActivePinia(createPinia())
  client.setConfig({ baseUrl: 'http://test', fetch: server })
})

afterEach(() => {
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

async function connected(id: number) {
  const Page = defineComponent(() => {
    const { connection } = useMeeting(id)
    return () => h(ConnectionState, { connection: connection.value })
  })
  const page = mount(Page, { global: { plugins: [i18n] } })
  for (let at = 0; at < 5; at += 1) {
    await new Promise((resolve) => setTimeout(resolve))
    await flushPromises()
  }
  return page
}

it('says at which address the page is and which the server knows, and tries no more', async () => {
  own = 'http://10.0.0.1:8000'
  const page = await connected(101)
  expect(page.get('.elsewhere').text()).toContain(`本页网址是 ${location.origin}，服务器所知是 ${own}`)
  expect(asked).toContain(`/api/origin?origin=${encodeURIComponent(location.origin)}`)
  await new Promise((resolve) => setTimeout(resolve, 400)) // twice the first wait
  expect(RefusedSocket.all).toHaveLength(1)
  page.unmount()
})

it('tries again where the address is the server’s own', async () => {
  own = location.origin
  const page = await connected(102)
  expect(page.find('.waiting').exists()).toBe(true)
  page.unmount()
})
