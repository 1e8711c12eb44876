// The feed over a connection that breaks in every way that connections break.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Feed, type Connection, type Watcher } from './feed'
import { EMPTY, NOTHING } from './state'
import type { FeedRecord, MeetingState, Message, Mine } from './types'

/** Ten records, each of which gives the meeting another title. */
const records = Array.from({ length: 10 }, (_, place): FeedRecord => {
  const seq = place + 1
  return { seq, at: '2026-01-13T01:00:00Z', kind: 'meeting.changed', zh: '', en: '', patch: { seq, title: `第${seq}稿` } }
})

class FakeSocket {
  static readonly OPEN = 1
  static all: FakeSocket[] = []
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(readonly url: string) {
    FakeSocket.all.push(this)
  }

  open(): void {
    this.readyState = 1
    this.onopen?.()
  }

  say(message: Message): void {
    if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(message) })
  }

  end(code: number): void {
    this.readyState = 3
    this.onclose?.({ code })
  }

  close(): void {
    this.readyState = 3
  }
}

const latest = (): FakeSocket => FakeSocket.all.at(-1)!
const tried = (): number => FakeSocket.all.length

let connections: Connection['state'][]
let shown: { state: MeetingState; records: FeedRecord[] }[]
let own: Mine[]
let people: number[][]
let heads: string[]
let allowed: () => Promise<boolean | Connection>
let feed: Feed
let watcher: Watcher
let visibility: DocumentVisibilityState

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.all = []
  connections = []
  shown = []
  own = []
  people = []
  heads = []
  allowed = () => Promise.resolve(true)
  visibility = 'visible'
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
  watcher = {
    began: (state) => shown.push({ state, records: [] }),
    changed: (state, fresh) => shown.push({ state, records: fresh }),
    mine: (mine) => own.push(mine),
    connection: (connection) => connections.push(connection.state),
    present: (present) => people.push(present),
    head: (head) => heads.push(head),
    refused: () => allowed(),
  }
  feed = new Feed('ws://test/live', watcher)
  feed.open()
})

