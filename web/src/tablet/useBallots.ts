// This person's ballots in a meeting, on this tablet and, for the open vote, wherever else they were cast.
import { computed, ref, watch, type Ref } from 'vue'
import type { Choice, VoteRound } from '@/feed/types'
import { useSession } from '@/session'
import { cast, counted, deliver, forget, kept, type About, type Ballot, type Page } from './ballots'

export interface Balloting {
  ballots: Ref<Ballot[]>
  /** Cast or replace the ballot in the open vote; `alone`: the chair waits for the others no longer. */
  vote(choice: Choice, about: About, alone?: boolean): Promise<void>
  /** The person has seen that this one was not counted. */
  acknowledge(ballot: Ballot): Promise<void>
}

export function useBallots(meeting: number, open: Ref<VoteRound | undefined>): Balloting {
  const session = useSession()
  const me = computed(() => session.who?.person ?? 0)
  const whose = computed(() => session.whose?.person ?? 0)
  const ballots = ref<Ballot[]>([])
  /** Those counted in the order of the record; what is on its way, or was refused, is the latest word. */
  function show(ballot: Ballot, beside: (other: Ballot) => boolean): void {
    const all = [...ballots.value.filter(beside), ballot]
    ballots.value = all.sort((a, b) => (a.seq || Infinity) - (b.seq || Infinity) || a.made - b.made)
  }
  const page: Page = {
    told(ballot) {
      if (ballot.person !== whose.value) return
      // What was refused before is overtaken by the next word in the same vote.
      show(
        ballot,
        (each) => each.key !== ballot.key && !(each.vote === ballot.vote && each.state === 'refused'),
      )
    },
    theirs: (person) => person === me.value,
  }

  // What was on its way when the page was left, or the tablet slept, is shown to whose it is even while the server cannot
  // be asked, and goes on once it has said that they are signed in.
  watch(
    [whose, me],
    async ([person, confirmed]) => {
      ballots.value = ballots.value.filter((each) => each.person === person)
      for (const ballot of person ? await kept(person, meeting) : []) {
        page.told(ballot)
        if (ballot.state === 'sending' && confirmed) void deliver(ballot, page)
      }
    },
    { immediate: true },
  )

  // A ballot cast on another tablet is this person's as well: asked for as the vote opens, whenever the feed names it, and
  // when all have voted, since then it is there.
  const mine = computed(() => (open.value?.state === 'open' && open.value.roll.includes(me.value) ? open.value : null))
  watch(
    [
      () => mine.value?.id,
      () => mine.value?.ballots[me.value]?.version,
      () => mine.value !== null && mine.value.cast >= mine.value.roll.length,
    ],
    async ([vote]) => {
      if (!vote) return
      const known = await counted(me.value, meeting, vote)
      if (known) show(known, (each) => each.seq !== known.seq) // a change that was refused stays the latest word
    },
    { immediate: true },
  )

  return {
    ballots,
    async vote(choice, about, alone = false) {
      if (open.value) await cast({ person: me.value, meeting, vote: open.value.id, choice, about, alone }, page)
    },
    async acknowledge(ballot) {
      await forget(ballot)
      ballots.value = ballots.value.filter((each) => each.key !== ballot.key)
    },
  }
}
