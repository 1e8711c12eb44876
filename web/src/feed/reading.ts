// What the server is asked about a meeting beside its feed: asked anew whenever the meeting has moved on; an answer that
// was overtaken is no news, and where none comes the connection's own words tell why and what was read stays.
import { onMounted, watch, type Ref } from 'vue'
import { answer, meetingRead, type MeetingView } from '@/api'
import { useNewest } from '@/parts/newest'
import { agenda, chairOf } from './state'
import type { MeetingState } from './types'

export interface Reading {
  view: Ref<MeetingView | null>
  reload(): Promise<void>
}

/** What this person may read of the meeting, papers above all: it changes with the meeting's state, its items' and their
 * own presence. */
export function useView(id: number, state: Ref<MeetingState>, me: Ref<number>): Reading {
  const { value: view, load } = useNewest(() => answer(meetingRead({ path: { meeting_id: id } })))

  async function reload(): Promise<void> {
    try {
      await load()
    } catch {
      // What was read stays.
    }
  }

  watch(
    () =>
      [
        state.value.state,
        chairOf(state.value),
        Object.keys(state.value.notices).length,
        state.value.presence[me.value]?.state,
        ...agenda(state.value).map(
          (each) => `${each.id}:${each.state}:${me.value in each.recusals}:${me.value in each.opinions}`,
        ),
      ].join('|'),
    () => void reload(),
  )
  onMounted(reload)
  return { view, reload }
}
