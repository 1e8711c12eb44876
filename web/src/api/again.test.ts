import { afterEach, expect, it, vi } from 'vitest'
import { answer, bodyCreate, Unreachable } from './index'

afterEach(() => vi.unstubAllGlobals())

it('does once what was not answered and is asked for again; what was answered is another time', async () => {
  const keys: string[] = []
  let away = true
  vi.stubGlobal('fetch', (request: Request) => {
    keys.push(request.headers.get('Idempotency-Key') ?? '')
    if (away) return Promise.reject(new TypeError('network'))
    return Promise.resolve(new Response('{}', { headers: { 'Content-Type': 'application/json' } }))
  })
  vi.stubGlobal('Request', class extends Request {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === 'string' ? new URL(input, 'http://test') : input, init)
    }
  })
  const make = (name: string) => answer(bodyCreate({ body: { name, kind: '党组' } }))
  await expect(make('局党组')).rejects.toBeInstanceOf(Unreachable)
  away = false
  await make('局党组')
  await make('局党组')
  await make('办公会')
  expect(keys[0]).toBe(keys[1])
  expect(new Set(keys).size).toBe(3)
})
