// The clause that each rule rests on, as the server cites it (acts/refusal.py; `clauses.test.ts` holds the two
// together): where a page says why before anything was refused, and where a view keeps the server's sentence back.
import { cited, i18n } from '@/i18n'

export interface Clause {
  clause: string
  clause_en: string
}

const CLAUSES: Record<string, [zh: string, en: string]> = {
  'notice.lead': ['议事细则第六条第（三）项', 'Rules 6(3)'],
  'notice.missing': ['议事细则第六条第（三）项', 'Rules 6(3)'],
  'calendar.unknown': ['议事细则第六条第（三）项', 'Rules 6(3)'],
  'agenda.locked': ['议事细则第六条第（一）、（四）项', 'Rules 6(1), 6(4)'],
  'agenda.ad_hoc': ['议事细则第六条第（一）、（四）项；人事办法第二十条', 'Rules 6(1), 6(4); Personnel 20'],
  'materials.incomplete': ['议事细则第六条第（二）、（三）项', 'Rules 6(2), 6(3)'],
  'personnel.materials': ['议事细则第六条第（三）项；人事办法第二十条', 'Rules 6(3); Personnel 20'],
  'quorum.general': ['实施办法第二条；议事细则第五条', 'Measures 2; Rules 5'],
  'quorum.personnel': ['实施办法第二条；议事细则第五条', 'Measures 2; Rules 5'],
  'quorum.in_charge': ['实施办法第二条；议事细则第五条', 'Measures 2; Rules 5'],
  'quorum.lost': ['议事细则第五条', 'Rules 5'],
  'recusal.related': ['人事办法第十八条、第二十三条', 'Personnel 18, 23'],
  'recusal.declared': ['人事办法第二十三条', 'Personnel 23'],
  'vote.item_by_item': ['议事细则第六条第（五）项', 'Rules 6(5)'],
  'vote.not_discussed': ['议事细则第六条第（四）项', 'Rules 6(4)'],
  'vote.absent': ['议事细则第六条第（五）项', 'Rules 6(5)'],
  'vote.recused': ['人事办法第二十三条', 'Personnel 23'],
  'vote.not_member': ['议事细则第六条第（五）项', 'Rules 6(5)'],
  'vote.choice': ['议事细则第六条第（五）项', 'Rules 6(5)'],
  'vote.chair_last': ['末位表态（惯例）', 'practice'],
  'vote.changed': ['议事细则第七条、第十条（议事决策规范）', 'Rules 7, 10 (the charter)'],
  'vote.outstanding': ['议事细则第六条第（五）项', 'Rules 6(5)'],
  'vote.close_positions': ['议事细则第六条第（五）项', 'Rules 6(5)'],
  'decision.majority': ['议事细则第六条第（六）项', 'Rules 6(6)'],
  'decision.reason': ['实施办法第二条第（五）项；工作规则第六条、第七条', 'Measures 2(5); Working 6-7'],
  'minutes.number': ['议事细则第六条第（七）项；工作规则第二十二条', 'Rules 6(7); Working 22'],
  'minutes.immutable': ['议事细则第六条第（七）项', 'Rules 6(7)'],
}

/** Empty where no clause is cited. */
export function clauseOf(rule: string): Clause {
  const [clause, clause_en] = CLAUSES[rule] ?? ['', '']
  return { clause, clause_en }
}

/** 依据：议事细则第五条 */
export function basis(rule: string): string {
  return i18n.global.t('clause', { clause: cited(clauseOf(rule)) })
}

export const CITING = Object.keys(CLAUSES)
