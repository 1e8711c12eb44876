// What the server is asked about a meeting beside its feed: asked anew whenever the meeting has moved on; an answer that
// was overtaken is no news, and where none comes the connection's own words tell why and what was read stays.
import { onMounted, ref, watch, type Ref } from 'vue'
import { answer, meetingRead, voteWeigh, type ItemReadiness, type MeetingView } from '@/api'
import { agenda, chairOf } from './state'
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
  const view = ref<MeetingView | null>(null)
  let asked = 0

  async function reload(): Promise<void> {
    const mine = ++asked
    try {
      const found = await answer(meetingRead({ path: { meeting_id: id } }))
      if (mine === asked) view.value = found
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

/** How an item stands before its vote; null where none is weighed, or nothing is known. Asked anew when something has
 * changed that it is weighed from: a ballot is not. */
export function useReadiness(id: number, state: Ref<MeetingState>, item: () => Item | undefined): Ref<ItemReadiness | null> {
  const ready = ref<ItemReadiness | null>(null)
  let asked = 0
  watch(
    [
      () => item()?.id,
      () => item()?.state,
      () => item()?.discussed,
      () => item()?.positions,
      () => item()?.opinions,
      () => item()?.recusals,
      () => state.value.presence,
      () => state.value.notices,
      () => chairOf(state.value),
    ],
    async ([at]) => {
      const mine = ++asked
      const found = at ? await answer(voteWeigh({ path: { meeting_id: id, item_id: at } })).catch(() => null) : null
      if (mine === asked) ready.value = found // opening the vote asks the same rules
    },
    { immediate: true },
  )
  return ready
}
