// The chain recomputed in the browser: hash = SHA-256(hash of the record before ‖ the record's bytes), 32 zero bytes
// before the first (storage/ledger.py). A record of which this view keeps something back cannot be recomputed here;
// its hash still binds the one after it.
import { sha256 } from '@/parts/hashing'

export interface Link {
  record: { seq: number; kind: string; content: unknown }
  hash: string
  text: string | null
}

export type Chain =
  | { state: 'unable' } // the browser hashes nothing on a page that came without TLS
  | { state: 'whole'; checked: number; withheld: number }
  | { state: 'broken'; seq: number }

export async function checkChain(links: Link[]): Promise<Chain> {
  if ((await sha256(new Uint8Array())) === null) return { state: 'unable' }
  let before = new Uint8Array(32)
  let withheld = 0
  for (const [index, link] of links.entries()) {
    if (link.record.seq !== index + 1) return { state: 'broken', seq: index + 1 }
    if (link.text === null) withheld += 1
    else {
      const bytes = new TextEncoder().encode(link.text)
      const joined = new Uint8Array(32 + bytes.length)
      joined.set(before)
      joined.set(bytes, 32)
      if ((await sha256(joined)) !== link.hash || !shows(link)) return { state: 'broken', seq: link.record.seq }
    }
    before = unhex(link.hash)
  }
  return { state: 'whole', checked: links.length - withheld, withheld }
}

/** Whether what is shown is what was hashed. */
function shows({ record, text }: Link): boolean {
  const hashed = JSON.parse(text ?? '') as Link['record']
  return hashed.seq === record.seq && hashed.kind === record.kind && same(hashed.content, record.content)
}

function same(a: unknown, b: unknown): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b
  const [left, right] = [Object.entries(a), Object.entries(b)]
  return left.length === right.length && left.every(([key, value]) => same(value, (b as Record<string, unknown>)[key]))
}

function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
