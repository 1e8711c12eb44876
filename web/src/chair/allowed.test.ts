import { describe, expect, it } from 'vitest'
import {
  mayAdjourn,
  mayAnnounce,
  mayCall,
  mayChair,
  mayClose,
  mayEntrust,
  mayPresent,
  mayPutOff,
  mayTakeOff,
  mayTakePart,
} from './allowed'
import { neededOf } from '@/feed/room'
import { CHARTER, item, meeting, round } from './meeting.fixture'

const rules = (refusals: { rule: string }[]) => refusals.map((each) => each.rule)
const kin = { item: 2, person: 1, rule: 'recusal.related', reason: '' }

describe('how many must be present', () => {
  it.each([
    [9, '1/2', false, 5],
    [8, '1/2', false, 4],
    [8, '1/2', true, 5],
    [9, '2/3', false, 6],
    [7, '1', false, 7],
  ])('%i by %s, strict %s: %i', (base, share, strict, needed) => expect(neededOf(base, share, strict)).toBe(needed))
})

describe('calling to order', () => {
  it('is allowed with the chair and half of the members in the room', () =>
    expect(mayCall(meeting({ state: 'noticed', formal_members: [] }))).toEqual([]))

  it('needs the notice, the chair, a quorum', () => {
    expect(rules(mayCall(meeting({ state: 'draft' })))).toEqual(['state.wrong'])
    const [refused, short] = mayCall(meeting({ state: 'noticed', presence: {} }))
    expect(refused?.rule).toBe('state.wrong')
    expect(short).toMatchObject({ rule: 'quorum.general', clause_en: 'Measures 2; Rules 5' })
    expect(short?.detail).toContain('尚缺3人')
  })
})

describe('putting an item', () => {
  const between = meeting({ items: [item(1, 'decided'), item(2, 'listed')] })

  it('is allowed with a presenter in the room', () => expect(mayPresent(between, item(2, 'listed'), 2, [])).toEqual([]))

  it('is one at a time', () =>
    expect(rules(mayPresent(meeting(), item(2, 'listed'), 2, []))).toEqual(['vote.item_by_item']))

  it('takes a presenter who is here and not recused', () => {
    expect(rules(mayPresent(between, item(2, 'listed'), null, []))).toEqual(['state.wrong'])
    expect(rules(mayPresent(between, item(2, 'listed'), 5, []))).toEqual(['state.wrong'])
    expect(rules(mayPresent(between, item(2, 'listed'), 3, [{ ...kin, person: 3 }]))).toEqual(['recusal.related'])
  })

  it('takes a chair whom kinship does not recuse', () =>
    expect(mayPresent(between, item(2, 'listed'), 2, [kin])[0]).toMatchObject({
      rule: 'recusal.related',
      clause: '人事办法第十八条、第二十三条',
    }))
})

describe('the chair', () => {
  it('is in the room and not recused', () => {
    expect(mayChair(meeting(), item(1, 'open'), 1)).toEqual([])
    expect(rules(mayChair(meeting(), item(1, 'open'), 5))).toEqual(['state.wrong'])
    const recused = item(1, 'open', { recusals: { 1: { rule: 'recusal.declared', reason: '' } } })
    expect(rules(mayChair(meeting(), recused, 1))).toEqual(['recusal.declared'])
  })

  it('is handed to members in the room, and back once one is not recused', () => {
    expect(mayEntrust(meeting(), 2)).toEqual([])
    expect(rules(mayEntrust(meeting(), 5))).toEqual(['state.wrong'])
    const own = meeting({ items: [item(1, 'open', { recusals: { 1: { rule: 'recusal.related', reason: '' } } })] })
    expect(mayEntrust(own, 1)[0]?.detail).toContain('收回主持')
  })
})

describe('closing a vote', () => {
  it('waits for nobody once all have voted', () => expect(mayClose(meeting(), round([1, 2], [1, 2]), [])).toEqual([]))

  it('names those missing, or only their number where that is all it knows', () => {
    expect(mayClose(meeting(), round([1, 2, 3], [1]), [2, 3])[0]?.detail).toBe('尚有2人未表决：成员2、成员3。')
    expect(rules(mayClose(meeting(), round([1, 2], [1]), [2]))).toEqual(['vote.outstanding'])
    expect(mayClose(meeting(), round([1, 2, 3], [1]), null)[0]?.detail).toBe('尚有2人未表决。')
  })
})

describe('an item that leaves', () => {
  it('is put off in its discussion, withdrawn or deferred before its vote', () => {
    expect(mayPutOff(meeting(), item(1, 'open'), 1)).toEqual([])
    expect(rules(mayPutOff(meeting(), item(1, 'voting'), 1))).toEqual(['state.wrong'])
    expect(mayTakeOff(item(2, 'listed'))).toEqual([])
    expect(rules(mayTakeOff(item(1, 'voted')))).toEqual(['state.wrong'])
  })
})

describe('the decision', () => {
  it('follows the vote without a reason', () => expect(mayAnnounce(CHARTER, 'passed', 'passed', '')).toEqual([]))

  it('is never turned round where the majority decides, whatever the reason', () =>
    expect(rules(mayAnnounce(CHARTER, 'not_passed', 'passed', '因为'))).toEqual(['decision.majority']))

  it('may be turned round by a head, with a reason', () => {
    const head = { ...CHARTER, decision: 'head' as const }
    expect(mayAnnounce(head, 'not_passed', 'passed', '因为')).toEqual([])
    expect(rules(mayAnnounce(head, 'not_passed', 'passed', ' '))).toEqual(['decision.reason'])
  })

  it('is something else only with a reason', () => {
    expect(rules(mayAnnounce(CHARTER, 'passed', 'shelved', ' '))).toEqual(['decision.reason'])
    expect(mayAnnounce(CHARTER, 'passed', 'shelved', '因为')).toEqual([])
  })
})

it('adjourns when every item has ended', () => {
  expect(mayAdjourn(meeting())[0]?.detail).toContain('第1、2项')
  expect(mayAdjourn(meeting({ items: [item(1, 'decided'), item(2, 'deferred')] }))).toEqual([])
})

it('records the word of those in the room who are not recused', () => {
  const recused = item(1, 'open', { recusals: { 3: { rule: 'recusal.related', reason: '' } } })
  expect(mayTakePart(meeting(), recused, 2)).toEqual([])
  expect(rules(mayTakePart(meeting(), recused, 3))).toEqual(['recusal.related'])
  expect(rules(mayTakePart(meeting(), recused, 5))).toEqual(['state.wrong'])
})
