// Both languages have every message, and every message that a page asks for is there.
import { describe, expect, it } from 'vitest'
import { messages as account } from '@/account/messages'
import { messages as chair } from '@/chair/messages'
import { messages as desk } from '@/desk/messages'
import { messages as hall } from '@/hall/messages'
import { messages as observer } from '@/observer/messages'
import { messages as taking } from '@/parts/taking'
import { messages as tablet } from '@/tablet/messages'
import { messages as verify } from '@/verify/messages'
import { common } from './common'
import type { Catalogue, Messages } from './index'

const parts: Record<string, Catalogue> = { account, chair, desk, hall, observer, tablet, taking, verify }
const pages = import.meta.glob<string>(
  ['../**/*.{vue,ts}', '!../**/*.test.ts', '!../api/**', '!../i18n/**', '!../**/messages/**', '!../**/messages.ts', '!../feed/may.ts'],
  { query: '?raw', import: 'default', eager: true },
)

function flat(part: Messages, at = ''): Map<string, string> {
  return new Map(
    Object.entries(part).flatMap(([key, each]) =>
      typeof each === 'string' ? [[at + key, each] as const] : [...flat(each, `${at}${key}.`)],
    ),
  )
}

const all = { ...parts, '': common }
const said = (language: 'zh' | 'en') =>
  new Map(Object.entries(all).flatMap(([name, part]) => [...flat(part[language], name && `${name}.`)]))
const [zh, en] = [said('zh'), said('en')]
const holes = (text = '') => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

describe('the two languages', () => {
  it('have the same messages', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
    expect(zh.size).toBeGreaterThan(600)
  })

  it('leave the same places to be filled in', () => {
    for (const [key, text] of zh) expect([key, holes(en.get(key))]).toEqual([key, holes(text)])
  })

  it('are the languages they say they are, and leave nothing empty', () => {
    const chinese = /[\u4e00-\u9fff]/
    // A language is named in itself; a placeholder alone, a number or a mark needs no words.
    const wordless = (text: string) => !/[a-z\u4e00-\u9fff]/i.test(text.replace(/\{\w+\}/g, ''))
    for (const [key, text] of zh) {
      expect(text.trim(), key).not.toBe('')
      if (key !== 'language' && !wordless(text)) expect([key, text]).toEqual([key, expect.stringMatching(chinese)])
    }
    const mixed = [...en].filter(([key, text]) => key !== 'language' && chinese.test(text)).map(([key]) => key)
    expect(mixed.filter((key) => !NAMED_IN_CHINESE.test(key))).toEqual([])
  })
})

/** Messages whose English text gives an example of Chinese input. */
const NAMED_IN_CHINESE = /_hint$/

describe('the pages', () => {
  it('ask for nothing that is not there', () => {
    const names = Object.keys(parts).join('|')
    const lacking: string[] = []
    let asked = 0
    for (const [page, whole] of Object.entries(pages)) {
      const source = whole.replace(/\b(?:may|basis)\('[a-z_.]+'/g, '') // neither an operation nor a rule is a message
      const plain = [
        ...source.matchAll(new RegExp(`'((?:${names})\\.[a-z0-9_]+(?:\\.[a-z0-9_]+)*)'`, 'g')),
        ...source.matchAll(/\bt\(\s*'([a-z0-9_.]+)'/g),
      ].map((match) => match[1]!)
      for (const key of plain) {
        asked += 1
        if (!zh.has(key)) lacking.push(`${page}: ${key}`)
      }
      for (const [, key] of source.matchAll(/\bt\(\s*`([^`]+)`/g)) {
        asked += 1
        const pattern = new RegExp(`^${key!.replace(/\./g, '\\.').replace(/\$\{[^}]*\}/g, '[a-z0-9_.]+')}$`)
        if (![...zh.keys()].some((known) => pattern.test(known))) lacking.push(`${page}: ${key}`)
      }
    }
    expect([...new Set(lacking)].sort()).toEqual([])
    expect(asked).toBeGreaterThan(500)
  })

  it('ask for everything that is said', () => {
    const source = Object.values(pages).join('\n')
    const asked = [...source.matchAll(/`([a-z_]+\.[^`\s]*\$\{[^`]*)`/g)].map(
      ([, key]) => new RegExp(`^${key!.replace(/\./g, '\\.').replace(/\$\{[^}]*\}/g, '[a-z0-9_]+')}$`),
    )
    const chips = /^(item_state|stage|outcome|presence)\./ // used by StateChip, of each kind
    const silent = [...zh.keys()].filter(
      (key) => !source.includes(`'${key}'`) && !chips.test(key) && !asked.some((pattern) => pattern.test(key)),
    )
    expect(silent).toEqual([])
  })
})
