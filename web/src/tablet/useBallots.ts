// This person's ballots: those on this device and, in a meeting, also those that were cast elsewhere.
import { defineStore } from 'pinia'
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Choice, Mine, VoteRound } from '@/feed/types'
import { useSession } from '@/session'
import { ballotOf, behind, deliver, forget, keep, kept, type About, type Ballot, type Before, type Cast } from './ballots'

const AGAIN = [2_000, 5_000, 10_000, 30_000] // ms until an IndexedDB that did not answer is asked once more

/** One store for the whole application: ballots go on being sent whatever page is open. */
export const useOwnBallots = defineStore('ballots', () => {
  const session = useSession()
  const me = computed(() => session.who?.person ?? 0)
  const whose = computed(() => session.whose?.person ?? 0)
  const ballots = ref<Ballot[]>([])
  const waiting = new Map<string, Ballot>() // those without an answer, whatever IndexedDB keeps
  const lines = new Map<number, Promise<void>>() // by vote: its ballots are sent one after the other
  const lined = new Set<string>() // the keys of those in a line
  let read: Promise<void> = Promise.resolve() // until this device's kept ballots are known

  const same = (a: Ballot, b: Ballot) => a.key === b.key || (a.seq > 0 && a.seq === b.seq && a.meeting === b.meeting)
  /** Show counted ballots in the order of the record; those being sent, or refused, come last. */
  function show(all: Ballot[]): void {
    ballots.value = all.sort((a, b) => (a.seq || Infinity) - (b.seq || Infinity) || a.made - b.made)
  }
  function told(ballot: Ballot): void {
    if (ballot.person !== whose.value) return
    // A refused ballot is overtaken by the next one in the same vote.
    const others = ballots.value.filter(
      (each) => !same(each, ballot) && !(each.vote === ballot.vote && each.state === 'refused'),
    )
    show([...others, ballot])
  }

  /** Send a ballot after those before it in the same vote. */
  function line(ballot: Ballot): void {
    if (lined.has(ballot.key)) return
    lined.add(ballot.key)
    const before = lines.get(ballot.vote) ?? Promise.resolve()
    lines.set(
      ballot.vote,
      before
        .catch(() => {}) // each fails for itself
        .then(() => send(ballot.key))
        .finally(() => lined.delete(ballot.key)),
    )
  }
  async function send(key: string): Promise<void> {
    await read // ballots of an earlier page go first
    const ballot = waiting.get(key)
    const answered = ballot && (await deliver(ballot, (person) => person === me.value))
    if (!answered) return
    waiting.delete(key)
    told(answered)
    if (answered.state === 'counted') return void forget(answered)
    void keep(answered)
    for (const each of behind(answered, [...waiting.values()])) {
      waiting.set(each.key, each)
      await keep(each)
    }
  }

  /** Take the ballots that an earlier page left on this device. */
  async function recall(person: number): Promise<void> {
    for (const pause of [...AGAIN, 0]) {
      const found = await kept(person)
      if (whose.value !== person) return
      for (const ballot of found ?? []) {
        if (ballot.state === 'sending' && !waiting.has(ballot.key)) waiting.set(ballot.key, ballot)
        told(ballot)
      }
      const mine = [...waiting.values()].filter((each) => each.person === person).sort((a, b) => a.made - b.made)
      for (const ballot of mine) {
        told(ballot)
        if (me.value === person) line(ballot)
      }
      if (found || !pause) return
      read = Promise.resolve() // nothing waits any longer
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  // A ballot being sent when the page was left, or the tablet slept, is shown to its person even while the server
  // cannot be asked, and is sent on once the server has said that they are signed in.
  watch(
    [whose, me],
    ([person]) => {
      ballots.value = ballots.value.filter((each) => each.person === person)
      if (!person) return
      const reading = recall(person)
      read = Promise.race([reading, new Promise<void>((resolve) => setTimeout(resolve, 600))])
    },
    { immediate: true },
  )

  return {
    ballots,
    /** Cast a ballot; `before` is the one that it replaces. Resolves once it is answered. */
    async cast(what: Omit<Cast, 'person'>, before?: Before): Promise<void> {
      const ballot = ballotOf({ ...what, person: me.value }, before)
      waiting.set(ballot.key, ballot)
      void keep(ballot)
      for (const each of ballots.value)
        if (each.vote === ballot.vote && each.state === 'refused') void forget(each) // its person knows of it
      told(ballot)
      line(ballot)
      await lines.get(ballot.vote)
    },
    /** Add a ballot that the server counts; a refused change of it stays the latest. */
    found(known: Ballot): void {
      if (!ballots.value.some((each) => same(each, known))) show([...ballots.value, known])
    },
    /** Forget a refused ballot: its person has seen that it was not counted. */
    async acknowledge(ballot: Ballot): Promise<void> {
      await forget(ballot) // within half a second; then a page that is loaded anew does not show it again
      ballots.value = ballots.value.filter((each) => each.key !== ballot.key)
    },
  }
})

export interface Balloting {
  ballots: ComputedRef<Ballot[]>
  /** Cast or replace the ballot in the open vote: `before` is the one that the member saw; `alone`: the chair waits for
   * the others no longer. */
  vote(choice: Choice, about: About, before?: Before, alone?: boolean): Promise<void>
  acknowledge(ballot: Ballot): Promise<void>
}

/** `told`: this person's standing ballots by vote, as the server sends them to all their screens. */
export function useBallots(meeting: number, open: Ref<VoteRound | undefined>, told: Ref<Pick<Mine, 'ballots'>>): Balloting {
  const session = useSession()
  const own = useOwnBallots()

  watch(
    () => told.value.ballots,
    (all) => {
      const person = session.whose?.person ?? 0
      for (const [vote, { choice, at, seq, hash, key }] of Object.entries(all)) {
        const made = Date.parse(at)
        const stamp = { choice, made, at, seq, hash, key: key ?? `server-${seq}` }
        own.found({ ...stamp, person, meeting, vote: Number(vote), state: 'counted', refusals: [] })
      }
    },
    { immediate: true },
  )

  return {
    ballots: computed(() => own.ballots.filter((each) => each.meeting === meeting)),
    acknowledge: own.acknowledge,
    async vote(choice, about, before, alone = false) {
      if (open.value) await own.cast({ meeting, vote: open.value.id, choice, about, alone }, before)
    },
  }
}
