// A ballot's way through bad Wi-Fi: kept until it is answered, sent in order until then, counted once; and never in
// place of one that another device has cast since.
import { IDBFactory } from 'fake-indexeddb'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watch } from 'vue'
import type { Session } from '@/api'
import { client } from '@/api/generated/client.gen'
import { useSession } from '@/session'
import { ballotOf, behind, kept, type Ballot, type Before } from './ballots'
import { useOwnBallots } from './useBallots'

const AT = '2026-01-13T01:30:00Z'

type Answer = { status: number; body: unknown } | 'judged' | 'lost' | 'late' | 'silent'
/** The way the server treats each request, in turn; the last repeats. `judged`: by the rule, as the server does. */
let answers: Answer[]
let keys: string[] // of the requests that reached it
let counted: Map<string, string> // the choices it counts, by key; the last one stands

const about = { position: 1, title: '预算', motion: '同意该方案。' }
const ballot = (choice: 'yes' | 'no') => ({ meeting: 7, vote: 3, choice, about })
const who = (person: number) => ({ person, name: '林静', csrf: 'a', administrator: false, roles: {} }) as Session

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  vi.stubGlobal('indexedDB', new IDBFactory())
  answers = ['judged']
  keys = []
  counted = new Map()
  client.setConfig({ baseUrl: 'http://test', fetch: server })
})

const before = client.getConfig()
afterEach(() => {
  useSession().who = null // the page sends nothing any more
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
  const { choice, replaces } = (await sent.clone().json()) as { choice: string; replaces: string | null }
  if (now === 'silent')
    return new Promise((_, reject) => sent.signal.addEventListener('abort', () => reject(new TypeError('aborted'))))
  if (now === 'late') {
    counted.set(key, choice)
    throw new TypeError('Failed to fetch') // it was counted, but its answer was lost
  }
  const standing = [...counted.keys()].at(-1)
  const judged = standing && !counted.has(key) && standing !== replaces ? refusal(409, 'vote.stale', { standing }) : receipt
  const given = now === 'judged' ? judged : now
  if (given.status === 200 && !counted.has(key)) counted.set(key, choice)
  return new Response(JSON.stringify(given.body), {
    status: given.status,
    headers: { 'Content-Type': given.status === 200 ? 'application/json' : 'application/problem+json' },
  })
}

interface Given {
  status: number
  body: unknown
}
const receipt: Given = {
  status: 200,
  body: { seq: 61, at: AT, kind: 'ballot.cast', hash: 'ab'.repeat(32), content: {} },
}
function refusal(status: number, rule: string, facts: Record<string, unknown> = {}): Given {
  const said = { rule, clause: '', clause_en: '', detail: '表决已结束。', detail_en: 'It is over.', facts }
  return { status, body: { ...said, status, refusals: [said] } }
}

/** Load the page on a tablet of this person; `told` are the states of each ballot in turn. */
function loaded(person = 2) {
  setActivePinia(createPinia())
  useSession().who = who(person)
  useSession().asked = true
  const own = useOwnBallots()
  const told: Ballot[] = []
  watch(
    () => own.ballots,
    (all) => {
      for (const each of all)
        if (!told.some((known) => known.key === each.key && known.state === each.state)) told.push({ ...each })
    },
    { flush: 'sync', deep: true },
  )
  const leave = () => (useSession().who = null)
  return { own, told, leave }
}

/** Let time pass until it is so. */
async function until(so: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 400 && !so(); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(50)
  }
  expect(so(), what).toBe(true)
}

/** Cast, and let time pass until it is answered. */
async function casting(choice: 'yes' | 'no' = 'yes', page = loaded(), replaced?: Before): Promise<Ballot[]> {
  let done = false
  const ended = page.own.cast(ballot(choice), replaced).then(() => (done = true))
  await until(() => done, 'it was not answered')
  await ended
  return page.told
}

it('is sent again, and counts once, where the network swallowed it and said nothing', async () => {
  answers = ['silent', receipt]
  const told = await casting()
  expect(told.at(-1)?.state).toBe('counted')
  expect([new Set(keys).size, keys.length, counted.size]).toEqual([1, 2, 1])
})

it('is kept until it is counted, and says that it is not counted yet', async () => {
  answers = ['lost', receipt]
  const page = loaded()
  void page.own.cast(ballot('yes'))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  await until(() => page.told.length === 2, 'it was not counted')
  expect(page.told.map((ballot) => ballot.state)).toEqual(['sending', 'counted'])
  expect(page.told[1]).toMatchObject({ at: AT, seq: 61, hash: 'ab'.repeat(32), choice: 'yes' })
  await vi.waitFor(async () => expect(await kept(2)).toEqual([])) // the server shows it, and the tablet may be another's
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
  const page = loaded()
  void page.own.cast(ballot('yes'))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  page.leave()
  const [left] = (await kept(2))!
  expect(left).toMatchObject({ state: 'sending', choice: 'yes', vote: 3, about })
  answers = [receipt]
  const again = loaded()
  await until(() => again.told.at(-1)?.state === 'counted', 'it was not sent on')
  await vi.waitFor(async () => expect(await kept(2)).toEqual([]))
  expect(new Set(keys)).toEqual(new Set([left!.key]))
})

