// This person's ballots in a meeting, on this tablet and, for the open vote, wherever else they were cast.
import { ref, watch, type Ref } from 'vue'
import type { Choice, VoteRound } from '@/feed/types'
import { cast, counted, deliver, kept, type Ballot } from './ballots'

export interface Balloting {
  ballots: Ref<Ballot[]>
  /** Cast or replace the ballot in the open vote; `alone`: the chair waits for the others no longer. */
  vote(choice: Choice, alone?: boolean): Promise<void>
}

export function useBallots(meeting: number, me: Ref<number>, open: Ref<VoteRound | undefined>): Balloting {
  const ballots = ref<Ballot[]>([])

  function told(ballot: Ballot): void {
    const others = ballots.value.filter((each) => each.key !== ballot.key)
    // Those counted in the order of the record; what is on its way, or was refused, is the latest word.
    ballots.value = [...others, ballot].sort((a, b) => (a.seq || Infinity) - (b.seq || Infinity) || a.made - b.made)
  }

  // What was on its way when the page was left, or the tablet slept, goes on as soon as it is known whose it is.
  watch(
    me,
    async (person) => {
      for (const ballot of person ? await kept(person, meeting) : []) {
        told(ballot)
        if (ballot.state === 'sending') void deliver(ballot, told)
      }
    },
    { immediate: true },
  )

  // A ballot cast on another tablet is this person's as well.
  watch(
    () => (open.value?.state === 'open' && open.value.roll.includes(me.value) ? open.value.id : 0),
    async (vote) => {
      if (!vote) return
      const known = await counted(me.value, meeting, vote)
      if (known && !ballots.value.some((each) => each.seq === known.seq)) told(known)
    },
    { immediate: true },
  )

  return {
    ballots,
    async vote(choice, alone = false) {
      if (open.value) await cast(me.value, meeting, open.value.id, choice, told, alone)
    },
  }
}
