// Ballots on their way. One is kept in IndexedDB under its UUID from when it is cast until the server has answered; it
// is sent again as often as it takes, and counts once, since the server answers a repeated key as the first time.
// Sending waits for no IndexedDB: a browser that keeps nothing, or never answers, sends it all the same.
// A tablet may be shared, so a counted ballot is kept no longer: the server shows it. Two kinds outlast a sign-out:
// those without an answer, sent when their person is back, and those refused, until their person says that they know.
import { answer, Refused, Unreachable, uuid, ballotCast, type RefusedRule } from '@/api'
import type { Choice } from '@/feed/types'
import { shelf } from '@/kept'

/** The item that a ballot is cast on, in words: there may be no connection, and the meeting may have moved on. */
export interface About {
  position: number
  title: string
  motion: string
}

export interface Ballot {
  key: string
  person: number
  meeting: number
  vote: number
  choice: Choice
  about?: About
  alone?: boolean // the chair's word not to wait for those who have yet to vote
  replaces?: string // the key of the ballot that its member saw, or of this device's own before it, landed or not
  made: number // ms, by this device; later than that of the ballot it replaces, whatever the clock says
  state: 'sending' | 'counted' | 'refused'
  at: string // the server's time, once it is counted
  seq: number
  hash: string
  refusals: RefusedRule[]
}

/** A ballot as the one that replaces it names it. */
export type Before = Pick<Ballot, 'key' | 'made'>

const shelved = shelf<Ballot>('yijue', 'ballots')
const PATIENCE = 5_000 // ms for an answer; after it the connection is taken for lost, whatever the browser thinks of it
const WAITS = [300, 600, 1_000, 1_500] // ms between one try and the next

/** Keep a ballot on this device. Resolves within half a second, kept or not. */
export const keep = (ballot: Ballot) => shelved.put(ballot)

/** Drop a ballot from this device: its person knows what became of it. */
export const forget = (ballot: Ballot) => shelved.drop(ballot.key)

/** Every ballot of this person that this device keeps, in whatever meeting, in the order in which they were cast; null
 * if IndexedDB does not answer. */
export async function kept(person: number): Promise<Ballot[] | null> {
  const all = await shelved.all()
  return all && all.filter((each) => each.person === person).sort((a, b) => a.made - b.made)
}

export type Cast = Pick<Ballot, 'person' | 'meeting' | 'vote' | 'choice' | 'about' | 'alone'>

/** Returns a new ballot; `before` is the one that it replaces. */
export function ballotOf(what: Cast, before?: Before): Ballot {
  const made = Math.max(Date.now(), (before?.made ?? 0) + 1)
  const replacing = before ? { replaces: before.key } : {}
  return { ...what, ...replacing, key: uuid(), made, state: 'sending', at: '', seq: 0, hash: '', refusals: [] }
}

/** Send a ballot until it is answered; returns it counted or refused. Returns null, and the ballot stays kept, once
 * `theirs` denies that its person is still signed in: nobody else's session sends it. */
export async function deliver(ballot: Ballot, theirs: (person: number) => boolean): Promise<Ballot | null> {
  for (let attempt = 0; theirs(ballot.person); attempt += 1) {
    const trying = new AbortController()
    const patience = setTimeout(() => trying.abort(), PATIENCE)
    try {
      const { choice, replaces, alone } = ballot
      const receipt = await answer(
        ballotCast({
          signal: trying.signal,
          path: { meeting_id: ballot.meeting, vote_id: ballot.vote },
          body: { choice, replaces: replaces ?? null, confirm_outstanding: alone ?? false },
          headers: { 'Idempotency-Key': ballot.key },
        }),
      )
      return { ...ballot, state: 'counted', at: receipt.at, seq: receipt.seq, hash: receipt.hash }
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429 && error.status !== 401)
        return { ...ballot, state: 'refused', refusals: error.refusals }
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error
    } finally {
      clearTimeout(patience)
    }
    await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(attempt, WAITS.length - 1)]))
  }
  return null
}

/** Returns the ballots that wait behind a refused one, changed where they named it: they replace what it would have
 * replaced. Behind one that another device has overtaken they stay as they are, since they are overtaken too. */
export function behind(refused: Ballot, waiting: Ballot[]): Ballot[] {
  if (refused.refusals.some((each) => each.rule === 'vote.stale')) return []
  return waiting
    .filter((each) => each.replaces === refused.key)
    .map(({ replaces: _, ...each }) => (refused.replaces ? { ...each, replaces: refused.replaces } : each))
}