it("that comes after the close says so, with the server's words, and is not sent again", async () => {
  answers = ['lost', refusal(409, 'state.wrong')]
  const told = await casting()
  expect(told.map((ballot) => ballot.state)).toEqual(['sending', 'refused'])
  expect(told[1]!.refusals[0]).toMatchObject({ rule: 'state.wrong', detail: '表决已结束。' })
  await vi.waitFor(async () => expect(await kept(2)).toMatchObject([{ key: told[1]!.key, state: 'refused', about }]))
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

it("is its own member's", async () => {
  answers = [refusal(409, 'state.wrong')]
  await casting()
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  expect(await kept(4)).toEqual([])
})

it('is not sent by another who signs in on the same tablet, and goes on with its own member', async () => {
  answers = ['lost', 'lost', receipt]
  const page = loaded()
  void page.own.cast(ballot('yes'))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  useSession().who = who(4)
  await vi.advanceTimersByTimeAsync(10_000)
  expect([keys, page.own.ballots]).toEqual([[], []])
  answers = [receipt]
  useSession().who = who(2)
  await until(() => page.told.at(-1)?.state === 'counted', 'it was not sent on')
  expect(new Set(keys).size).toBe(1)
})

// --- a second choice, and another device ---------------------------------------------------------------

it('is sent in order, each naming the one before it, also after a reload and with the clock set back', async () => {
  answers = ['late', 'lost'] // the first was counted, and its answer was lost
  const page = loaded()
  void page.own.cast(ballot('yes'))
  await until(() => keys.length === 1, 'the first was not sent')
  vi.setSystemTime(Date.now() - 3_600_000)
  void page.own.cast(ballot('no'), page.own.ballots.at(-1))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(2))
  page.leave()
  const [first, second] = (await kept(2))!
  expect([first!.choice, second!.choice, second!.replaces]).toEqual(['yes', 'no', first!.key])
  answers = ['judged']
  const again = loaded()
  await until(() => again.told.filter((each) => each.state === 'counted').length === 2, 'they were not sent on')
  expect(keys.slice(-2)).toEqual([first!.key, second!.key])
  expect([...counted.values()]).toEqual(['yes', 'no'])
})

it('is refused where the member has voted on a spare tablet meanwhile, and the second choice behind it too', async () => {
  answers = ['lost']
  const page = loaded()
  void page.own.cast(ballot('yes'))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  void page.own.cast(ballot('yes'), page.own.ballots.at(-1))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(2))
  counted.set('spare', 'no')
  answers = ['judged']
  await until(() => page.told.filter((each) => each.state === 'refused').length === 2, 'it was not refused')
  expect(page.own.ballots).toMatchObject([{ state: 'refused', refusals: [{ rule: 'vote.stale' }] }])
  expect([...counted]).toEqual([['spare', 'no']])
  await casting('yes', page, { key: 'spare', made: 0 }) // the member was asked
  expect([...counted.values()]).toEqual(['no', 'yes'])
})

it('replaces what the one before it would have replaced, where that was refused', () => {
  const first = ballotOf({ ...ballot('yes'), person: 2 }, { key: 'stood', made: 1 })
  const second = ballotOf({ ...ballot('no'), person: 2 }, first)
  const why = (rule: string) => [{ rule, clause: '', clause_en: '', detail: '', detail_en: '', facts: {} }]
  expect(behind({ ...first, refusals: why('vote.absent') }, [first, second])).toEqual([{ ...second, replaces: 'stood' }])
  expect(behind({ ...first, refusals: why('vote.stale') }, [first, second])).toEqual([])
  const { replaces: _, ...alone } = first
  const left = behind({ ...alone, refusals: why('vote.absent') }, [second])
  expect(left.map((each) => 'replaces' in each)).toEqual([false])
})

// --- without IndexedDB -------------------------------------------------------------------------------------

/** IndexedDBs of bad days: `open` that never answers, none at all, one that throws, one without room. */
const BAD: Record<string, unknown> = {
  hangs: { open: () => ({}) },
  'is not there': undefined,
  throws: {
    open: () => {
      throw new DOMException('private', 'SecurityError')
    },
  },
  'has no room': {
    open() {
      const opening = { error: new DOMException('full', 'QuotaExceededError'), onerror: () => {} }
      queueMicrotask(() => opening.onerror())
      return opening
    },
  },
}

it.each(Object.keys(BAD))('is sent at once where IndexedDB %s, and both choices count', async (bad) => {
  vi.stubGlobal('indexedDB', BAD[bad])
  answers = ['judged']
  const page = loaded()
  await vi.advanceTimersByTimeAsync(600) // the page has been open for a moment
  void page.own.cast(ballot('yes'))
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve)) // and no time passes
  expect([...counted.values()]).toEqual(['yes'])
  expect(page.told.at(-1)?.state).toBe('counted')
  await casting('no', page, page.own.ballots.at(-1))
  expect([...counted.values()]).toEqual(['yes', 'no'])
})

it('outlasts a sign-out where IndexedDB hangs', async () => {
  vi.stubGlobal('indexedDB', BAD.hangs)
  answers = ['lost']
  const page = loaded()
  void page.own.cast(ballot('yes'))
  await vi.advanceTimersByTimeAsync(2_000)
  page.leave()
  await vi.advanceTimersByTimeAsync(2_000)
  answers = ['judged']
  useSession().who = who(2)
  await until(() => counted.size === 1, 'it was lost')
})

it('of an earlier page is sent once an IndexedDB that hung answers', async () => {
  answers = ['lost']
  const page = loaded()
  void page.own.cast(ballot('yes'))
  await vi.waitFor(async () => expect(await kept(2)).toHaveLength(1))
  page.leave()
  const working = indexedDB
  vi.stubGlobal('indexedDB', BAD.hangs)
  answers = ['judged']
  loaded()
  await vi.advanceTimersByTimeAsync(1_000)
  vi.stubGlobal('indexedDB', working)
  await until(() => counted.size === 1, 'it was not read')
})
