// The meeting that a screen shows: one feed for the page, opened with the first screen, closed with the last.
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { meetingRead, originAsk, answer, Refused } from '@/api'
import { wait } from '@/settled'
import { useSession } from '@/session'
import { learnClauses, type Clauses } from './basis'
import { Feed, type Connection, type Watcher } from './feed'
import { forgetMeeting, keepMeeting, keptMeeting } from './kept'
import { askLost, damaged, headOf, keepHead } from './lost'
import { provideMay, type May } from './may'
import { current, EMPTY, NOTHING } from './state'
import type { FeedRecord, Item, MeetingState, Mine } from './types'

export interface Followed {
  state: ShallowRef<MeetingState>
  connection: ShallowRef<Connection>
  /** The state that concerns this reader alone. */
  mine: ShallowRef<Mine>
  may: May
  /** The latest records without a gap, as this viewer may see them; the latest last. */
  records: ShallowRef<FeedRecord[]>
  /** The ids of those who have a live connection; sent to the desk and the observer alone. */
  present: ShallowRef<number[]>
  item: ComputedRef<Item | undefined>
  name: (person: number | null | undefined) => string
}

const MOST_RECORDS = 500
const KEEPING = 1_000 // ms after which a change is kept
const KEPT = /^(floor|chair)/ // the views of members' screens

interface Shared {
  followed: Omit<Followed, 'may'>
  close: () => void
  users: number
}
const shared = new Map<number, Shared>()

/** Follow the meeting. The page calls this; its components may then ask `useMay`. */
export function useMeeting(id: number): Followed {
  let entry = shared.get(id)
  if (!entry) {
    entry = follow(id)
    shared.set(id, entry)
  }
  const used = entry
  used.users += 1
  onScopeDispose(() => {
    used.users -= 1
    // A change of page within the meeting leaves one screen before the next one comes.
    setTimeout(() => {
      if (used.users > 0 || shared.get(id) !== used) return
      shared.delete(id)
      used.close()
    }, 1_000)
  })
  return { ...used.followed, may: provideMay(used.followed.mine) }
}

function follow(id: number): Shared {
  const state = shallowRef(EMPTY)
  const connection = shallowRef<Connection>({ state: 'connecting' })
  const mine = shallowRef(NOTHING)
  const records = shallowRef<FeedRecord[]>([])
  const present = shallowRef<number[]>([])
  const session = useSession()
  let clauses: Clauses = {}
  let keeping: ReturnType<typeof setTimeout> | undefined
  let tried = false

  function keep(): void {
    keeping ??= setTimeout(() => {
      keeping = undefined
      const person = session.who?.person
      if (person && KEPT.test(feed.view))
        void keepMeeting(person, id, { state: state.value, mine: mine.value, clauses })
    }, KEEPING)
  }

  /** Show what this device knew until a connection comes about. */
  async function remind(): Promise<void> {
    const person = session.whose?.person
    if (tried || !person) return
    tried = true
    const known = await keptMeeting(person, id)
    if (!known || feed.state.seq || session.whose?.person !== person) return
    learnClauses(known.clauses)
    mine.value = known.mine
    state.value = known.state
    // If the server names another person, it is not theirs to see.
    const stop = watch(
      () => session.whose?.person,
      (now) => {
        stop()
        if (feed.state.seq || now === person) return
        mine.value = NOTHING
        state.value = EMPTY
      },
    )
  }

  const signedIn = () =>
    new Promise<void>((resolve) => {
      const stop = watch(
        () => session.who,
        (who) => {
          if (!who) return
          stop()
          resolve()
        },
      )
    })
  const url = `${location.origin.replace(/^http/, 'ws')}/api/meetings/${id}/live`
  const heard = wait()
  const watcher: Watcher = {
    began(after, its) {
      learnClauses((clauses = its))
      damaged.value = null
      records.value = []
      state.value = after
      keep()
    },
    changed(after, fresh) {
      if (fresh.length) records.value = [...records.value, ...fresh].slice(-MOST_RECORDS)
      state.value = after
      keep()
    },
    head: (head) => keepHead(id, head),
    mine(after) {
      if (Boolean(after.lost) !== Boolean(mine.value.lost)) void askLost()
      mine.value = after
      keep()
    },
    connection(now) {
      connection.value = now
      if (now.state !== 'connecting') heard()
      if (now.state === 'waiting' && !feed.state.seq) void remind()
      if (now.state === 'refused' && session.whose) void forgetMeeting(session.whose.person, id)
    },
    present(people) {
      present.value = people
    },
    async refused() {
      try {
        await answer(meetingRead({ path: { meeting_id: id } }))
        const asked = await answer(originAsk({ query: { origin: location.origin } }))
        return asked.accepted || { state: 'elsewhere', page: location.origin, server: asked.own }
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        const [first] = error.refusals
        if (first?.rule === 'ledger.damaged') {
          damaged.value = { zh: first.detail, en: first.detail_en }
          return { state: 'damaged' }
        }
        if (error.rule !== 'access.signed_out') return false
        await signedIn() // in a dialog over the page, which then goes on
        return true
      }
    },
  }
  const feed = new Feed(url, watcher, headOf(id))
  feed.open()
  const followed = {
    state,
    mine,
    connection,
    records,
    present,
    item: computed(() => current(state.value)),
    name: (person: number | null | undefined) => (person == null ? '' : (state.value.people[person]?.name ?? '')),
  }
  const close = (): void => {
    feed.close()
    damaged.value = null
    heard()
  }
  return { followed, close, users: 0 }
}
