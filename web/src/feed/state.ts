// Old state plus record equals fresh state: the same fold as the server's (voting/state.py), kind for kind.
import type { Choice, Content, FeedRecord, Item, MeetingState, Minutes, Notice, VoteRound } from './types'

export const EMPTY: MeetingState = {
  seq: 0,
  body: 0,
  meeting: 0,
  state: 'draft',
  title: '',
  starts_at: null,
  place: '',
  presiding: 0,
  acting: null,
  secretary: 0,
  charter: null,
  people: {},
  notices: [],
  items: [],
  presence: {},
  n: null,
  formal_members: [],
  year: null,
  ordinal: null,
  called_at: null,
  adjourned_at: null,
  refusals: [],
  objections: [],
  minutes: [],
}

type Case = (state: MeetingState, record: FeedRecord, content: Content) => MeetingState

/** A record of a kind that nothing here understands: the page is older than the server. */
export class UnknownKind extends Error {}

export function apply(state: MeetingState, record: FeedRecord): MeetingState {
  const known = CASES[record.kind]
  if (!known) throw new UnknownKind(record.kind)
  const after = known(state, record, record.content)
  return { ...after, seq: record.seq, body: record.body ?? 0, meeting: record.subject_id }
}

/** The item before the meeting. */
export function current(state: MeetingState): Item | undefined {
  return state.items.find((item) => item.state === 'open' || item.state === 'voting' || item.state === 'voted')
}

/** The item's latest round. */
export function latest(item: Item): VoteRound | undefined {
  return item.votes.at(-1)
}

/** Who holds the chair now. */
export function chairOf(state: MeetingState): number {
  return state.acting ?? state.presiding
}

/** The notice that stands. */
export function standing(state: MeetingState): Notice | undefined {
  return state.notices.find((notice) => notice.withdrawn_at === null)
}

function asItem(content: Content): Item {
  return {
    id: content.id,
    position: content.position,
    title: content.title,
    motion: content.motion ?? '',
    category: content.category,
    in_charge: content.in_charge ?? null,
    deputy_in_charge: content.deputy_in_charge ?? null,
    subjects: content.subjects ?? [],
    confidential: content.confidential ?? false,
    materials_complete: content.materials_complete ?? false,
    papers: content.papers ?? [],
    state: 'listed',
    acting: null,
    presenter: null,
    discussed: false,
    reason: '',
    speeches: [],
    positions: {},
    opinions: {},
    recusals: {},
    votes: [],
    decision: null,
  }
}

function onItem(state: MeetingState, id: number, change: (item: Item) => Item): MeetingState {
  return { ...state, items: state.items.map((item) => (item.id === id ? change(item) : item)) }
}

function onVote(state: MeetingState, content: Content, change: (vote: VoteRound) => VoteRound): MeetingState {
  return onItem(state, content.item, (item) => ({
    ...item,
    votes: item.votes.map((vote) => (vote.id === content.vote ? change(vote) : vote)),
  }))
}

function onNotice(state: MeetingState, id: number, change: (notice: Notice) => Notice): MeetingState {
  return { ...state, notices: state.notices.map((notice) => (notice.id === id ? change(notice) : notice)) }
}

/** Positions follow from the order, 1, 2, 3 … */
function placed(items: Item[]): Item[] {
  return items.map((item, index) => (item.position === index + 1 ? item : { ...item, position: index + 1 }))
}

function people(content: Content): MeetingState['people'] {
  const found: MeetingState['people'] = {}
  for (const each of content.people)
    found[each.id] = {
      id: each.id,
      name: each.name,
      post: each.post ?? '',
      seat: each.seat ?? null,
      in_charge: each.in_charge ?? '',
      roles: each.roles ?? [],
    }
  return found
}

/** One that is there already stands. */
function recused(item: Item, recusals: Content[]): Item['recusals'] {
  const more: Item['recusals'] = {}
  for (const each of recusals) more[each.person] = { rule: each.rule, reason: each.reason ?? '' }
  return { ...more, ...item.recusals }
}

const meeting: Case = (state, _, content) => {
  const after = { ...state, title: content.title, starts_at: content.starts_at, place: content.place }
  if (!content.people) return after
  return { ...after, presiding: content.presiding, secretary: content.secretary, people: people(content) }
}

const presence: Case = (state, record, content) => {
  const kinds = { 'leave.granted': 'on_leave', 'presence.arrived': 'present', 'presence.left': 'left' } as const
  const note = {
    state: kinds[record.kind as keyof typeof kinds],
    at: record.at,
    method: record.kind === 'presence.arrived' ? (content.method ?? '') : '',
    reason: record.kind === 'leave.granted' ? (content.reason ?? '') : '',
  }
  return { ...state, presence: { ...state.presence, [content.person]: note } }
}

const opinion: Case = (state, record, content) =>
  onItem(state, content.item, (item) => {
    const before = item.opinions[content.person] ?? { choice: null, text: null, read: false, void: false }
    const known = { ...before, choice: content.choice ?? before.choice, text: content.text ?? before.text }
    let after = { choice: content.choice ?? null, text: content.text ?? null, read: false, void: false }
    if (record.kind === 'opinion.read') after = { ...known, read: true }
    if (record.kind === 'opinion.voided') after = { ...known, void: true }
    return { ...item, opinions: { ...item.opinions, [content.person]: after } }
  })

