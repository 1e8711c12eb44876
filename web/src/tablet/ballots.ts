// Ballots on their way. One is kept in IndexedDB under its UUID before it is sent and until the server has answered;
// it is sent again as often as it takes, and counts once, since the server answers a repeated key as the first time.
import { answer, ballotRead, Refused, Unreachable, uuid, ballotCast, type Objection } from '@/api'
import type { Choice } from '@/feed/types'

export interface Ballot {
  key: string
  person: number
  meeting: number
  vote: number
  choice: Choice
  alone?: boolean // the chair's word not to wait for those who have yet to vote
  made: number // ms, by this device; it orders and decides nothing
  state: 'sending' | 'counted' | 'refused'
  at: string // the server's time, once it is counted
  seq: number
  hash: string
  refusals: Objection[]
}

const NAME = 'yijue'
const STORE = 'ballots'
const WAITS = [300, 600, 1_000, 1_500] // ms between one try and the next

function request<T>(made: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    made.onsuccess = () => resolve(made.result)
    made.onerror = () => reject(made.error)
  })
}

async function database(): Promise<IDBDatabase> {
  const opening = indexedDB.open(NAME, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' })
  return request(opening)
}

async function keep(ballot: Ballot): Promise<void> {
  const opened = await database()
  try {
    await request(opened.transaction(STORE, 'readwrite').objectStore(STORE).put({ ...ballot }))
  } finally {
    opened.close()
  }
}

/** Every ballot of this person that this device keeps, the oldest first. */
export async function kept(person: number, meeting: number): Promise<Ballot[]> {
  const opened = await database()
  try {
    const all = await request<Ballot[]>(opened.transaction(STORE).objectStore(STORE).getAll())
    return all
      .filter((each) => each.person === person && each.meeting === meeting)
      .sort((a, b) => a.made - b.made)
  } finally {
    opened.close()
  }
}

export type Told = (ballot: Ballot) => void

/** A new ballot: kept first, then sent until it is answered. `told` hears of every change. */
export async function cast(
  person: number,
  meeting: number,
  vote: number,
  choice: Choice,
  told: Told,
  alone = false,
): Promise<void> {
  const ballot: Ballot = {
    key: uuid(),
    person,
    meeting,
    vote,
    choice,
    alone,
    made: Date.now(),
    state: 'sending',
    at: '',
    seq: 0,
    hash: '',
    refusals: [],
  }
  await keep(ballot)
  told(ballot)
  await deliver(ballot, told)
}

/** Send one that is kept; a later choice of the same person waits for it in the page, so the order holds. */
export async function deliver(ballot: Ballot, told: Told): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const receipt = await answer(
        ballotCast({
          path: { meeting_id: ballot.meeting, vote_id: ballot.vote },
          body: { choice: ballot.choice, confirm_outstanding: ballot.alone ?? false },
          headers: { 'Idempotency-Key': ballot.key },
        }),
      )
      return settle({ ...ballot, state: 'counted', at: receipt.at, seq: receipt.seq, hash: receipt.hash }, told)
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429 && error.status !== 401)
        return settle({ ...ballot, state: 'refused', refusals: error.refusals }, told)
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(attempt, WAITS.length - 1)]))
  }
}

/** The ballot that the server counts of this person, wherever it was cast; nothing where there is none. */
export async function counted(person: number, meeting: number, vote: number): Promise<Ballot | null> {
  try {
    const receipt = await answer(ballotRead({ path: { meeting_id: meeting, vote_id: vote } }))
    return {
      key: `server-${receipt.seq}`,
      person,
      meeting,
      vote,
      choice: receipt.content.choice as Choice,
      made: Date.parse(receipt.at),
      state: 'counted',
      at: receipt.at,
      seq: receipt.seq,
      hash: receipt.hash,
      refusals: [],
    }
  } catch {
    return null // unknown, or the server is away; what this device keeps is shown all the same
  }
}

async function settle(ballot: Ballot, told: Told): Promise<void> {
  await keep(ballot)
  told(ballot)
}
