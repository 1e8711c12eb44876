// Connections that were lost while the meeting went on: of members in the room whose screens followed it until then.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { isHere, members } from '@/feed/room'
import type { MeetingState } from '@/feed/types'

export interface Lost {
  person: number
  at: string // by this device's clock: the record knows nothing of connections
}

const GRACE = 5_000 // ms, in which a page that is loaded anew is back

export function useLost(state: ShallowRef<MeetingState>, present: ShallowRef<number[]>): ShallowRef<Lost[]> {
  const lost = shallowRef<Lost[]>([])
  const waiting = new Map<number, ReturnType<typeof setTimeout>>()

  watch(present, (now, before) => {
    for (const person of now) {
      clearTimeout(waiting.get(person))
      waiting.delete(person)
    }
    for (const person of before.filter((each) => !now.includes(each))) {
      const at = new Date().toISOString()
      clearTimeout(waiting.get(person))
      waiting.set(person, setTimeout(() => note({ person, at }), GRACE))
    }
  })

  function note(one: Lost): void {
    waiting.delete(one.person)
    const { value } = state
    const inRoom = members(value).some((each) => each.id === one.person) && isHere(value, one.person)
    if (value.state === 'in_session' && inRoom) lost.value = [...lost.value, one]
  }

  onScopeDispose(() => waiting.forEach((timer) => clearTimeout(timer)))
  return lost
}
