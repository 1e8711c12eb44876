import { describe, expect, it } from 'vitest'
import type { Messages } from '@/i18n'
import { messages } from './messages'

function flat(part: Messages, at = ''): Map<string, string> {
  return new Map(
    Object.entries(part).flatMap(([key, each]) =>
      typeof each === 'string' ? [[at + key, each] as const] : [...flat(each, `${at}${key}.`)],
    ),
  )
}

describe('the desk in two languages', () => {
  const [zh, en] = [flat(messages.zh), flat(messages.en)]

  it('says everything in both, with the same figures and names in it', () => {
    expect([...zh.keys()]).toEqual([...en.keys()])
    const holes = (text = '') => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
    for (const key of zh.keys()) expect([key, holes(zh.get(key))]).toEqual([key, holes(en.get(key))])
  })

  it('has a sentence for every message that its pages ask for', () => {
    const pages = import.meta.glob<string>('./**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })
    const asked = Object.values(pages).flatMap((page) => [...page.matchAll(/'desk\.([a-z0-9_.]+)'/g)])
    const lacking = asked.map((each) => each[1] ?? '').filter((key) => !zh.has(key))
    expect(asked.length).toBeGreaterThan(200)
    expect([...new Set(lacking)]).toEqual([])
  })
})