const closed: Case = (state, record, content) => {
  const isVoid = record.kind === 'vote.voided'
  const after = onVote(state, content, (vote) => {
    const ballots: VoteRound['ballots'] = {}
    for (const each of (content.choices ?? []) as { person: number; choice: Choice }[])
      ballots[each.person] = { ...(vote.ballots[each.person] ?? { version: 0 }), choice: each.choice }
    return {
      ...vote,
      state: isVoid ? 'void' : 'closed',
      closed_at: record.at,
      cast: Object.keys(ballots).length,
      ballots,
      tally: content.tally ?? null,
      result: isVoid ? null : (content.result ?? null),
      sensitive: content.sensitive ?? false,
      outstanding: vote.roll.filter((person) => !(person in ballots)),
      closing_quorum: content.quorum ?? null,
      rule: content.rule ?? '',
    }
  })
  return onItem(after, content.item, (item) => ({ ...item, state: isVoid ? 'open' : 'voted' }))
}

const left: Case = (state, record, content) =>
  onItem(state, content.item, (item) => ({
    ...item,
    state: record.kind.slice('item.'.length) as Item['state'],
    reason: content.reason ?? '',
  }))

const minutes: Case = (state, record, content) => ({
  ...state,
  minutes: state.minutes.map((each) => (each.id === content.minutes ? minutesAfter(each, record.kind, content) : each)),
})

function minutesAfter(before: Minutes, kind: string, content: Content): Minutes {
  switch (kind) {
    case 'minutes.edited':
      return { ...before, state: 'draft', version: content.version }
    case 'minutes.reviewed':
      return { ...before, state: content.by === 'office_head' ? 'office_reviewed' : 'deputy_reviewed' }
    case 'minutes.sent_back':
      return { ...before, state: 'draft' }
    case 'minutes.signed':
      return { ...before, state: 'signed' }
    case 'minutes.issued': {
      const { series, year, number, replaces } = content
      return { ...before, state: 'issued', series, year, number, replaces }
    }
    case 'minutes.drawn':
      return { ...before, sha256: content.sha256 }
    case 'minutes.distributed': {
      const sent = Object.fromEntries((content.recipients as string[]).map((each) => [each, false]))
      return { ...before, copies: { ...sent, ...before.copies } }
    }
    case 'minutes.received':
      return { ...before, copies: { ...before.copies, [content.recipient]: true } }
    default:
      return { ...before, state: 'voided', reason: content.reason }
  }
}

