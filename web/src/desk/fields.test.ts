import { describe, expect, it } from 'vitest'
import { Refused, Unreachable, type RefusedRule } from '@/api'
import { sortOut } from './fields'

function objection(field: string | null, detail = '有误'): RefusedRule {
  return { rule: 'input.invalid', clause: '', clause_en: '', detail, detail_en: 'wrong', facts: { field } }
}

describe('a refusal at its field', () => {
  it('stands where the form has the field, the rest as a whole', () => {
    const locked = { ...objection(null), rule: 'agenda.locked' }
    const problem = new Refused(422, [objection('title'), objection('subjects'), locked])
    const { at, rest } = sortOut(problem, ['title', 'subjects'])
    expect(Object.keys(at)).toEqual(['title', 'subjects'])
    expect(rest).toBeInstanceOf(Refused)
    expect((rest as Refused).refusals).toEqual([locked])
  })

  it('is never lost: a field that the form does not show is told as a whole', () => {
    const { at, rest } = sortOut(new Refused(422, [objection('staff_number')]), ['name'])
    expect(at).toEqual({})
    expect((rest as Refused).refusals).toHaveLength(1)
  })

  it('finds the nearest home of a nested field', () => {
    const known = ['items[1].tasks[0].who', 'items[1]', 'copies_to']
    const problem = new Refused(422, [
      objection('items[1].tasks[0].who'),
      objection('items[1].basis'),
      objection('copies_to[3]'),
      objection('items[0].basis'),
    ])
    const { at, rest } = sortOut(problem, known)
    expect(Object.fromEntries(Object.entries(at).map(([field, all]) => [field, all.length]))).toEqual({
      'items[1].tasks[0].who': 1,
      'items[1]': 1,
      copies_to: 1,
    })
    expect((rest as Refused).refusals).toEqual([objection('items[0].basis')])
  })

  it('leaves a lost connection and no problem as they are', () => {
    const lost = new Unreachable()
    expect(sortOut(lost, ['title']).rest).toBe(lost)
    expect(sortOut(null, ['title'])).toEqual({ at: {}, rest: null })
  })
})
