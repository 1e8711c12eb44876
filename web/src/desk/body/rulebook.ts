// A body's rulebook as it is edited and as a file: titles by short title, clauses by rule.
import type { RulebookDraft, RulebookView } from '@/api'

export interface Sheet {
  titles: { short: string; full: string }[]
  clauses: Record<string, { zh: string; en: string }>
}

/** The rulebook as a sheet to edit; a rule without a clause of its own is blank. */
export function sheetOf(book: RulebookView): Sheet {
  return {
    titles: Object.entries(book.titles).map(([short, full]) => ({ short, full })),
    clauses: Object.fromEntries(
      book.rules.map((each) => [each.rule, each.own ? { zh: each.clause, en: each.clause_en } : { zh: '', en: '' }]),
    ),
  }
}

/** What is sent, and what a file holds: blank lines are left out. */
export function draftOf(sheet: Sheet): RulebookDraft {
  const titles = sheet.titles.filter((each) => each.short.trim() || each.full.trim())
  const clauses = Object.entries(sheet.clauses).filter(([, clause]) => clause.zh.trim())
  return {
    titles: Object.fromEntries(titles.map((each) => [each.short.trim(), each.full.trim()])),
    clauses: Object.fromEntries(clauses.map(([rule, clause]) => [rule, { zh: clause.zh.trim(), en: clause.en.trim() }])),
  }
}

/** Read a file that `draftOf` wrote into the sheet's rules; null where it is no such file. A rule of the file that is
 * unknown here is kept, for the server to name. */
export function readSheet(text: string, rules: readonly string[]): Sheet | null {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return null
  }
  const { titles, clauses } = (file ?? {}) as { titles?: unknown; clauses?: unknown }
  if (!isRecord(titles) || !isRecord(clauses)) return null
  const said = (value: unknown): string => (typeof value === 'string' ? value : '')
  const blank = Object.fromEntries(rules.map((rule) => [rule, { zh: '', en: '' }]))
  const read = Object.entries(clauses).map(([rule, each]) => [
    rule,
    isRecord(each) ? { zh: said(each.zh), en: said(each.en) } : { zh: said(each), en: '' },
  ])
  return {
    titles: Object.entries(titles).map(([short, full]) => ({ short, full: said(full) })),
    clauses: { ...blank, ...Object.fromEntries(read) },
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
