// Reads about a meeting beside its feed, repeated whenever the meeting has moved on. An answer that was overtaken is
// dropped; where none comes, what was read stays and the connection's own words say why.
import { onMounted, watch, type Ref } from 'vue'
import { answer, meetingRead, type MeetingView } from '@/api'
import { useNewest } from '@/parts/newest'
import { agenda, chairOf } from './state'
import type { MeetingState } from './types'

export interface Reading {
  view: Ref<MeetingView | null>
  reload(): Promise<void>
}

/** Read what this person may see of the meeting, papers above all; again when the meeting's state, its items' or their
 * own presence changes. */
export function useView(id: number, state: Ref<MeetingState>, me: Ref<number>): Reading {
  const { value: view, load } = useNewest(() => answer(meetingRead({ path: { meeting_id: id } })))

  async function reload(): Promise<void> {
    try {
      await load()
    } catch {
      // The last answer stays.
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
