// A file as it comes: how much of it is there, and that a silent connection is taken for lost.
import { afterEach, expect, it, vi } from 'vitest'
import { Unreachable } from '@/api'
import { fetchFile } from './file'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Stub a server that answers with these pieces, and then ends or falls silent. */
function answering(pieces: number[], headers: Record<string, string>, silent = false): void {
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        pieces.forEach((size) => stream.enqueue(new Uint8Array(size)))
        if (!silent) stream.close()
        signal.addEventListener('abort', () => stream.error(signal.reason))
      },
    })
    return new Response(body, { headers })
  })
}

it('tells the share that has come where the length is known', async () => {
  const shares: number[] = []
  answering([100, 200, 100], { 'content-length': '400', 'content-type': 'application/pdf' })
  const { bytes, type } = await fetchFile('/paper', (share) => shares.push(share))
  expect([bytes.byteLength, type, shares]).toEqual([400, 'application/pdf', [0.25, 0.75, 1]])
  for (const headers of [{}, { 'content-length': '40', 'content-encoding': 'gzip' }] as Record<string, string>[]) {
    answering([100], headers)
    await fetchFile('/paper', (share) => shares.push(share))
  }
  expect(shares).toHaveLength(3)
})

it('gives up a connection that has fallen silent, and says what was refused', async () => {
  vi.useFakeTimers()
  answering([100], { 'content-length': '400' }, true)
  const asked = fetchFile('/paper', () => {}).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(21_000)
  expect(await asked).toBeInstanceOf(Unreachable)
  vi.stubGlobal('fetch', async () => Response.json({ refusals: [{ rule: 'vote.recused' }] }, { status: 403 }))
  expect(await fetchFile('/paper', () => {}).catch((error: unknown) => error)).toMatchObject({ rule: 'vote.recused' })
})
