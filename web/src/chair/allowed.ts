// What the chair may do now, told before a button is pressed. The server decides; this says from the state what it
// would say, with the same rule and clause, so that nobody has to try. An empty list: allowed.
// What `voteWeigh` answers for opening a vote is not repeated here.
import type { Objection, Required } from '@/api'
import { clauseOf } from '@/feed/clauses'
import { chairOf, current } from '@/feed/state'
import { attendance, isHere, members } from '@/feed/room'
import type { Item, MeetingState, VoteRound } from '@/feed/types'

export type Outcome = 'passed' | 'not_passed' | 'amended' | 'shelved' | 'reconsidered'
type Charter = NonNullable<MeetingState['charter']>

const ENDED = new Set<Item['state']>(['decided', 'put_off', 'withdrawn', 'deferred'])
const STATES: Record<Item['state'], [string, string]> = {
  listed: ['尚未提请审议', 'has not been presented'],
  open: ['正在讨论', 'is being discussed'],
  voting: ['正在表决', 'is being voted'],
  voted: ['已表决、待宣布决定', 'has been voted and waits for the decision'],
  decided: ['已作出决定', 'is decided'],
  put_off: ['已暂缓表决', 'was put off'],
  withdrawn: ['已撤回', 'was withdrawn'],
  deferred: ['已缓议', 'was deferred'],
}

/** `by`: the rule whose clause is cited, where another one than what the server would name. */
function no(rule: string, detail: string, detail_en: string, by = rule): Objection {
  return { rule, ...clauseOf(by), detail, detail_en, facts: {} }
}

function nameIn(state: MeetingState): (person: number) => string {
  return (person) => state.people[person]?.name ?? `#${person}`
}

/** Names as a sentence has them: 林静、何志远 in Chinese, with commas in English. */
function listed(state: MeetingState, people: number[]): [string, string] {
  const names = people.map(nameIn(state))
  return [names.join('、'), names.join(', ')]
}

/** Calling to order: notice given, the chair in the room, half of the members (Measures 2; Rules 5). */
export function mayCall(state: MeetingState): Objection[] {
  if (state.state !== 'noticed')
    return [no('state.wrong', '尚未发出会议通知，请秘书先发出通知。', 'The secretary gives notice first.', 'notice.missing')]
  const found: Objection[] = []
  if (!isHere(state, state.presiding))
    found.push(no('state.wrong', '主持人尚未签到。请您先签到。', 'You have not checked in. Check in first.'))
  const { present, n, needed } = attendance(state)
  if (present < needed)
    found.push(
      no(
        'quorum.general',
        `须有${needed}名成员到会（以${n}人计），现到会${present}人，尚缺${needed - present}人。请等候成员签到。`,
        `${needed} of ${n} must be present; ${present} are. Wait for ${needed - present} more to check in.`,
      ),
    )
  return found
}

/** Running an item takes somebody who is in the room and not recused from it (Personnel 23). */
export function mayChair(state: MeetingState, item: Item | undefined, me: number, required: Required[] = []): Objection[] {
  const recused = item && (item.recusals[me]?.rule ?? required.find((each) => each.item === item.id && each.person === me)?.rule)
  if (recused)
    return [
      no(
        recused,
        '您对本议题应当回避，不得主持本议题。请先委托其他成员主持，或者缓议本议题。',
        'You are recused from this item and cannot hold the chair for it. Hand it to another member, or defer the item.',
      ),
    ]
  if (!isHere(state, me))
    return [
      no(
        'state.wrong',
        '您不在会场，不能主持。请签到，或者委托其他成员主持。',
        'You are not in the room: check in, or hand the chair over.',
      ),
    ]
  return []
}

/** Putting an item before the meeting: one at a time, its presenter in the room and not recused. */
export function mayPresent(
  state: MeetingState,
  item: Item,
  presenter: number | null,
  required: Required[],
): Objection[] {
  const other = current(state)
  if (other)
    return [
      no(
        'vote.item_by_item',
        `“${other.title}”${STATES[other.state][0]}。请先办结该议题。`,
        `“${other.title}” ${STATES[other.state][1]}. Finish it first.`,
      ),
    ]
  const chair = chairOf(state)
  const found = mayChair(state, item, chair, required)
  if (!presenter) return [...found, no('state.wrong', '请选择汇报人。', 'Choose who presents.', 'vote.not_discussed')]
  const recused = item.recusals[presenter]?.rule ?? required.find((each) => each.item === item.id && each.person === presenter)?.rule
  if (recused)
    found.push(no(recused, '汇报人对本议题应当回避，请另行安排汇报人。', 'The presenter is recused from this item; name another.'))
  else if (!isHere(state, presenter))
    found.push(
      no(
        'state.wrong',
        '汇报人不在会场，请其签到或者另行安排汇报人。',
        'The presenter is not in the room: have them check in, or name another.',
        'vote.not_discussed',
      ),
    )
  return found
}

