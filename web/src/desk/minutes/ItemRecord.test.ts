// The box marked as the record's holds the record's words; what the secretary wrote stands beneath it.
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { Item } from '@/api'
import { i18n, useCatalogue } from '@/i18n'
import { messages } from '../messages'
import ItemRecord from './ItemRecord.vue'

useCatalogue('desk', messages)
const discussion = [{ speaker: '林静', text: '压减一般性支出。' }, { speaker: '', text: '会议认为，方案可行。' }]
const item = { title: '预算', ending: 'decided', discussion } as unknown as Item

const shown = (props: object) => mount(ItemRecord, { props: { item, position: 1, ...props }, global: { plugins: [i18n] } })

it('holds no word of the secretary’s', () => {
  for (const said of [undefined, [{ speaker: '林静', text: '压减一般性支出。' }]]) {
    const page = shown({ whole: true, said })
    const box = page.get('.locked').text()
    expect(box).toContain('林静：压减一般性支出。')
    expect(box).not.toContain('会议认为')
    expect(page.text()).toContain('会议认为，方案可行。')
  }
})

it('is not there where the secretary alone has written', () => {
  const page = shown({ item: { ...item, discussion: discussion.slice(1) }, whole: true })
  expect(page.find('.locked').exists()).toBe(false)
  expect(page.text()).toContain('会议认为，方案可行。')
})
