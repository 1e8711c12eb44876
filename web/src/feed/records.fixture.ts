// The two meetings that the server's tests write down (tests/records): their records, and what comes of them there.
import { readdirSync, readFileSync } from 'node:fs'
import type { Named } from './tell'
import type { FeedRecord } from './types'

export type Change = [path: (string | number)[], value: unknown]
export type Said = [zh: string, en: string]
export interface View {
  /** What this view shows instead of a record, by seq, and what it says of it. */
  instead: Record<string, FeedRecord>
  said: Record<string, Said>
  /** For each record what it changed in the folded state. */
  changes: Change[][]
}
export interface Meeting {
  /** By rule. */
  clauses: Record<string, Said>
  /** Those of a sentence that stand for a value, by what it is a value of. */
  words: Record<Named, Record<string, Said>>
  kinds: string[]
  start: unknown
  records: FeedRecord[]
  said: Said[]
  views: Record<string, View>
}

const folder = `${import.meta.dirname}/../../../tests/records/`
export const meetings = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): [string, Meeting] => [name, JSON.parse(readFileSync(folder + name, 'utf8')) as Meeting])
