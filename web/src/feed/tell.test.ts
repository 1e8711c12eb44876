import { expect, it } from 'vitest'
import { meetings } from './records.fixture'
import { apply, EMPTY, KINDS } from './state'
import type { MeetingState } from './types'
import { tell, TOLD, word, type Named } from './tell'

const person = (id: number, name: string) => ({ id, name, post: '', seat: id, in_charge: '', roles: ['member'] })
const state: MeetingState = { ...EMPTY, people: { 2: person(2, '林静'), 3: person(3, '马腾') } }
const said = (kind: string, content: Record<string, unknown>, lang: 'zh' | 'en' = 'zh') =>
  tell({ seq: 1, at: '2026-01-13T01:00:00Z', body: 1, subject: 'meeting', subject_id: 1, actor: 2, kind, content }, state, lang)

it('has a sentence for every kind that the fold knows', () => expect(TOLD.sort()).toEqual(KINDS.sort()))

it('names every value as the server does', () => {
  for (const [of, names] of Object.entries(meetings[0]![1].words))
    for (const [name, words] of Object.entries(names)) expect(word(of as Named, name)).toEqual(words)
})

for (const [name, meeting] of meetings)
  for (const [token, view] of Object.entries(meeting.views))
    it(`says of ${name}, as ${token} sees it, what the server says`, () => {
      let after = EMPTY
      const told = meeting.records.map((record) => {
        const shown = view.instead[record.seq] ?? record
        after = apply(after, shown)
        return [record.seq, tell(shown, after, 'zh'), tell(shown, after, 'en')]
      })
      expect(told).toEqual(meeting.records.map(({ seq }, place) => [seq, ...(view.said[seq] ?? meeting.said[place]!)]))
    })

it('tells a ballot as far as its reader may know it', () => {
  expect(said('ballot.cast', { item: 1, vote: 1, person: 3, choice: 'no', version: 1 })).toBe('马腾已表决：反对')
  expect(said('ballot.cast', { item: 1, vote: 1, person: 3, version: 2 })).toBe('马腾改投')
  expect(said('ballot.cast', { item: 1, vote: 1, person: 3, choice: 'yes', version: 1, outstanding: [2] }, 'en')).toBe(
    '马腾 has voted: yes, not waiting for 林静',
  )
})

it('tells a moment where the bureau is, in the language asked for', () => {
  const content = { title: '党组会议', starts_at: '2026-01-13T01:00:00Z', place: '三楼' }
  expect(said('meeting.changed', content)).toBe('会议改为“党组会议”：2026年1月13日 09:00，三楼')
  expect(said('meeting.changed', content, 'en')).toBe('The meeting is now “党组会议”: 13 January 2026, 09:00, 三楼')
})

it('tells an objection', () => expect(said('objection.raised', { item: null, text: '材料不全' })).toBe('林静提出监督意见：材料不全'))

it('names a kind that it does not know', () => expect(said('weather.changed', {})).toBe('weather.changed'))
