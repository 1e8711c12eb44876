// The fold of this page against the server's, on the same records (tests/records, written by the server's tests).
import { describe, expect, it } from 'vitest'
import { meetings, type Change } from './records.fixture'
import { apply, EMPTY, KINDS, UnknownKind } from './state'

function changed(state: any, [path, value]: Change): any {
  const [head, ...rest] = path
  if (head === undefined) return value
  const copy = Array.isArray(state) ? [...state] : { ...state }
  copy[head] = changed(copy[head], [rest, value])
  return copy
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

it('there are both meetings, with every kind in them', () => {
  expect(meetings.map(([name]) => name)).toEqual(['first.json', 'second.json'])
  const seen = new Set(meetings.flatMap(([, meeting]) => meeting.records.map((record) => record.kind)))
  expect([...seen, 'masked'].sort()).toEqual(meetings[0]![1].kinds)
})

it('every kind that the server knows is known here, and no other', () => {
  for (const [, meeting] of meetings) expect([...KINDS].sort()).toEqual(meeting.kinds)
})

for (const [name, meeting] of meetings)
  describe(name, () => {
    it('begins as on the server', () => {
      expect(plain(EMPTY)).toEqual(meeting.start)
    })

    for (const [token, view] of Object.entries(meeting.views))
      it(`as ${token} sees it, is the server's after every record`, () => {
        let state = EMPTY
        let wanted = plain(meeting.start)
        expect(view.changes).toHaveLength(meeting.records.length)
        meeting.records.forEach((record, place) => {
          const shown = view.instead[String(record.seq)] ?? record
          const before = plain(state)
          const after = apply(state, shown)
          expect(plain(state), 'a state that was handed out changed').toEqual(before)
          state = after
          wanted = view.changes[place]!.reduce(changed, changed(wanted, [['seq'], record.seq]))
          expect(plain(state), `after record ${record.seq}, ${shown.kind}`).toEqual(wanted)
        })
      })
  })

it('a kind that nobody knows is an error, not silence', () => {
  const record = { ...meetings[0]![1].records[0]!, kind: 'item.sung' }
  expect(() => apply(EMPTY, record)).toThrow(UnknownKind)
})
