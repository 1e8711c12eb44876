// How far minutes have come, in the order that they go: draft → office head → deputy in charge → chair → issued.
export const STAGES = ['draft', 'office_reviewed', 'deputy_reviewed', 'signed', 'issued'] as const
export type Stage = (typeof STAGES)[number]

/** How many of the steps are done; the one after them is the one that waits. */
export function stepsDone(stage: string): number {
  return stage === 'voided' ? STAGES.length : STAGES.indexOf(stage as Stage) + 1
}

/** Whose turn it is, by role; empty where nobody's. */
export function turnOf(stage: string): '' | 'office_head' | 'deputy' | 'chair' | 'secretary' {
  switch (stage) {
    case 'draft':
      return 'office_head'
    case 'office_reviewed':
      return 'deputy'
    case 'deputy_reviewed':
      return 'chair'
    case 'signed':
      return 'secretary'
    default:
      return ''
  }
}
