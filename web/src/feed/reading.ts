// What the server is asked about a meeting beside its feed: asked anew whenever the meeting has moved on. Without an answer the
// connection's own words say why, and what was read stays.
import { onMounted, watch, type Ref } from 'vue'
import { answer, meetingRead, voteWeigh, type ItemReadiness, type MeetingView } from '@/api'
import { useNewest } from '@/parts/newest'
import { chairOf } from './state'
import type { Item, MeetingState } from './types'

export interface Reading {
  view: Ref<MeetingView | null>
  reload(): Promise<void>
}

/** What this person may read of the meeting: it changes with the meeting's state, its items' and their own presence.
 * `also` is asked with it. */
export function useView(
  id: number,
  state: Ref<MeetingState>,
  me: Ref<number>,
  also: () => Promise<void> = async () => {},
): Reading {
  const { value: view, load } = useNewest(() => answer(meetingRead({ path: { meeting_id: id } })))

  async function reload(): Promise<void> {
    try {
      await load()
      await also()
    } catch {
      // What was read stays.
    }
  }

  watch(
    () =>
      [
        state.value.state,
        chairOf(state.value),
        state.value.notices.length,
        state.value.presence[me.value]?.state,
        ...state.value.items.map(
          (each) => `${each.id}:${each.state}:${me.value in each.recusals}:${me.value in each.opinions}`,
        ),
      ].join('|'),
    () => void reload(),
  )
  onMounted(reload)
  return { view, reload }
}

/** How an item stands before its vote, after every record; null where none is weighed, or nothing is known. */
export function useReadiness(id: number, state: Ref<MeetingState>, item: () => Item | undefined): Ref<ItemReadiness | null> {
  const { value, load } = useNewest(async () => {
    const at = item()?.id
    return at ? answer(voteWeigh({ path: { meeting_id: id, item_id: at } })).catch(() => null) : null
  })
  watch(() => [item()?.id, item() && state.value.seq], load, { immediate: true })
  return value
}
