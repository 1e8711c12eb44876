// The meeting on the secretary's desk: the server's view of it, read again whenever something in that view has changed.
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { answer, meetingRead, Refused, Unreachable, type BodyPerson, type MeetingView } from '@/api'
import type { Connection } from '@/feed/feed'
import { useMeeting } from '@/feed/meeting'
import { agenda } from '@/feed/state'
import type { FeedRecord, MeetingState, Mine } from '@/feed/types'
import { useNewest } from '@/parts/newest'

export interface MeetingDesk {
  id: number
  view: ShallowRef<MeetingView | null>
  problem: Ref<Refused | Unreachable | null>
  state: ShallowRef<MeetingState>
  mine: ShallowRef<Mine>
  connection: ShallowRef<Connection>
  records: ShallowRef<FeedRecord[]>
  members: ComputedRef<BodyPerson[]>
  reload: () => Promise<void>
  name: (person: number | null | undefined) => string
  /** Whether this person holds one of these roles in the meeting. */
  is: (...roles: string[]) => boolean
}

const SOON = 120 // ms, in which the records of one act arrive together

export function useMeetingDesk(id: number): MeetingDesk {
  const { value: view, load } = useNewest(() => answer(meetingRead({ path: { meeting_id: id } })))
  const problem = ref<Refused | Unreachable | null>(null)
  const { state, mine, connection, records } = useMeeting(id)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function reload(): Promise<void> {
    try {
      await load()
      problem.value = null
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error
      problem.value = error
    }
  }

  // The course of an item in the meeting comes by the feed and needs no reading.
  const planned = computed(() => {
    const { state: stage, title, starts_at, place, presiding, secretary, approval, people, notices, year, ordinal } = state.value
    const items = agenda(state.value).map(({ votes, speeches, positions, opinions, recusals, ...plan }) => plan)
    return JSON.stringify([stage, title, starts_at, place, presiding, secretary, approval, people, notices, year, ordinal, items])
  })
  watch(
    planned,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void reload(), SOON)
    },
  )
  // A read that failed while the server was away is repeated once it is back, whether or not something happened.
  watch(
    () => connection.value.state,
    (now) => {
      if (now === 'live' && problem.value) void reload()
    },
  )
  onScopeDispose(() => clearTimeout(timer))
  void reload()

  const people = computed(() => new Map(view.value?.people.map((each) => [each.id, each]) ?? []))
  return {
    id,
    view,
    problem,
    state,
    mine,
    connection,
    records,
    members: computed(() =>
      (view.value?.people ?? [])
        .filter((each) => each.roles.includes('member'))
        .sort((a, b) => (a.seat ?? 1_000) - (b.seat ?? 1_000)),
    ),
    reload,
    name: (person) =>
      person == null ? '' : (people.value.get(person)?.name ?? state.value.people[person]?.name ?? `#${person}`),
    is: (...roles) => roles.some((role) => view.value?.roles.includes(role)),
  }
}
