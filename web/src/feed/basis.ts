// The clause that a rule rests on, as the server said it with the meeting.
import { shallowRef } from 'vue'
import { cited, i18n } from '@/i18n'

export type Clauses = Record<string, string[]>

const known = shallowRef<Clauses>({})

export function learnClauses(clauses: Clauses): void {
  known.value = clauses
}

/** Returns 依据：《实施细则》第五条, or its English, for a rule. */
export function basis(rule: string): string {
  const [clause = '', clause_en = ''] = known.value[rule] ?? []
  return i18n.global.t('clause', { clause: cited({ clause, clause_en }) })
}
