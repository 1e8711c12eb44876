import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { byId, item, meeting, round } from '@/chair/meeting.fixture'
import { i18n, useCatalogue } from '@/i18n'
import { messages } from './messages'
import SeatGrid from './SeatGrid.vue'

it('says of nobody that they have yet to vote where only the number is told', () => {
  useCatalogue('observer', messages)
  const shown = (vote: ReturnType<typeof round>) =>
    mount(SeatGrid, {
      props: { state: meeting(), item: item(1, 'voting', { votes: byId(vote) }), vote },
      global: { plugins: [i18n] },
    }).text()
  expect(shown(round([1, 2], [2]))).toContain('待表决')
  expect(shown(round([1, 2], [], { cast: 2 }))).not.toContain('待表决')
})
