// A refusal that names a field is shown there; one whose field is not on the page is shown with the form as a whole.
import { Refused, type RefusedRule, type Unreachable } from '@/api'

export interface SortedOut {
  at: Record<string, RefusedRule[]>
  rest: Refused | Unreachable | null
}

/** Sort the refusals by the fields `known` that the form shows: one of `items[2].decision` stands there, else at
 * `items[2]`, else at `items`, else in `rest`. */
export function sortOut(problem: Refused | Unreachable | null, known: readonly string[]): SortedOut {
  const at: Record<string, RefusedRule[]> = {}
  if (!(problem instanceof Refused)) return { at, rest: problem }
  const rest: RefusedRule[] = []
  for (const each of problem.refusals) {
    const field = home(each.facts.field, known)
    if (field === null) rest.push(each)
    else (at[field] ??= []).push(each)
  }
  return { at, rest: rest.length ? new Refused(problem.status, rest) : null }
}

function home(field: unknown, known: readonly string[]): string | null {
  if (typeof field !== 'string') return null
  for (let path = field; path; path = path.replace(/(\.[^.[]*|\[[^\]]*\]|[^.[\]]+)$/, ''))
    if (known.includes(path)) return path
  return null
}
