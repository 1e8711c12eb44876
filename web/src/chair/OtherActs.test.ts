import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { i18n, useCatalogue } from '@/i18n'
import { item, meeting } from './meeting.fixture'
import { messages } from './messages'
import OtherActs from './OtherActs.vue'

useCatalogue('chair', messages)
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true
}

it('does not carry what was about to be said of an item over to the next', async () => {
  const state = meeting()
  const page = mount(OtherActs, { props: { id: 1, state, item: item(1, 'open'), me: 1 }, global: { plugins: [i18n] } })
  await page.get('button').trigger('click')
  expect(page.find('dialog').text()).toContain('议题1')
  await page.setProps({ item: undefined })
  await page.setProps({ item: item(2, 'open') })
  expect(page.find('dialog').exists()).toBe(false)
})
