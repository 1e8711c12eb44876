// Both themes keep 7:1 between every text colour and the grounds that it is used on; paper is always light.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const css = readFileSync('src/style/tokens.css', 'utf-8')
const [light = '', dark = ''] = css.split('@media screen and (prefers-color-scheme: dark)')

function colours(of: string): Record<string, string> {
  return Object.fromEntries([...of.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]))
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const GROUNDS = ['ground', 'surface']
const PAIRS: [string, string][] = [
  ...['ink', 'ink-soft', 'brand', 'brand-deep', 'good', 'warn', 'bad', 'seal'].flatMap((ink) =>
    GROUNDS.map((ground): [string, string] => [ink, ground]),
  ),
  ...['good', 'warn', 'bad'].flatMap((each): [string, string][] => [[each, `${each}-soft`], ['ink', `${each}-soft`]]),
  ['ink', 'sunken'],
  ['ink', 'brand-soft'],
  ['brand-deep', 'brand-soft'],
  ['on-brand', 'brand'],
  ['on-brand', 'seal'],
  ['on-brand', 'bad'],
  ['on-bar', 'bar'],
  ['on-bar', 'bar-deep'],
]

it('names every colour of the light theme in the dark one, but those that no theme changes', () => {
  const left = Object.keys(colours(light)).filter((name) => !(name in colours(dark)))
  expect(left).toEqual(['on-bar'])
})

it.each(['light', 'dark'])('keeps 7:1 in the %s theme', (theme) => {
  const known = theme === 'light' ? colours(light) : { ...colours(light), ...colours(dark) }
  const weak = PAIRS.map(([ink, ground]) => [ink, ground, contrast(known[ink]!, known[ground]!)] as const)
  expect(weak.filter(([, , ratio]) => ratio < 7)).toEqual([])
})
