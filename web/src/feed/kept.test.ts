// The part of a meeting that a tablet keeps, to show it without a connection.
import { IDBFactory } from 'fake-indexeddb'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Session } from '@/api'
import { byId, item, meeting, round } from '@/chair/meeting.fixture'
import { useSession } from '@/session'
import { forgetMeeting, keepMeeting, keptMeeting, type Known } from './kept'
import { NOTHING } from './state'

const lin = { person: 2, name: '林静', csrf: 'a', administrator: false, roles: {} } as Session
const ballot = { choice: 'yes' as const, version: 1, at: '2026-01-13T01:30:00Z', seq: 61, hash: 'ab', taken: false, objected: false }
const known: Known = { state: meeting(), mine: { ...NOTHING, ballots: { 7: ballot } }, clauses: { 'quorum.general': ['五', '5'] } }

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  setActivePinia(createPinia())
})
afterEach(() => vi.unstubAllGlobals())

it('is there again for the same person and meeting, and for nobody else', async () => {
  await keepMeeting(2, 7, known)
  expect(await keptMeeting(2, 7)).toMatchObject(known)
  expect([await keptMeeting(2, 8), await keptMeeting(4, 7)]).toEqual([null, null])
  await forgetMeeting(2, 7)
  expect(await keptMeeting(2, 7)).toBeNull()
})

it('has nothing of a personnel item but its title and what became of it', async () => {
  const papers = byId({ id: 3, name: '考察材料.pdf', media_type: '', size: 1, sha256: '', state: 'kept' as const, found: '' })
  const secret = item(1, 'open', {
    category: 'personnel',
    motion: '拟任',
    papers,
    subjects: { 9: { name: '候选人' } },
    speeches: { 4: { person: 1, summary: '秘密发言', corrected: 0 } },
    opinions: { 5: { text: '秘密意见', read: false, void: false, arrival: 0 } },
    recusals: { 3: { rule: 'recusal.related', reason: '与候选人为夫妻', seq: 50 } },
    votes: byId(round([1, 2], [1], { ballots: { 1: { choice: 'no', version: 1, seq: 60, objected: 0 } } })),
    decision: { outcome: 'passed', at: '2026-01-13T01:30:00Z', reason: '秘密理由', text: '秘密决定' },
  })
  await keepMeeting(2, 7, { ...known, state: meeting({ items: byId(secret, item(2, 'listed', { papers })) }) })
  const kept = await keptMeeting(2, 7)
  for (const words of ['拟任', '候选人', '秘密', '夫妻']) expect(JSON.stringify(kept)).not.toContain(words)
  expect(kept?.state.items[1]).toMatchObject({ title: '议题1', state: 'open', papers: {}, decision: { outcome: 'passed' } })
  expect(kept?.state.items[1]?.votes[7]).toMatchObject({ cast: 1, ballots: {} })
  expect(kept?.state.items[2]?.papers).toEqual(papers)
})

it('is of a few meetings, the latest, and of none that is too large', async () => {
  for (let id = 1; id <= 6; id += 1) {
    vi.spyOn(Date, 'now').mockReturnValue(id)
    await keepMeeting(2, id, known)
  }
  vi.restoreAllMocks()
  expect(await Promise.all([1, 2, 3, 6].map((id) => keptMeeting(2, id).then(Boolean)))).toEqual([false, false, true, true])
  await keepMeeting(2, 9, { ...known, state: meeting({ place: '三'.repeat(3_000_000) }) })
  expect(await keptMeeting(2, 9)).toBeNull()
})

it('is gone once nobody or somebody else is signed in, and stays where it is the same person', async () => {
  const gone = () => vi.waitFor(async () => expect(await keptMeeting(2, 7)).toBeNull())
  for (const next of [null, { ...lin, person: 4 }]) {
    useSession().take(lin)
    await keepMeeting(2, 7, known)
    useSession().take(lin)
    expect(await keptMeeting(2, 7)).toBeTruthy()
    useSession().take(next)
    await gone()
  }
})

it('waits for no database that does not open', async () => {
  vi.stubGlobal('indexedDB', { open: () => ({}) })
  expect(await keptMeeting(2, 7)).toBeNull()
})
