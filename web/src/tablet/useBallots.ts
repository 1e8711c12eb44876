// This person's ballots: those on this device and, in a meeting, also those that were cast elsewhere.
import { defineStore } from 'pinia'
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Choice, Mine, VoteRound } from '@/feed/types'
import { useSession } from '@/session'
import { cast, deliver, forget, kept, type About, type Ballot, type Cast, type Page } from './ballots'

/** One store for the whole application: kept ballots go on being sent whatever page is open. */
export const useOwnBallots = defineStore('ballots', () => {
  const session = useSession()
  const me = computed(() => session.who?.person ?? 0)
  const whose = computed(() => session.whose?.person ?? 0)
  const ballots = ref<Ballot[]>([])
  const underway = new Set<string>()

  const same = (a: Ballot, b: Ballot) => a.key === b.key || (a.seq > 0 && a.seq === b.seq && a.meeting === b.meeting)
  /** Show counted ballots in the order of the record; those being sent, or refused, come last. */
  function show(all: Ballot[]): void {
    ballots.value = all.sort((a, b) => (a.seq || Infinity) - (b.seq || Infinity) || a.made - b.made)
  }
  const page: Page = {
    told(ballot) {
      if (ballot.person !== whose.value) return
      // A refused ballot is overtaken by the next one in the same vote.
      const others = ballots.value.filter(
        (each) => !same(each, ballot) && !(each.vote === ballot.vote && each.state === 'refused'),
      )
      show([...others, ballot])
    },
    theirs: (person) => person === me.value,
  }

  // A ballot being sent when the page was left, or the tablet slept, is shown to its person even while the server
  // cannot be asked, and is sent on once the server has said that they are signed in.
  watch(
    [whose, me],
    async ([person, confirmed]) => {
      ballots.value = ballots.value.filter((each) => each.person === person)
      for (const ballot of person ? await kept(person) : []) {
        page.told(ballot)
        if (ballot.state !== 'sending' || !confirmed || underway.has(ballot.key)) continue
        underway.add(ballot.key)
        void deliver(ballot, page).finally(() => underway.delete(ballot.key))
      }
    },
    { immediate: true },
  )

  return {
    ballots,
    cast: (what: Omit<Cast, 'person'>) => cast({ ...what, person: me.value }, page),
    /** Add a ballot that the server counts; a refused change of it stays the latest. */
    found(known: Ballot): void {
      if (!ballots.value.some((each) => same(each, known))) show([...ballots.value, known])
    },
    /** Forget a refused ballot: its person has seen that it was not counted. */
    async acknowledge(ballot: Ballot): Promise<void> {
      await forget(ballot)
      ballots.value = ballots.value.filter((each) => each.key !== ballot.key)
    },
  }
})

export interface Balloting {
  ballots: ComputedRef<Ballot[]>
  /** Cast or replace the ballot in the open vote; `alone`: the chair waits for the others no longer. */
  vote(choice: Choice, about: About, alone?: boolean): Promise<void>
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
      for (const [vote, { choice, at, seq, hash }] of Object.entries(all)) {
        const made = Date.parse(at)
        const stamp = { choice, made, at, seq, hash }
        own.found({ ...stamp, key: `server-${seq}`, person, meeting, vote: Number(vote), state: 'counted', refusals: [] })
      }
    },
    { immediate: true },
  )

  return {
    ballots: computed(() => own.ballots.filter((each) => each.meeting === meeting)),
    acknowledge: own.acknowledge,
    async vote(choice, about, alone = false) {
      if (open.value) await own.cast({ meeting, vote: open.value.id, choice, about, alone })
    },
  }
}
