// What the chair is asked before an act: a lead, a choice, words of theirs, each where the act needs it.
export type Leaving = 'put_off' | 'defer' | 'withdraw'
export type Ask = Leaving | 'recuse' | 'call_in' | 'hand_over' | 'take_back' | 'motion' | 'go' | 'excuse'

export interface Form {
  title: string
  lead: string
  /** The rule or clause on which the act rests. */
  basis?: string
  confirm?: string
  choice?: { label: string; options: { value: number | string; text: string }[] }
  words?: { label: string; rows: number; most: number; optional?: boolean }
  act: (choice: number | string, words: string) => Promise<unknown>
}