/** Closing with nobody left to vote; `out` are those who have not (Rules 6(5)). */
export function mayClose(state: MeetingState, vote: VoteRound, out: number[] | null): Objection[] {
  const number = out?.length ?? vote.roll.length - vote.cast
  if (number <= 0) return []
  const [chinese, english] = out ? listed(state, out) : ['', '']
  return [
    no(
      'vote.outstanding',
      `尚有${number}人未表决${chinese ? `：${chinese}` : ''}。`,
      `${number} have yet to vote${english ? `: ${english}` : ''}.`,
    ),
  ]
}

/** Putting the vote off: while the item is discussed. */
export function mayPutOff(state: MeetingState, item: Item, me: number): Objection[] {
  if (item.state !== 'open') return [wrongState(item, 'vote.item_by_item')]
  return mayChair(state, item, me)
}

/** Withdrawing or deferring an item of the sealed agenda: before its vote (Rules 6(1), 6(4)). */
export function mayTakeOff(item: Item): Objection[] {
  return item.state === 'listed' || item.state === 'open' ? [] : [wrongState(item, 'agenda.locked')]
}

function wrongState(item: Item, by: string): Objection {
  const [chinese, english] = STATES[item.state]
  return no('state.wrong', `本议题${chinese}，不能进行此项操作。`, `The item ${english}; this cannot be done now.`, by)
}

/** Whom who presides may entrust with the chair: formal members in the room, not recused from the item at hand. */
export function mayEntrust(state: MeetingState, person: number): Objection[] {
  if (person === state.presiding && !isHere(state, person))
    return [no('state.wrong', '您不在会场，签到后方可收回主持。', 'You are not in the room: check in, then take the chair back.')]
  if (!isHere(state, person) || !members(state).some((each) => each.id === person))
    return [no('state.wrong', '受委托主持的须为已到会的正式成员。', 'The chair is held by a formal member in the room.')]
  const rule = current(state)?.recusals[person]?.rule
  if (!rule) return []
  return person === state.presiding
    ? [
        no(
          rule,
          '您对当前议题应当回避，本议题办结后方可收回主持。',
          'You are recused from the item at hand; take the chair back when it is done.',
        ),
      ]
    : [no(rule, '该成员对当前议题应当回避，不得主持。', 'That member is recused from the item at hand.')]
}

/** The end of the meeting: every item has come to an end. */
export function mayAdjourn(state: MeetingState): Objection[] {
  const left = state.items.filter((item) => !ENDED.has(item.state))
  if (!left.length) return []
  const numbers = left.map((item) => item.position)
  return [
    no(
      'state.wrong',
      `第${numbers.join('、')}项议题尚未办结。请逐项作出决定，或暂缓表决、缓议、撤回后再散会。`,
      `Not finished: item ${numbers.join(', ')}. Decide, put off, defer or withdraw each first.`,
      'vote.item_by_item',
    ),
  ]
}

/** What may be announced on a vote (Rules 6(6); Measures 2(5); Working 6-7). */
export function mayAnnounce(charter: Charter | null, result: string, outcome: Outcome, reason: string): Objection[] {
  if (outcome === result) return []
  const opposite = (outcome === 'passed' || outcome === 'not_passed') && charter?.decision !== 'head'
  if (opposite)
    return [
      no(
        'decision.majority',
        `表决结果为${result === 'passed' ? '通过' : '未通过'}，按照少数服从多数的原则，不得宣布为${outcome === 'passed' ? '通过' : '不予通过'}。`,
        `The vote says ${result === 'passed' ? 'passed' : 'not passed'}: the majority decides, and the opposite cannot be announced.`,
      ),
    ]
  if (!reason.trim())
    return [
      no(
        'decision.reason',
        '所作决定与表决结果不一致，应当说明理由。',
        'The decision departs from the vote: a reason is needed.',
      ),
    ]
  return []
}

/** Whose word may be recorded in the discussion: somebody in the room, not recused from the item. */
export function mayTakePart(state: MeetingState, item: Item, person: number): Objection[] {
  const rule = item.recusals[person]?.rule
  if (rule) return [no(rule, '对本议题应当回避，不得参加讨论。', 'Recused from this item; takes no part in it.')]
  if (!isHere(state, person)) return [no('state.wrong', '该人员不在会场，请其先签到。', 'Not in the room: have them check in first.')]
  return []
}
