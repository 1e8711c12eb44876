// The minutes in progress in all bodies that one works for: whose turn each is, and the page for it.
import { answer, minutesListPending, type BodySummary, type PendingMinutes } from '@/api'

export interface Waiting {
  line: PendingMinutes
  body: string
  mine: boolean
  to: string
}

/** The roles in a body that may have minutes before them; a member does where they presided. */
const ROLES = ['secretary', 'office_head', 'deputy', 'head', 'acting_head', 'signatory', 'member']

export function waitingOf(line: PendingMinutes, body: string): Waiting {
  const { mine, hand } = line.turn
  // The secretary writes and issues on the meeting's own page; a reviewer, even if also secretary, has a review page.
  const desk = line.roles.includes('secretary') && (!mine || hand === 'secretary')
  const to = desk ? `/desk/meetings/${line.meeting}/minutes` : `/desk/minutes/${line.meeting}/${line.id}`
  return { line, body, mine, to }
}

/** Returns those that wait for oneself first; within each group, the latest moved first. */
export function inOrder(all: Waiting[]): Waiting[] {
  return [...all].sort((a, b) => Number(b.mine) - Number(a.mine) || b.line.since.localeCompare(a.line.since))
}

export async function readWaiting(bodies: BodySummary[]): Promise<Waiting[]> {
  const asked = bodies.filter((body) => body.roles.some((role) => ROLES.includes(role)))
  const found = asked.map(async ({ id, name }) =>
    (await answer(minutesListPending({ path: { body_id: id } }))).map((line) => waitingOf(line, name)),
  )
  return inOrder((await Promise.all(found)).flat())
}
