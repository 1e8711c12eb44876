import { describe, expect, it } from 'vitest'
import type { MeetingLine, NoticePreview, NoticeView } from '@/api'
import { nextOf } from './next'

const LINE: MeetingLine = {
  id: 1, title: '党组会议', starts_at: '2026-01-13T01:00:00Z', place: '', state: 'draft', presiding: 1, agenda: 'open', past: false, moved_from: null,
  year: null, ordinal: null,
}
const READY: NoticePreview = {
  meeting_on: '2026-01-13', lead_working_days: 1, earliest: '2026-01-09', without_papers: [], incomplete: [],
  undrawn: [], refusals: [],
}

function refusing(rule: string, facts: Record<string, number> = {}): NoticePreview {
  const refusal = { rule, clause: '', clause_en: '', detail: '', detail_en: '', facts }
  return { ...READY, incomplete: [4], refusals: [refusal] }
}

function notice(withdrawn: boolean, reached: Record<number, boolean>): NoticeView {
  return {
    notice: { id: 1, given_at: '', given_by: 1, agenda_hash: '', withdrawn_at: withdrawn ? '2026-01-08' : null, reason: '' },
    deliveries: Object.entries(reached).map(([person, acknowledged]) => ({
      person: Number(person), change: 0, method: 'phone' as const, delivered_at: '', recorded_by: 1, acknowledged_at: acknowledged ? '' + 1 : null,
    })),
    changes: [],
  }
}

describe('what waits to be done next', () => {
  it('is what the notice would be refused for, then the notice', () => {
    expect(nextOf(LINE, { preview: refusing('state.wrong', { items: 0 }) })).toMatchObject({ say: 'no_items', tab: 'agenda' })
    expect(nextOf(LINE, { preview: refusing('materials.incomplete') })).toMatchObject({ say: 'incomplete', tab: 'agenda' })
    expect(nextOf(LINE, { preview: refusing('notice.lead') })).toMatchObject({ say: 'too_soon', tab: 'notice' })
    expect(nextOf(LINE, { preview: refusing('agenda.approved') })).toMatchObject({ say: 'submit', tab: 'agenda' })
    const submitted = { ...LINE, agenda: 'submitted' as const }
    expect(nextOf(submitted, { preview: refusing('agenda.approved') })).toMatchObject({ say: 'approval', tab: 'agenda' })
    expect(nextOf(LINE, { preview: refusing('calendar.unknown') })).toMatchObject({ say: 'refused', tab: 'notice' })
    expect(nextOf(LINE, { preview: READY })).toMatchObject({ say: 'give', tab: 'notice' })
  })

  it('counts the members whom the standing notice has not reached, then the silent ones', () => {
    const line = { ...LINE, state: 'noticed' as const }
    const members = [1, 2, 3]
    const before = notice(true, { 1: true, 2: true, 3: true }) // withdrawn: its deliveries count no longer
    expect(nextOf(line, { members, notices: [before, notice(false, { 1: true })] })).toMatchObject({ say: 'deliver', values: { count: 2 } })
    expect(nextOf(line, { members, notices: [notice(false, { 1: true, 2: false, 3: false })] })).toMatchObject({ say: 'acknowledge', values: { count: 2 } })
    expect(nextOf(line, { members, notices: [notice(false, { 1: true, 2: true, 3: true })] })).toMatchObject({ say: 'wait', tab: 'room' })
  })

  it('is done only with minutes that stand', () => {
    const line = { ...LINE, state: 'adjourned' as const }
    expect(nextOf(line, {})).toMatchObject({ say: 'minutes', tab: 'minutes' })
    expect(nextOf(line, { voided: true }).say).toBe('voided')
    expect(nextOf(line, { issued: '〔2026〕1号', voided: true })).toMatchObject({ say: 'issued', done: true })
  })
})