const CASES: Record<string, Case> = {
  masked: (state) => state,
  'meeting.created': meeting,
  'meeting.changed': meeting,
  'meeting.presiding': (state, _, content) => ({ ...state, presiding: content.person }),
  'item.added': (state, _, content) => ({ ...state, items: placed([...state.items, asItem(content.item)]) }),
  'item.changed': (state, _, content) =>
    onItem(state, content.item.id, (item) => ({
      ...asItem(content.item),
      position: item.position,
      papers: item.papers,
    })),
  'item.removed': (state, _, content) => ({
    ...state,
    items: placed(state.items.filter((item) => item.id !== content.item)),
  }),
  'item.moved': (state, _, content) => ({
    ...state,
    items: placed(
      (content.order as number[]).flatMap((id) => state.items.find((item) => item.id === id) ?? []),
    ),
  }),
  'paper.added': (state, _, content) =>
    onItem(state, content.item, (item) => ({ ...item, papers: [...item.papers, content.paper] })),
  'paper.removed': (state, _, content) =>
    onItem(state, content.item, (item) => ({
      ...item,
      papers: item.papers.filter((paper) => paper.id !== content.paper),
    })),
  'materials.checked': (state, _, content) =>
    onItem(state, content.item, (item) => ({ ...item, materials_complete: content.complete })),
  'notice.given': (state, record, content) => ({
    ...state,
    state: 'noticed',
    charter: content.charter,
    people: people(content),
    // Opinions on an earlier notice went with it; that they were given stays known.
    items: placed(
      (content.items as Content[]).map((each) => ({
        ...asItem(each),
        opinions: state.items.find((item) => item.id === each.id)?.opinions ?? {},
      })),
    ),
    notices: [
      ...state.notices,
      {
        id: content.notice,
        at: record.at,
        by: record.actor,
        agenda_hash: content.agenda_hash,
        deliveries: {},
        withdrawn_at: null,
        reason: '',
      },
    ],
  }),
  'notice.delivered': (state, record, content) =>
    onNotice(state, content.notice, (notice) => ({
      ...notice,
      deliveries: {
        ...notice.deliveries,
        [content.person]: { method: content.method, at: record.at, by: record.actor, acknowledged_at: null },
      },
    })),
  'notice.acknowledged': (state, record, content) =>
    onNotice(state, content.notice, (notice) => {
      const delivery = notice.deliveries[content.person]
      if (!delivery) return notice
      const acknowledged = { ...delivery, acknowledged_at: record.at }
      return { ...notice, deliveries: { ...notice.deliveries, [content.person]: acknowledged } }
    }),
  'notice.withdrawn': (state, record, content) =>
    onNotice({ ...state, state: 'draft', charter: null }, content.notice, (notice) => ({
      ...notice,
      withdrawn_at: record.at,
      reason: content.reason ?? '',
    })),
  'leave.granted': presence,
  'presence.arrived': presence,
  'presence.left': presence,
  'meeting.called': (state, record, content) => ({
    ...state,
    state: 'in_session',
    n: content.n,
    formal_members: content.formal_members,
    year: content.year,
    ordinal: content.ordinal,
    presiding: content.presiding,
    called_at: record.at,
    people: content.people ? { ...state.people, ...people(content) } : state.people,
  }),
  'meeting.adjourned': (state, record) => ({
    ...state,
    state: 'adjourned',
    adjourned_at: record.at,
    acting: null,
  }),
  'chair.handed': (state, _, content) => {
    const acting = content.person === state.presiding ? null : content.person
    const after = { ...state, acting }
    const item = current(after)
    return item ? onItem(after, item.id, (each) => ({ ...each, acting })) : after
  },
  'item.presented': (state, _, content) =>
    onItem(state, content.item, (item) => ({
      ...item,
      state: 'open',
      acting: state.acting,
      presenter: content.presenter,
      recusals: recused(item, content.recusals),
    })),
  'recusal.declared': (state, _, content) =>
    onItem(state, content.item, (item) => ({
      ...item,
      recusals: recused(item, [{ ...content, rule: 'recusal.declared' }]),
    })),
  'item.spoken': (state, _, content) =>
    onItem(state, content.item, (item) => ({
      ...item,
      speeches: [...item.speeches, { person: content.person, summary: content.summary }],
    })),
  'position.voiced': (state, _, content) =>
    onItem(state, content.item, (item) => ({
      ...item,
      positions: { ...item.positions, [content.person]: content.position },
    })),
  'discussion.closed': (state, _, content) => onItem(state, content.item, (item) => ({ ...item, discussed: true })),
  'opinion.submitted': opinion,
  'opinion.read': opinion,
  'opinion.voided': opinion,
  'vote.opened': (state, record, content) =>
    onItem(state, content.item, (item) => ({
      ...item,
      state: 'voting',
      votes: [
        ...item.votes,
        {
          id: content.vote,
          round: content.round,
          opened_at: record.at,
          state: 'open',
          chair: chairOf(state),
          roll: content.roll ?? [],
          absent: content.absent ?? [],
          recused: content.recused ?? [],
          quorum: content.quorum ?? null,
          base: content.base ?? null,
          needed: content.needed ?? null,
          close: content.close ?? null,
          cast: 0,
          ballots: {},
          closed_at: null,
          tally: null,
          result: null,
          sensitive: false,
          outstanding: [],
          closing_quorum: null,
          rule: '',
        },
      ],
    })),
  'ballot.cast': (state, _, content) =>
    onVote(state, content, (vote) => {
      if (content.person === undefined) return { ...vote, cast: vote.cast + 1 }
      const ballot = { choice: content.choice ?? null, version: content.version }
      const ballots = { ...vote.ballots, [content.person]: ballot }
      return { ...vote, cast: Object.keys(ballots).length, ballots }
    }),
  'vote.closed': closed,
  'vote.voided': closed,
  'item.put_off': left,
  'item.withdrawn': left,
  'item.deferred': left,
  'decision.announced': (state, record, content) =>
    onItem(state, content.item, (item) => ({
      ...item,
      state: 'decided',
      decision: { outcome: content.outcome, reason: content.reason ?? '', at: record.at },
    })),
  'rule.refused': (state, record, content) => ({
    ...state,
    refusals: [
      ...state.refusals,
      {
        at: record.at,
        actor: record.actor,
        operation: content.operation,
        refusals: (content.refusals as Content[]).map((each) => ({
          rule: each.rule,
          detail: each.detail,
          detail_en: each.detail_en,
          facts: each.facts ?? {},
        })),
        item: content.item ?? null,
      },
    ],
  }),
  'objection.raised': (state, record, content) => ({
    ...state,
    objections: [
      ...state.objections,
      { at: record.at, by: record.actor, text: content.text, item: content.item ?? null },
    ],
  }),
  'minutes.drafted': (state, _, content) => ({
    ...state,
    minutes: [
      ...state.minutes,
      {
        id: content.minutes,
        state: 'draft',
        version: content.version,
        series: '',
        year: null,
        number: null,
        sha256: '',
        replaces: null,
        reason: '',
        copies: {},
      },
    ],
  }),
  'minutes.edited': minutes,
  'minutes.reviewed': minutes,
  'minutes.sent_back': minutes,
  'minutes.signed': minutes,
  'minutes.issued': minutes,
  'minutes.drawn': minutes,
  'minutes.voided': minutes,
  'minutes.distributed': minutes,
  'minutes.received': minutes,
}

export const KINDS = Object.keys(CASES)
