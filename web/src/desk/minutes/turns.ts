// The sentence that says whose turn minutes are.
import type { MinutesSheet, PendingMinutes } from '@/api'
import { i18n } from '@/i18n'
import { listed } from '@/i18n/names'

/** Returns the message that says whose turn minutes are, and its values. */
export function turnSaid({ turn, state, version }: Pick<PendingMinutes, 'turn' | 'state' | 'version'> | MinutesSheet): [string, Record<string, unknown>] {
  const hand = turn.hand === 'secretary' && state === 'signed' ? 'issue' : turn.hand
  const by = turn.names.length ? i18n.global.t('desk.minutes.turn.by', { names: listed(turn.names) }) : ''
  return [`desk.minutes.turn.${hand}`, { by, version }]
}
