import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, bodyCreate, Unreachable, useCsrf } from './index'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const keys: string[] = []
let away = true
beforeEach(() => {
  keys.length = 0
  away = true
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
})
it('takes a connection that swallows what is sent for lost, and asks again for the same', async () => {
  vi.useFakeTimers()
  const asked: AbortSignal[] = []
  vi.stubGlobal('fetch', (request: Request, { signal }: { signal: AbortSignal }) => {
    keys.push(request.headers.get('Idempotency-Key') ?? '')
    asked.push(signal)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  })
  for (let times = 0; times < 2; times += 1) {
    const made = expect(make('局党组')).rejects.toBeInstanceOf(Unreachable)
    await vi.advanceTimersByTimeAsync(19_000)
    expect(asked[times]?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    await made
  }
  expect(keys[0]).toBe(keys[1])
})
const make = (name: string) => answer(bodyCreate({ body: { name, kind: '党组' } }))

it('does once what was not answered and is asked for again; what was answered is another time', async () => {
  await expect(make('局党组')).rejects.toBeInstanceOf(Unreachable)
  away = false
  await make('局党组')
  await make('局党组')
  await make('办公会')
  expect(keys[0]).toBe(keys[1])
  expect(new Set(keys).size).toBe(3)
})

it('takes the same command for another one after a minute, and in another session', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await expect(make('局党组')).rejects.toBeInstanceOf(Unreachable)
  vi.setSystemTime(Date.now() + 61_000)
  await expect(make('局党组')).rejects.toBeInstanceOf(Unreachable)
  useCsrf('another')
  await expect(make('局党组')).rejects.toBeInstanceOf(Unreachable)
  expect(new Set(keys).size).toBe(3)
})
