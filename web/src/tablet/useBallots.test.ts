// The ballots that a tablet shows, and when it sends them on: a tablet may be shared.
import { IDBFactory } from 'fake-indexeddb'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h, ref, shallowRef } from 'vue'
import type { Session } from '@/api'
import { client } from '@/api/generated/client.gen'
import { i18n, useCatalogue } from '@/i18n'
import { EMPTY, NOTHING } from '@/feed/state'
import type { Mine, VoteRound } from '@/feed/types'
import { useSession } from '@/session'
import { ballotOf, keep, kept } from './ballots'
import KeptBallots from './KeptBallots.vue'
import { messages } from './messages'
import { useBallots, useOwnBallots } from './useBallots'

const lin = { person: 2, name: '林静', csrf: 'a', administrator: false, roles: {} } as Session
const ma = { ...lin, person: 4, name: '马腾', csrf: 'b' }
let sent: string[] // the token of every ballot that reached the server

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  sent = []
  client.setConfig({ baseUrl: 'http://test', fetch: server })
  useCatalogue('tablet', messages)
  localStorage.clear()
  const about = { position: 1, title: '预算', motion: '同意预算方案。' }
  await keep(ballotOf({ person: 2, meeting: 7, vote: 3, choice: 'no', about })) // the page goes before it is sent
})

const before = client.getConfig()
afterEach(() => {
  client.setConfig(before)
  vi.unstubAllGlobals()
})

async function server(request: RequestInfo | URL): Promise<Response> {
  sent.push((request as Request).headers.get('X-CSRF-Token') ?? '')
  const receipt = { seq: 61, at: '2026-01-13T01:30:00Z', kind: 'ballot.cast', hash: 'ab'.repeat(32), content: {} }
  return new Response(JSON.stringify(receipt), { headers: { 'Content-Type': 'application/json' } })
}

/** Load the page anew while the server cannot be asked; `meeting` is the one it shows. */
async function loaded(meeting = 7) {
  const pinia = createPinia()
  setActivePinia(pinia)
  const Page = defineComponent(() => {
    const { ballots, acknowledge } = useBallots(meeting, ref(), ref(NOTHING))
    return () => h(KeptBallots, { state: EMPTY, ballots: ballots.value, onKnown: acknowledge })
  })
  const page = mount(Page, { global: { plugins: [pinia, i18n] } })
  await shown()
  return { page, session: useSession() }
}

/** Wait until what is kept has been read. */
async function shown(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve))
  await flushPromises()
}

it('shows what is on its way to whom the server last named, and sends it once it has named them again', async () => {
  useSession(createPinia()).take(lin)
  const { page, session } = await loaded()
  for (const words of ['林静的表决', '第1项', '预算', '同意预算方案。', '反对', '发送中，尚未计入'])
    expect(page.text()).toContain(words)
  expect(sent).toEqual([])
  session.take(lin)
  await shown()
  expect(sent).toEqual(['a'])
  expect(page.text()).toBe('') // the meeting's page shows the rest
})

it('keeps what was refused, with what it was cast on, until its person knows', async () => {
  const first = useSession(createPinia())
  first.take(lin)
  const said = { rule: 'state.wrong', clause: '', detail: '表决已结束。', detail_en: '' }
  client.setConfig({ fetch: async () => Response.json({ ...said, refusals: [said] }, { status: 409 }) })
  const { page, session } = await loaded()
  session.take(lin)
  await shown()
  const words = ['林静的表决', '第1项', '预算', '同意预算方案。', '未计入', '反对', '表决已结束。']
  for (const each of words) expect(page.text()).toContain(each)
  page.unmount()
  const again = await loaded() // the meeting has long moved on
  for (const each of words) expect(again.page.text()).toContain(each)
  await again.page.get('button').trigger('click')
  await shown()
  expect([again.page.text(), (await loaded()).page.text()]).toEqual(['', ''])
})

it('has forgotten a refusal once the next ballot in that vote counts', async () => {
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().take(lin)
  const Page = defineComponent({
    setup: () => useBallots(7, ref({ id: 4, state: 'open', roll: [] as number[] } as VoteRound), ref(NOTHING)),
    render: () => null,
  })
  const { vm } = mount(Page, { global: { plugins: [pinia] } })
  const states = () => vm.ballots.filter((each) => each.vote === 4).map((each) => each.state)
  const about = { position: 1, title: '预算', motion: '' }
  client.setConfig({ fetch: async () => Response.json({ rule: 'vote.chair_last' }, { status: 409 }) })
  await vm.vote('no', about)
  expect(states()).toEqual(['refused'])
  client.setConfig({ fetch: server })
  await vm.vote('yes', about)
  expect(states()).toEqual(['counted'])
  expect((await kept(2))!.filter((each) => each.vote === 4 && each.state === 'refused')).toEqual([])
})

const told = (vote: number) => ({
  ballots: { [vote]: { choice: 'yes' as const, version: 1, at: '2026-01-13T01:30:00Z', seq: 61, hash: 'ab'.repeat(32), taken: false, objected: false } },
})

it('does not take the ballot that counts for a later word than the change that was refused', async () => {
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().take(lin)
  const open = ref({ id: 4, state: 'open', roll: [2], cast: 1, ballots: {} } as unknown as VoteRound)
  const mine = shallowRef<Pick<Mine, 'ballots'>>(NOTHING)
  client.setConfig({ fetch: async () => Response.json({ rule: 'vote.changed' }, { status: 409 }) })
  const Page = defineComponent({ setup: () => useBallots(9, open, mine), render: () => null })
  const { vm } = mount(Page, { global: { plugins: [pinia] } })
  await vm.vote('no', { position: 1, title: '预算', motion: '' })
  mine.value = told(4)
  await shown()
  expect(vm.ballots.map((each) => each.state)).toEqual(['counted', 'refused'])
})

it('knows of a ballot that was cast on another device, and asks nobody', async () => {
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().take(ma)
  const mine = shallowRef<Pick<Mine, 'ballots'>>(NOTHING)
  const Page = defineComponent({ setup: () => useBallots(8, ref(), mine), render: () => null })
  const { vm } = mount(Page, { global: { plugins: [pinia] } })
  await shown()
  expect(vm.ballots).toEqual([])
  mine.value = told(5)
  await shown()
  expect(vm.ballots).toMatchObject([{ person: 4, vote: 5, choice: 'yes', state: 'counted', seq: 61 }])
  expect(sent).toEqual([])
})

it('shows nothing to another person, and sends nothing in their name', async () => {
  useSession(createPinia()).take(ma)
  const { page, session } = await loaded()
  expect(page.text()).toBe('')
  session.take(ma)
  await shown()
  expect([page.text(), sent]).toEqual(['', []])
})

it('goes on being sent on whatever page is open', async () => {
  const pinia = createPinia()
  useSession(pinia).take(lin)
  useOwnBallots(pinia)
  await shown()
  expect([sent, await kept(2)]).toEqual([['a'], []])
})

it('takes it away when the server names another than last', async () => {
  useSession(createPinia()).take(lin)
  const { page, session } = await loaded()
  expect(page.text()).toContain('反对')
  session.take(ma)
  await shown()
  expect([page.text(), sent]).toEqual(['', []])
})

it('shows nothing after a sign-out, and nothing of another meeting', async () => {
  useSession(createPinia()).take(lin)
  expect((await loaded(8)).page.text()).toBe('')
  await useSession(createPinia()).signOut()
  expect((await loaded()).page.text()).toBe('')
  useSession(createPinia()).take(lin)
  useSession(createPinia()).take(null)
  expect((await loaded()).page.text()).toBe('')
})
