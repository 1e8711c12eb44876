// A ballot's way through bad Wi-Fi: kept before it is sent, sent until it is answered, counted once.
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { client } from '@/api/generated/client.gen'
import { cast, deliver, kept, type Ballot, type Page } from './ballots'

const AT = '2026-01-13T01:30:00Z'

type Answer = { status: number; body: unknown } | 'lost' | 'late' | 'silent'
/** The way the server treats each request, in turn; the last repeats. */
let answers: Answer[]
let keys: string[] // of the requests that reached it
let counted: Map<string, string> // the choices it counts, by key
let signedIn: number // the person whose session the page's requests carry

const about = { position: 1, title: '预算', motion: '同意该方案。' }
const ballot = (choice: 'yes' | 'no') => ({ person: 2, meeting: 7, vote: 3, choice, about })
const page = (told: Ballot[]): Page => ({
  told: (ballot) => told.push({ ...ballot }),
  theirs: (person) => person === signedIn,
})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  vi.stubGlobal('indexedDB', new IDBFactory())
  answers = []
  keys = []
  counted = new Map()
  signedIn = 2
  client.setConfig({ baseUrl: 'http://test', fetch: server })
})

const before = client.getConfig()
afterEach(() => {
  client.setConfig(before)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function server(request: RequestInfo | URL): Promise<Response> {
  const sent = request as Request
  const now = answers.length > 1 ? answers.shift()! : answers[0]!
  if (now === 'lost') throw new TypeError('Failed to fetch')
  const key = sent.headers.get('Idempotency-Key') ?? ''
  keys.push(key)
  const { choice } = (await sent.clone().json()) as { choice: string }
  if (now === 'silent')
    return new Promise((_, reject) => sent.signal.addEventListener('abort', () => reject(new TypeError('aborted'))))
  if (now === 'late') {
    counted.set(key, choice)
    throw new TypeError('Failed to fetch') // it was counted, but its answer was lost
  }
  if (now.status === 200) counted.set(key, choice)
  return new Response(JSON.stringify(now.body), {
    status: now.status,
    headers: { 'Content-Type': now.status === 200 ? 'application/json' : 'application/problem+json' },
  })
}

const receipt: Answer = {
  status: 200,
  body: { seq: 61, at: AT, kind: 'ballot.cast', hash: 'ab'.repeat(32), content: {} },
}
function refusal(status: number, rule: string): Answer {
  const said = { rule, clause: '', clause_en: '', detail: '表决已结束。', detail_en: 'It is over.', facts: {} }
  return { status, body: { ...said, status, refusals: [said] } }
}

/** Cast, and let time pass until it is answered. */
async function casting(choice: 'yes' | 'no' = 'yes'): Promise<Ballot[]> {
  const told: Ballot[] = []
  let done = false
  const ended = cast(ballot(choice), page(told)).then(() => (done = true))
  for (let turn = 0; turn < 400 && !done; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(50)
  }
  expect(done, 'it was not answered').toBe(true)
  await ended
  return told
}

it('is sent again, and counts once, where the network swallowed it and said nothing', async () => {
  answers = ['silent', receipt]
  const told = await casting()
  expect(told.at(-1)?.state).toBe('counted')
  expect([new Set(keys).size, keys.length, counted.size]).toEqual([1, 2, 1])
})

it('is kept before it is sent until it is counted, and says that it is not counted yet', async () => {
  answers = [receipt]
  const told = await casting()
  expect(told.map((ballot) => ballot.state)).toEqual(['sending', 'counted'])
  expect(told[1]).toMatchObject({ at: AT, seq: 61, hash: 'ab'.repeat(32), choice: 'yes' })
  expect(await kept(2)).toEqual([]) // the server shows it, and the tablet may be another's next
})

it('is sent again under the same key while there is no connection, and counts once', async () => {
  answers = ['lost', 'lost', 'late', 'lost', receipt]
  const told = await casting('no')
  expect(told.map((ballot) => ballot.state)).toEqual(['sending', 'counted'])
  expect(new Set(keys).size).toBe(1)
  expect(keys).toHaveLength(2) // the answer to one was lost
  expect([...counted.values()]).toEqual(['no'])
})

it('is there after the page was reloaded, and goes on under its key', async () => {
  answers = ['lost']
  const told: Ballot[] = []
  void cast(ballot('yes'), page(told))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  // The page is gone; another one reads what is kept.
  const [left] = await kept(2)
  expect(left).toMatchObject({ state: 'sending', choice: 'yes', vote: 3, about })
  answers = [receipt]
  await deliver(left!, page(told))
  expect(told.at(-1)!.state).toBe('counted')
  expect(await kept(2)).toEqual([])
  expect(new Set(keys)).toEqual(new Set([left!.key]))
})

it('that comes after the close says so, with the server\'s words, and is not sent again', async () => {
  answers = ['lost', refusal(409, 'state.wrong')]
  const told = await casting()
  expect(told.map((ballot) => ballot.state)).toEqual(['sending', 'refused'])
  expect(told[1]!.refusals[0]).toMatchObject({ rule: 'state.wrong', detail: '表决已结束。' })
  expect(await kept(2)).toEqual([{ ...told[1], about }])
  expect(keys).toHaveLength(1)
  expect(counted.size).toBe(0)
})

it('waits where the server is away, too busy, or wants the member to sign in', async () => {
  answers = [
    { status: 502, body: {} },
    refusal(503, 'unavailable'),
    refusal(429, 'access.rate'),
    refusal(401, 'access.signed_out'),
    receipt,
  ]
  const told = await casting()
  expect(told.at(-1)!.state).toBe('counted')
  expect(keys).toHaveLength(5)
})

it('is another one under another key where the member changes their mind', async () => {
  answers = [receipt]
  await casting('yes')
  vi.setSystemTime(Date.now() + 1_000)
  await casting('no')
  expect(new Set(keys).size).toBe(2)
  expect([...counted.values()]).toEqual(['yes', 'no'])
})

it('is its own member\'s', async () => {
  answers = [refusal(409, 'state.wrong')]
  await casting()
  expect(await kept(2)).toHaveLength(1)
  expect(await kept(4)).toEqual([])
})

it('is not sent by another who signs in on the same tablet, and goes on with its own member', async () => {
  answers = ['lost', 'lost', receipt]
  const told: Ballot[] = []
  const sending = cast(ballot('yes'), page(told))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  signedIn = 4
  await vi.advanceTimersByTimeAsync(10_000)
  await sending
  expect(keys).toEqual([])
  const [left] = await kept(2)
  expect(left!.state).toBe('sending')
  signedIn = 2
  answers = [receipt]
  await deliver(left!, page(told))
  expect(keys).toEqual([left!.key])
})

it('is sent all the same from a browser that keeps nothing', async () => {
  vi.stubGlobal('indexedDB', undefined)
  answers = ['lost', receipt]
  expect((await casting()).at(-1)!.state).toBe('counted')
  expect(await kept(2)).toEqual([])
})
