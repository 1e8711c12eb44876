// How far minutes have come, in the order that they go: draft → office head → deputy in charge → chair → issued.
export const STAGES = ['draft', 'office_reviewed', 'deputy_reviewed', 'signed', 'issued'] as const
export type Stage = (typeof STAGES)[number]

/** How many of the steps are done; the one after them is the one that waits. */
export function stepsDone(stage: string): number {
  return stage === 'voided' ? STAGES.length : STAGES.indexOf(stage as Stage) + 1
}
