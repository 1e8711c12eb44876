import { expect, test } from 'vitest'
import { draftOf, readSheet, sheetOf } from './rulebook'

const rule = (id: string, clause: string, own: boolean) =>
  ({ rule: id, meaning: '', meaning_en: '', clause, clause_en: 'Rules 6', own })
const book = {
  version: 1,
  titles: { '《甲》': '《某甲》' },
  rules: [rule('vote.form', '《甲》第六条', true), rule('leaving.other', '惯例', false)],
}

test('a file that was written is read again, and a rule without a clause stays blank', () => {
  const sheet = sheetOf(book)
  expect(sheet.clauses['leaving.other']).toEqual({ zh: '', en: '' })
  const draft = draftOf(sheet)
  expect(draft.clauses).toEqual({ 'vote.form': { zh: '《甲》第六条', en: 'Rules 6' } })
  expect(readSheet(JSON.stringify(draft), ['vote.form', 'leaving.other'])).toEqual(sheet)
})

test('what is no rulebook is no sheet; a clause may be a plain text', () => {
  for (const text of ['', '[]', 'null', '{"titles": {}}', '{"titles": [], "clauses": {}}']) expect(readSheet(text, [])).toBe(null)
  expect(readSheet('{"titles": {}, "clauses": {"x": "第一条"}}', [])?.clauses).toEqual({ x: { zh: '第一条', en: '' } })
})
