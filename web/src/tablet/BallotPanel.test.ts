// What a member is told of their ballot where it cannot be as they want: each time before they wonder.
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { byId, item, meeting, round } from '@/chair/meeting.fixture'
import type { MeetingState } from '@/feed/types'
import { i18n, useCatalogue } from '@/i18n'
import BallotPanel from './BallotPanel.vue'
import type { Ballot } from './ballots'
import { messages } from './messages'

const vote = round([1, 2, 3], [2])
const ballot: Ballot = {
  key: 'a', person: 2, meeting: 2, vote: vote.id, choice: 'no', made: 1, state: 'counted', at: '2026-01-13T01:30:00Z', seq: 61,
  hash: 'ab'.repeat(32), refusals: [],
}
const changed = { rule: 'vote.changed', clause: '', clause_en: '', detail: '主持人已经表决，不得再更改投票。', detail_en: '', facts: {} }
const refused: Ballot = { ...ballot, key: 'b', choice: 'yes', made: 2, state: 'refused', seq: 0, refusals: [changed] }

function shown(me: number, ballots: Ballot[], more: Partial<MeetingState> = {}): string {
  useCatalogue('tablet', messages)
  const state = meeting({ items: byId(item(1, 'voting', { votes: byId(vote) })), ...more })
  const props = { state, item: state.items[1]!, vote, me, ballots, motion: '' }
  return mount(BallotPanel, { props, global: { plugins: [i18n] } }).text()
}

it('says why a change was not counted, keeps what was, and offers no further change', () => {
  expect(shown(2, [ballot])).toContain('更改表决')
  const text = shown(2, [ballot, refused])
  for (const words of ['更改未计入', '同意', '主持人已经表决，不得再更改投票。', '已计入', '反对']) expect(text).toContain(words)
  expect(text).not.toContain('更改表决')
})

it('offers no ballot to who has left the room', () => {
  const presence = { ...meeting().presence, 3: { ...meeting().presence[3]!, state: 'left' as const } }
  expect(shown(3, [])).toContain('弃权')
  expect(shown(3, [], { presence })).toContain('返回会场签到后')
  expect(shown(3, [], { presence })).not.toContain('弃权')
})

it('has who held the chair as the vote opened wait, and not who took it over since', () => {
  expect(shown(1, [], { acting: 2 })).toContain('请等候其他成员表决')
  expect(shown(2, [], { acting: 2 })).toContain('弃权')
})
