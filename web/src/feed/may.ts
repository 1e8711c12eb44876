// The acts open to the reader now, as the server's own rules say it: for an operation and its target, the refusals that
// it would meet; none where it is allowed, and none where nothing is known yet: then the server decides.
//
// The pages read these operations, so the server must send them (target):
//   meeting.call ('')                meeting.adjourn ('')
//   item.present (item)              item.present (item/person): as its presenter; the item's own refusals may be
//                                    repeated there
//   item.put_off, item.defer, item.withdraw (item)
//   speech.record, position.record (item/person)
//   speech.correct (item/seq)        position.correct (item/person)
//   presence.correct (person)        delivery.correct (person)
//   vote.open (item)                 vote.close (vote): without a word on those outstanding
//   decision.announce (item/outcome): without a reason
//   item.reopen (item): without a reason
//   chair.hand_over (person)
//   ballot.cast (vote): a first ballot or a change, whatever the choice, without the chair's word on those outstanding
//   proceedings.sign ('')
//   ballot.take (vote/person)        ballot.object (vote)
//   opinion.submit (item)            recusal.declare (item/person)
//   recusal.take_back (item/person)  recorder.name (item/person)
//   discussion.close (item)          people.decide (request)
//   attendee.call (item/person)
//   minutes.review_office, minutes.review_deputy, minutes.sign, minutes.void (minutes)
import { inject, provide, shallowRef, type InjectionKey, type Ref } from 'vue'
import type { RefusedRule } from '@/api'
import { NOTHING } from './state'
import type { Mine } from './types'

export type Operation =
  | 'meeting.call'
  | 'meeting.adjourn'
  | 'item.present'
  | 'item.put_off'
  | 'item.defer'
  | 'item.withdraw'
  | 'speech.record'
  | 'speech.correct'
  | 'position.record'
  | 'position.correct'
  | 'presence.correct'
  | 'delivery.correct'
  | 'vote.open'
  | 'vote.close'
  | 'decision.announce'
  | 'item.reopen'
  | 'chair.hand_over'
  | 'ballot.cast'
  | 'ballot.take'
  | 'ballot.object'
  | 'opinion.submit'
  | 'recusal.declare'
  | 'proceedings.sign'
  | 'recusal.take_back'
  | 'recorder.name'
  | 'discussion.close'
  | 'people.decide'
  | 'attendee.call'
  | 'minutes.review_office'
  | 'minutes.review_deputy'
  | 'minutes.sign'
  | 'minutes.void'

/** Refusals that stand against an operation on a target. */
export type May = (operation: Operation, ...target: (number | string)[]) => RefusedRule[]

export const MINE: InjectionKey<Ref<Mine>> = Symbol('mine')

/** Provide `mine` to the components of this page; returns its May. */
export function provideMay(mine: Ref<Mine>): May {
  provide(MINE, mine)
  return mayOf(mine)
}

/** Returns the May of the page around this component. */
export function useMay(): May {
  return mayOf(inject(MINE, () => shallowRef(NOTHING), true))
}

function mayOf(mine: Ref<Mine>): May {
  return (operation, ...target) => mine.value.may[operation]?.[target.join('/')] ?? []
}

/** Returns whether the server offers an operation on a target now; a target that it has not named is not offered. */
export function useOffered(): (operation: Operation, ...target: (number | string)[]) => boolean {
  const mine = inject(MINE, () => shallowRef(NOTHING), true)
  return (operation, ...target) => mine.value.may[operation]?.[target.join('/')]?.length === 0
}

/** Returns all the refusals, each once. */
export function together(...several: RefusedRule[][]): RefusedRule[] {
  return [...new Map(several.flat().map((each) => [each.rule + each.detail, each])).values()]
}