afterEach(() => {
  feed.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Open the latest connection and send it a snapshot at `seq`. */
function started(seq = 0): FakeSocket {
  const socket = latest()
  socket.open()
  socket.say({ type: 'snapshot', view: 'floor', seq, state: { ...EMPTY, seq }, mine: NOTHING, clauses: {}, head: '' })
  return socket
}

const some = (from: number, to: number): Message => ({
  type: 'records',
  view: 'floor',
  records: records.slice(from - 1, to),
  head: '',
})

it('shows a snapshot, then what comes', () => {
  const socket = started()
  socket.say(some(1, 3))
  socket.say(some(4, 4))
  expect(connections.at(-1)).toBe('live')
  expect(feed.state).toEqual({ ...EMPTY, seq: 4, title: '第4稿' })
  expect(shown.map((each) => each.state.title)).toEqual(['', '第3稿', '第4稿'])
  expect(shown.map((each) => each.records.length)).toEqual([0, 3, 1])
  expect(tried()).toBe(1)
})

it('resumes after what it has seen, as the view it followed, and takes nothing twice', async () => {
  const socket = started()
  socket.say(some(1, 5))
  socket.end(1006)
  expect(connections.at(-1)).toBe('waiting')
  await vi.advanceTimersByTimeAsync(200)
  expect(tried()).toBe(2)
  expect(latest().url).toBe('ws://test/live?after=5&view=floor')
  latest().open()
  latest().say(some(4, 7))
  expect(feed.state.seq).toBe(7)
  expect(shown.at(-1)!.records.map((record) => record.seq)).toEqual([6, 7])
})

it('tells the head that it was last shown, so that the server sees what it has lost', async () => {
  const socket = started()
  socket.say({ ...some(1, 5), head: '5.aa.bb' } as Message)
  socket.say({ type: 'heartbeat', seq: 5, now: '2026-01-13T01:00:00Z', head: '5.aa.bb' })
  socket.end(1006)
  await vi.advanceTimersByTimeAsync(200)
  expect(latest().url).toBe('ws://test/live?after=5&view=floor&head=5.aa.bb')
  expect(heads).toEqual(['5.aa.bb', '5.aa.bb'])
  // A page that is loaded anew tells what this device knew.
  const again = new Feed('ws://test/live', { ...watcher }, '7.cc.dd')
  again.open()
  expect(latest().url).toBe('ws://test/live?head=7.cc.dd')
  again.close()
})

it('asks again at once where records are missing between what it has and what came', async () => {
  const socket = started()
  socket.say(some(1, 2))
  socket.say(some(4, 4))
  expect(feed.state.seq).toBe(2)
  await vi.advanceTimersByTimeAsync(0)
  expect(latest().url).toBe('ws://test/live?after=2&view=floor')
})

it('asks again at once where a heartbeat knows of more', async () => {
  const socket = started()
  socket.say(some(1, 2))
  socket.say({ type: 'heartbeat', seq: 2, now: '2026-01-13T01:00:00Z', head: '' })
  expect(tried()).toBe(1)
  socket.say({ type: 'heartbeat', seq: 3, now: '2026-01-13T01:00:05Z', head: '' })
  await vi.advanceTimersByTimeAsync(0)
  expect(tried()).toBe(2)
})

it('takes silence for a lost connection, whatever the browser thinks of it', async () => {
  const socket = started()
  await vi.advanceTimersByTimeAsync(5_000)
  socket.say({ type: 'heartbeat', seq: 0, now: '2026-01-13T01:00:00Z', head: '' })
  await vi.advanceTimersByTimeAsync(7_000)
  expect(tried()).toBe(1)
  await vi.advanceTimersByTimeAsync(2_500)
  expect(tried()).toBe(2)
})

it('waits longer from try to try, yet never so long that a screen is wrong for two seconds', async () => {
  started().end(1006)
  const waits: number[] = []
  for (let attempt = 0; attempt < 7; attempt += 1) {
    const before = tried()
    let waited = 0
    while (tried() === before) {
      await vi.advanceTimersByTimeAsync(50)
      waited += 50
    }
    waits.push(waited)
    latest().end(1006)
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(waits).toEqual([200, 400, 800, 1_500, 1_500, 1_500, 1_500])
  await vi.advanceTimersByTimeAsync(1_500)
  started()
  latest().end(1006)
  const before = tried()
  await vi.advanceTimersByTimeAsync(200) // after a connection the waits begin anew
  expect(tried()).toBe(before + 1)
})

it('is right again at once when a sleeping page wakes', async () => {
  const socket = started()
  visibility = 'hidden'
  vi.setSystemTime(Date.now() + 600_000) // asleep: no timer ran
  visibility = 'visible'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(connections.at(-1)).toBe('waiting')
  await vi.advanceTimersByTimeAsync(0)
  expect(tried()).toBe(2)
  expect(socket.readyState).toBe(3)
})

it('tries at once when the network comes back, without waiting out its turn', async () => {
  started().end(1006)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await vi.advanceTimersByTimeAsync(1_500)
    latest().end(1006)
    await vi.advanceTimersByTimeAsync(0)
  }
  const before = tried()
  window.dispatchEvent(new Event('online'))
  expect(tried()).toBe(before + 1)
})

it('does not wait long for a connection that does not come about', async () => {
  started().end(1006)
  await vi.advanceTimersByTimeAsync(200)
  expect(tried()).toBe(2) // and there is no answer
  await vi.advanceTimersByTimeAsync(4_000)
  expect(tried()).toBe(3)
  const before = tried()
  window.dispatchEvent(new Event('online'))
  expect(tried()).toBe(before + 1)
})

it('says at once that the network is gone', () => {
  started()
  window.dispatchEvent(new Event('offline'))
  expect(connections.at(-1)).toBe('waiting')
})

it('stops where it may not follow, and asks before it stops', async () => {
  allowed = () => Promise.resolve(false)
  started().end(1008)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(connections.at(-1)).toBe('refused')
  expect(tried()).toBe(1)
})

it('stops where the server does not know the address of the page for its own, and says both', async () => {
  const elsewhere: Connection = { state: 'elsewhere', page: 'https://a.example', server: 'http://10.0.0.1:8000' }
  const said: Connection[] = []
  watcher.connection = (connection) => said.push(connection)
  allowed = () => Promise.resolve(elsewhere)
  latest().end(1006)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(said.at(-1)).toEqual(elsewhere)
  expect(tried()).toBe(1)
})

it('goes on trying where the server cannot even say whether it may follow', async () => {
  allowed = () => Promise.reject(new Error('away'))
  for (let attempt = 1; attempt < 5; attempt += 1) {
    expect(tried()).toBe(attempt)
    latest().end(1006) // never opened
    await vi.advanceTimersByTimeAsync(1_500)
  }
})

it('keeps what concerns its reader alone, and takes it whole where it is told so', async () => {
  const socket = started(3)
  const refusal = { rule: 'vote.absent', clause: '', clause_en: '', detail: '', detail_en: '', facts: {} }
  socket.say({ type: 'mine', seq: 3, whole: false, patch: { may: { 'ballot.cast': { 7: [refusal] }, 'opinion.submit': { 1: [] } } } })
  socket.say({ type: 'mine', seq: 4, whole: false, patch: { may: { 'ballot.cast': { 7: null } } } })
  expect(own.map((each) => each.may)).toEqual([
    {},
    { 'ballot.cast': { 7: [refusal] }, 'opinion.submit': { 1: [] } },
    { 'ballot.cast': {}, 'opinion.submit': { 1: [] } },
  ])
  socket.end(1006)
  await vi.advanceTimersByTimeAsync(200)
  latest().open()
  latest().say(some(4, 4))
  expect(own).toHaveLength(3) // the earlier values stay until new ones come
  latest().say({ type: 'mine', seq: 4, whole: true, patch: { may: { 'recusal.declare': { 1: [] } } } })
  expect(own.at(-1)).toEqual({ ...NOTHING, may: { 'recusal.declare': { 1: [] } } })
})

it('tells who is connected, which changes nothing else', () => {
  const socket = started(3)
  socket.say({ type: 'connections', present: [2, 5] })
  expect(people).toEqual([[2, 5]])
  expect(feed.state.seq).toBe(3)
  expect(shown).toHaveLength(1)
})

it('says no more once it is closed', async () => {
  const socket = started()
  feed.close()
  const before = connections.length
  socket.say(some(1, 1))
  socket.end(1006)
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(20_000)
  expect(tried()).toBe(1)
  expect(connections.slice(before)).toEqual([])
})
