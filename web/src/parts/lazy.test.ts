import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { i18n } from '@/i18n'
import { lazy } from './lazy'

afterEach(() => vi.useRealTimers())

it('says that the server is away, and comes when it is back', async () => {
  vi.useFakeTimers()
  const load = vi.fn().mockRejectedValueOnce(new TypeError('network'))
  load.mockResolvedValue(defineComponent({ render: () => h('h2', '议程') }))
  const Part = lazy(load)
  const page = mount({ render: () => h('main', [h(Part)]) }, { global: { plugins: [i18n] } })
  await vi.advanceTimersByTimeAsync(300)
  expect(page.text()).toBe('连不上服务器，请检查网络后重试。')
  await vi.advanceTimersByTimeAsync(1_000)
  await flushPromises()
  expect(page.text()).toBe('议程')
})
