// The meeting that a screen shows: one feed for the page, opened with the first screen, closed with the last.
import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { meetingRead, answer, Refused } from '@/api'
import { wait } from '@/settled'
import { Feed, type Connection } from './feed'
import { current, EMPTY } from './state'
import type { FeedRecord, Item, MeetingState } from './types'

export interface Followed {
  state: ShallowRef<MeetingState>
  connection: ShallowRef<Connection>
  /** The records since the page was opened, as this viewer may see them; the latest last. */
  records: ShallowRef<FeedRecord[]>
  /** Who has a live connection, by id; told to the desk and the observer alone. */
  present: ShallowRef<number[]>
  item: ComputedRef<Item | undefined>
  name: (person: number | null | undefined) => string
}

const MOST_RECORDS = 500

interface Shared {
  followed: Followed
  close: () => void
  users: number
}
const shared = new Map<number, Shared>()

export function useMeeting(id: number): Followed {
  let entry = shared.get(id)
  if (!entry) {
    entry = follow(id)
    shared.set(id, entry)
  }
  const mine = entry
  mine.users += 1
  onScopeDispose(() => {
    mine.users -= 1
    // A change of page within the meeting leaves one screen before the next one comes.
    setTimeout(() => {
      if (mine.users > 0 || shared.get(id) !== mine) return
      shared.delete(id)
      mine.close()
    }, 1_000)
  })
  return mine.followed
}

function follow(id: number): Shared {
  const state = shallowRef(EMPTY)
  const connection = shallowRef<Connection>({ state: 'connecting' })
  const records = shallowRef<FeedRecord[]>([])
  const present = shallowRef<number[]>([])
  const url = `${location.origin.replace(/^http/, 'ws')}/api/meetings/${id}/live`
  const heard = wait()
  const feed = new Feed(url, {
    changed(after, fresh) {
      state.value = after
      if (fresh.length) records.value = [...records.value, ...fresh].slice(-MOST_RECORDS)
    },
    connection(now) {
      connection.value = now
      if (now.state !== 'connecting') heard()
    },
    present(people) {
      present.value = people
    },
    async refused() {
      try {
        await answer(meetingRead({ path: { meeting_id: id } }))
        return true
      } catch (error) {
        if (error instanceof Refused) return false
        throw error
      }
    },
  })
  feed.open()
  const followed: Followed = {
    state,
    connection,
    records,
    present,
    item: computed(() => current(state.value)),
    name: (person) => (person == null ? '' : (state.value.people[person]?.name ?? '')),
  }
  const close = (): void => {
    feed.close()
    heard()
  }
  return { followed, close, users: 0 }
}
