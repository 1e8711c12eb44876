// The messages to a member whose ballot cannot be as they want, each before they wonder.
import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { shallowRef } from 'vue'
import { expect, it } from 'vitest'
import type { RefusedRule } from '@/api'
import { byId, item, meeting, round } from '@/chair/meeting.fixture'
import { MINE } from '@/feed/may'
import { NOTHING } from '@/feed/state'
import { i18n, useCatalogue } from '@/i18n'
import { useSession } from '@/session'
import BallotPanel from './BallotPanel.vue'
import type { Ballot } from './ballots'
import { messages } from './messages'

HTMLDialogElement.prototype.showModal = () => {} // jsdom has none

const vote = round([1, 2, 3], [2])
const ballot: Ballot = {
  key: 'a', person: 2, meeting: 2, vote: vote.id, choice: 'no', made: 1, state: 'counted', at: '2026-01-13T01:30:00Z', seq: 61,
  hash: 'ab'.repeat(32), refusals: [],
}
const changed = { rule: 'vote.changed', clause: '', clause_en: '', detail: '主持人已经表决，不得再更改投票。', detail_en: '', facts: {} }
const refused: Ballot = { ...ballot, key: 'b', choice: 'yes', made: 2, state: 'refused', seq: 0, refusals: [changed] }

/** Returns the text of the panel; `against`: the rules by which the server would refuse a ballot now. */
function shown(ballots: Ballot[], ...against: string[]): string {
  return shownTo(2, ballots, ...against)
}

function shownTo(person: number, ballots: Ballot[], ...against: string[]): string {
  return panel(person, ballots, ...against).text()
}

function panel(person: number, ballots: Ballot[], ...against: string[]) {
  setActivePinia(createPinia())
  useSession().last = { person, name: '' }
  useCatalogue('tablet', messages)
  const state = meeting({ items: byId(item(1, 'voting', { votes: byId(vote) })) })
  const objections = against.map((rule): RefusedRule => ({ ...changed, rule, detail: '' }))
  const mine = shallowRef({ ...NOTHING, may: { 'ballot.cast': { [vote.id]: objections } } })
  const props = { state, item: state.items[1]!, vote, ballots, motion: '' }
  return mount(BallotPanel, { props, global: { plugins: [i18n], provide: { [MINE as symbol]: mine } } })
}

it('offers a change where one may be made', () => {
  expect(shown([ballot])).toContain('更改表决')
  expect(shown([ballot], 'vote.changed')).not.toContain('更改表决')
})

it('says why a change was not counted, keeps what was, and offers no further change', () => {
  const text = shown([ballot, refused])
  for (const words of ['更改未计入', '同意', '主持人已经表决，不得再更改投票。', '已计入', '反对']) expect(text).toContain(words)
  expect(text).not.toContain('更改表决')
})

it('lets a choice that is on its way be changed, and names it as the one to replace', async () => {
  const shown = panel(2, [{ ...ballot, state: 'sending', seq: 0 }])
  expect(shown.text()).toContain('发送中，尚未计入')
  await shown.get('button').trigger('click')
  await shown.findAll('.choice')[0]!.trigger('click')
  await shown.get('dialog form').trigger('submit')
  expect(shown.emitted('cast')).toMatchObject([['yes', {}, { key: 'a' }]])
})

it('asks whose ballot was overtaken from another device which of the two is meant', async () => {
  const stale = { ...changed, rule: 'vote.stale', detail: '您已在其他设备或页面上投票', facts: { standing: 'a' } }
  const late: Ballot = { ...refused, refusals: [stale] }
  const shown = panel(2, [ballot, late])
  for (const words of ['更改未计入', '您已在其他设备', '已计入']) expect(shown.text()).toContain(words)
  const button = (words: string) => shown.findAll('button').find((each) => each.text() === words)!
  await button('保留“反对”').trigger('click')
  expect(shown.emitted('known')).toMatchObject([[{ key: 'b' }]])
  await button('改投“同意”').trigger('click')
  await shown.get('dialog form').trigger('submit')
  expect(shown.emitted('cast')).toMatchObject([['yes', {}, { key: 'a' }]])
})

it('names what the refusal told, where the ballot that stands has not been shown yet', async () => {
  const stale = { ...changed, rule: 'vote.stale', facts: { standing: 'elsewhere' } }
  const shown = panel(2, [{ ...refused, refusals: [stale] }])
  await shown.findAll('.choice')[0]!.trigger('click')
  await shown.get('dialog form').trigger('submit')
  expect(shown.emitted('cast')).toMatchObject([['yes', {}, { key: 'elsewhere' }]])
})

it('offers no ballot to who has left the room', () => {
  expect(shown([])).toContain('弃权')
  expect(shown([], 'vote.absent')).toContain('返回会场签到后')
  expect(shown([], 'vote.absent')).not.toContain('弃权')
})

it('has the chair wait where the chair votes last', () => {
  expect(shownTo(1, [], 'vote.chair_last')).toContain('请等候其他成员表决')
  expect(shownTo(1, [], 'vote.chair_last')).not.toContain('弃权')
})

it('says to others that the chair waited no longer', () => {
  expect(shown([], 'vote.chair_last')).toContain('您记为未表决')
  expect(shown([], 'vote.chair_last')).not.toContain('弃权')
  expect(shown([ballot], 'vote.chair_last')).toContain('已计入')
})
