import { describe, expect, it } from 'vitest'
import { blankTask, toEdit, toTexts } from './texts'

const KEPT = {
  items: [
    {
      item: 7,
      discussion: '会议认为，调整必要。',
      decision: '原则同意。',
      basis: '',
      brief: '',
      tasks: [{ who: '计划财务科', what: '办理报批手续', due: '2026-02-28', supervisor: '办公室' }],
      no_task: false,
    },
  ],
  leader: '市政府分管领导',
  copies_to: ['局机关各科室'],
  copies: 20,
}

describe('the texts of minutes', () => {
  it('have an entry for every item of the agenda, in its order', () => {
    expect(toEdit(KEPT, [3, 7]).items.map((each) => [each.item, each.decision])).toEqual([
      [3, ''],
      [7, '原则同意。'],
    ])
  })

  it('come back as they were where nothing is edited', () => {
    expect(toTexts(toEdit(KEPT, [7]))).toEqual(KEPT)
  })

  it('send no blank row, and no blank line', () => {
    const edited = toEdit(KEPT, [7])
    edited.items[0]!.tasks.push(blankTask(), { ...blankTask(), who: ' 人事科 ' })
    edited.copies_to = '党组成员\n\n  局机关各科室 \n'
    const sent = toTexts(edited)
    expect(sent.items?.[0]?.tasks?.map((each) => [each.who, each.due])).toEqual([
      ['计划财务科', '2026-02-28'],
      ['人事科', null],
    ])
    expect(sent.copies_to).toEqual(['党组成员', '局机关各科室'])
  })

  it('keep a task that lacks its who, for the server to refuse at its field', () => {
    const edited = toEdit(KEPT, [7])
    edited.items[0]!.tasks.push({ ...blankTask(), what: '公示' })
    expect(toTexts(edited).items?.[0]?.tasks).toHaveLength(2)
  })

  it('do not touch what is kept while they are edited', () => {
    const edited = toEdit(KEPT, [7])
    edited.items[0]!.tasks[0]!.who = '别人'
    expect(KEPT.items[0]!.tasks[0]!.who).toBe('计划财务科')
  })
})
