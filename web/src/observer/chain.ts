// The chain recomputed in the browser: hash = SHA-256(hash of the record before ‖ the record's bytes), 32 zero bytes
// before the first (storage/ledger.py). A record of which this view keeps something back cannot be recomputed here;
// its hash still binds the one after it.
import type { Entry } from '@/feed/ledger'
import { sha256 } from '@/parts/hashing'

export type Link = Pick<Entry, 'seq' | 'kind' | 'at' | 'actor' | 'hash' | 'text'>

export type Chain =
  | { state: 'unable' } // the browser hashes nothing on a page that came without TLS
  | { state: 'whole'; checked: number; withheld: number }
  | { state: 'broken'; seq: number }

export async function checkChain(links: Link[]): Promise<Chain> {
  if ((await sha256(new Uint8Array())) === null) return { state: 'unable' }
  let before = new Uint8Array(32)
  let withheld = 0
  for (const [index, link] of links.entries()) {
    if (link.seq !== index + 1) return { state: 'broken', seq: index + 1 }
    if (link.text === undefined) withheld += 1
    else {
      const bytes = new TextEncoder().encode(link.text)
      const joined = new Uint8Array(32 + bytes.length)
      joined.set(before)
      joined.set(bytes, 32)
      if ((await sha256(joined)) !== link.hash || !shows(link, link.text)) return { state: 'broken', seq: link.seq }
    }
    before = unhex(link.hash)
  }
  return { state: 'whole', checked: links.length - withheld, withheld }
}

/** Whether what is shown is what was hashed: which record, of what kind, when and by whom. */
function shows({ seq, kind, at, actor }: Link, text: string): boolean {
  const hashed = JSON.parse(text) as { seq: number; kind: string; at: string; actor: number | null }
  const same = hashed.seq === seq && hashed.kind === kind && (hashed.actor ?? undefined) === actor
  return same && Date.parse(hashed.at) === Date.parse(at)
}

function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
