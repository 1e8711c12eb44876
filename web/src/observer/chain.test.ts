import { createHash } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { checkChain, type Link } from './chain'

/** A chain as the server makes it. */
function chain(...contents: unknown[]): Link[] {
  let before = Buffer.alloc(32)
  return contents.map((content, index) => {
    const stamp = { seq: index + 1, kind: 'item.spoken', at: '2026-01-13T01:00:00.5+00:00', actor: 2 }
    const text = JSON.stringify({ ...stamp, content })
    before = createHash('sha256').update(before).update(text).digest()
    return { ...stamp, at: '2026-01-13T01:00:00.500Z', text, hash: before.toString('hex') }
  })
}

afterEach(() => vi.unstubAllGlobals())

it('is whole', async () => {
  expect(await checkChain([])).toEqual({ state: 'whole', checked: 0, withheld: 0 })
  expect(await checkChain(chain({ a: '汉' }, { b: [1, { c: null }] }, {}))).toEqual({ state: 'whole', checked: 3, withheld: 0 })
})

it('binds the record after one that is not shown in full', async () => {
  const links = chain({ a: 1 }, { secret: true }, { b: 2 })
  links[1] = { ...links[1]!, text: undefined, kind: 'masked' }
  expect(await checkChain(links)).toEqual({ state: 'whole', checked: 2, withheld: 1 })
  links[1]!.hash = '0'.repeat(64)
  expect(await checkChain(links)).toEqual({ state: 'broken', seq: 3 })
})

it('tells the first record that was changed, left out, or shown otherwise than it was hashed', async () => {
  const changed = chain({ a: 1 }, { a: 2 })
  changed[1]!.text = changed[1]!.text!.replace('"a":2', '"a":3')
  expect(await checkChain(changed)).toEqual({ state: 'broken', seq: 2 })
  expect(await checkChain(chain({ a: 1 }, { a: 2 }, { a: 3 }).toSpliced(1, 1))).toEqual({ state: 'broken', seq: 2 })
  for (const otherwise of [{ kind: 'item.withdrawn' }, { actor: 3 }, { actor: undefined }, { at: '2026-01-13T01:00:01Z' }])
    expect(await checkChain([{ ...chain({})[0]!, ...otherwise }])).toEqual({ state: 'broken', seq: 1 })
})

it('says where the browser cannot hash', async () => {
  vi.stubGlobal('crypto', {})
  for (const links of [[], chain({}), [{ ...chain({})[0]!, text: undefined }]])
    expect(await checkChain(links)).toEqual({ state: 'unable' })
})
