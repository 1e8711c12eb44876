// The next thing to do for a meeting, from what the server says of it: a sentence and where to do it.
import type { MeetingLine, NoticePreview, NoticeView } from '@/api'
import type { MeetingTab } from './places'

export interface Known {
  preview?: NoticePreview
  notices?: NoticeView[]
  members?: number[]
  issued?: string // the number of minutes that stand
  voided?: boolean
}

export interface Next {
  say: string // a key under desk.next
  values: Record<string, string | number>
  tab: MeetingTab
  done?: boolean
}

export function nextOf(line: MeetingLine, known: Known): Next {
  switch (line.state) {
    case 'draft':
      return line.past ? { say: 'past', values: {}, tab: 'notice' } : drafting(line, known.preview)
    case 'noticed':
      return line.past ? { say: 'past_noticed', values: {}, tab: 'notice' } : noticed(known)
    case 'cancelled':
      return { say: 'cancelled', values: {}, tab: 'agenda', done: true }
    case 'in_session':
      return { say: 'in_session', values: {}, tab: 'room' }
    default:
      if (known.issued) return { say: 'issued', values: { number: known.issued }, tab: 'minutes', done: true }
      return { say: known.voided ? 'voided' : 'minutes', values: {}, tab: 'minutes' }
  }
}

function drafting(line: MeetingLine, preview: NoticePreview | undefined): Next {
  if (!preview) return { say: 'draft', values: {}, tab: 'agenda' }
  const rules = preview.refusals.map((each) => each.rule)
  if (rules.includes('materials.incomplete'))
    return { say: 'incomplete', values: { count: preview.incomplete.length }, tab: 'agenda' }
  if (preview.refusals.some((each) => each.facts.items === 0)) return { say: 'no_items', values: {}, tab: 'agenda' }
  if (rules.includes('notice.lead')) return { say: 'too_soon', values: {}, tab: 'notice' }
  if (rules.includes('agenda.approved')) return approving(line.agenda)
  if (rules.length) return { say: 'refused', values: {}, tab: 'notice' }
  return { say: 'give', values: {}, tab: 'notice' }
}

function approving(stage: MeetingLine['agenda']): Next {
  const say = stage === 'submitted' ? 'approval' : stage === 'returned' ? 'returned' : 'submit'
  return { say, values: {}, tab: 'agenda' }
}

function noticed({ notices = [], members = [] }: Known): Next {
  const { deliveries, changes } = notices.at(-1) ?? { deliveries: [], changes: [] } // the last one stands
  const latest = changes.at(-1)
  const enough = deliveries.filter((each) => !latest || each.change === latest.id || (!each.change && each.delivered_at >= latest.at))
  const reached = new Map(enough.map((each) => [each.person, each]))
  const missing = members.filter((person) => !reached.has(person)).length
  if (missing) return { say: latest ? 'tell' : 'deliver', values: { count: missing }, tab: 'notice' }
  const silent = members.filter((person) => !reached.get(person)?.acknowledged_at).length
  if (silent) return { say: 'acknowledge', values: { count: silent }, tab: 'notice' }
  return { say: 'wait', values: {}, tab: 'room' }
}
