// The page's verdict on the chain: a tick only where this browser has recomputed it.
import { flushPromises, mount } from '@vue/test-utils'
import { createHash } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import type { Entry } from '@/feed/ledger'
import { i18n, setLang, useCatalogue } from '@/i18n'
import LedgerFeed from './LedgerFeed.vue'
import { messages } from './messages'

useCatalogue('observer', messages)
const stamp = { seq: 1, at: '2026-01-13T01:00:00Z', actor: 1, kind: 'meeting.adjourned' }
const record = { ...stamp, zh: '散会', en: 'The meeting is adjourned' }
const text = JSON.stringify({ ...stamp, body: 1, meeting: 1, content: {} })
const hash = createHash('sha256').update(Buffer.alloc(32)).update(text).digest('hex')

async function saidOf(entries: Entry[]): Promise<string> {
  const page = mount(LedgerFeed, { props: { entries }, global: { plugins: [i18n] } })
  await vi.waitFor(() => expect(page.find('.chain').exists() || !entries.length).toBe(true))
  await flushPromises()
  return page.find('section').text()
}

afterEach(() => {
  vi.unstubAllGlobals()
  setLang('zh')
})

it('is a tick where the chain was recomputed, a cross where it is broken', async () => {
  expect(await saidOf([{ ...record, hash, text }])).toContain('✓ 链条完整')
  expect(await saidOf([{ ...record, hash: '0'.repeat(64), text }])).toContain('✗ 第 1 条记录与其校验值不符')
})

it('is nothing while nothing was read', async () => {
  const said = await saidOf([])
  for (const mark of ['✓', '✗', '链条']) expect(said.replace('操作留痕链', '')).not.toContain(mark)
})

it('is a sentence where the page came without TLS, in both languages', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  for (const [lang, words] of [
    ['zh', '链条未经核对：本页须用以 https:// 开头的网址打开'],
    ['en', 'The chain is not checked: this page came without HTTPS'],
  ] as const) {
    setLang(lang)
    const said = await saidOf([{ ...record, hash, text }])
    expect(said).toContain(words)
    expect(said).not.toMatch(/[✓✗]/)
  }
})

it('names the day of what was not on the day of the meeting', async () => {
  const before = { ...record, at: '2026-01-08T02:00:00Z' }
  const page = mount(LedgerFeed, {
    props: {
      entries: [before, { ...record, seq: 2 }].map((each) => ({ ...each, hash, text })),
      starts_at: '2026-01-13T01:00:00Z',
    },
    global: { plugins: [i18n] },
  })
  expect(page.findAll('time').map((each) => each.text())).toEqual(['09:00:00', '2026年1月8日 10:00:00'])
})
