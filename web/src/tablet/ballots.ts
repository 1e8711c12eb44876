// Ballots on their way. One is kept in IndexedDB under its UUID before it is sent and until the server has answered;
// it is sent again as often as it takes, and counts once, since the server answers a repeated key as the first time.
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
  made: number // ms, by this device; it orders and decides nothing
  state: 'sending' | 'counted' | 'refused'
  at: string // the server's time, once it is counted
  seq: number
  hash: string
  refusals: RefusedRule[]
}

const shelved = shelf<Ballot>('yijue', 'ballots')
const PATIENCE = 5_000 // ms for an answer; after it the connection is taken for lost, whatever the browser thinks of it
const WAITS = [300, 600, 1_000, 1_500] // ms between one try and the next

/** Drop a ballot from this device: its person knows what became of it. */
export const forget = (ballot: Ballot) => shelved.drop(ballot.key)

/** Every ballot of this person that this device keeps, in whatever meeting, the oldest first. */
export async function kept(person: number): Promise<Ballot[]> {
  const all = (await shelved.all()) ?? []
  return all.filter((each) => each.person === person).sort((a, b) => a.made - b.made)
}

/** The page that a ballot is cast from. */
export interface Page {
  /** Called with every change of the ballot. */
  told(ballot: Ballot): void
  /** Whether the person is still the one who is signed in: nobody else's session sends their ballot. */
  theirs(person: number): boolean
}

export type Cast = Pick<Ballot, 'person' | 'meeting' | 'vote' | 'choice' | 'about' | 'alone'>

/** Cast a new ballot: it is kept first, then sent until it is answered. Refused ones in that vote are dropped, as their
 * person knows of them. */
export async function cast(what: Cast, page: Page): Promise<void> {
  const ballot: Ballot = {
    ...what,
    key: uuid(),
    made: Date.now(),
    state: 'sending',
    at: '',
    seq: 0,
    hash: '',
    refusals: [],
  }
  await shelved.put(ballot)
  for (const each of await kept(ballot.person))
    if (each.vote === ballot.vote && each.state === 'refused') await forget(each)
  page.told(ballot)
  await deliver(ballot, page)
}

/** Send a kept ballot until it is answered; the page takes the person's next choice only after that, so the order
 * holds. It stays kept where somebody else has signed in meanwhile. */
export async function deliver(ballot: Ballot, page: Page): Promise<void> {
  for (let attempt = 0; page.theirs(ballot.person); attempt += 1) {
    const trying = new AbortController()
    const patience = setTimeout(() => trying.abort(), PATIENCE)
    try {
      const receipt = await answer(
        ballotCast({
          signal: trying.signal,
          path: { meeting_id: ballot.meeting, vote_id: ballot.vote },
          body: { choice: ballot.choice, confirm_outstanding: ballot.alone ?? false },
          headers: { 'Idempotency-Key': ballot.key },
        }),
      )
      return settle({ ...ballot, state: 'counted', at: receipt.at, seq: receipt.seq, hash: receipt.hash }, page)
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429 && error.status !== 401)
        return settle({ ...ballot, state: 'refused', refusals: error.refusals }, page)
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error
    } finally {
      clearTimeout(patience)
    }
    await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(attempt, WAITS.length - 1)]))
  }
}

async function settle(ballot: Ballot, page: Page): Promise<void> {
  page.told(ballot)
  await (ballot.state === 'counted' ? forget(ballot) : shelved.put(ballot))
}
