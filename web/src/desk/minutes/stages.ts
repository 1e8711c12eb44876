// The stages of minutes, in their order: draft → office head → deputy in charge → chair → issued.
export const STAGES = ['draft', 'office_reviewed', 'deputy_reviewed', 'signed', 'issued'] as const
export type Stage = (typeof STAGES)[number]

/** Returns how many of the steps are done; the next one waits. */
export function stepsDone(stage: string): number {
  return stage === 'voided' ? STAGES.length : STAGES.indexOf(stage as Stage) + 1
}
