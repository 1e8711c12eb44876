// A record as a sentence, in Chinese and in English: the same sentences as the server's (realtime/telling.py). Pure.
// A sentence says what its reader may see and no more: a record that a view shows with less in it gives a shorter one.
import type { Lang, Messages } from '@/i18n'
import { common } from '@/i18n/common'
import { moment } from '@/i18n/dates'
import { clauseOf } from './clauses'
import type { FeedRecord, MeetingState } from './types'

type Words = [zh: string, en: string]

export type Named = 'category' | 'choice' | 'method' | 'outcome' | 'position' | 'result'
type Names = Record<Named, Record<string, string>>

const ZH = { ...common.zh, method: { in_person: '书面', phone: '电话', electronic: '电子' } } as Messages as Names
const EN = {
  ...common.en,
  method: { in_person: 'in person', phone: 'by phone', electronic: 'electronically' },
} as Messages as Names

/** The word for a value in both languages, as it stands inside a sentence; none for none. */
export function word(of: Named, name?: string | null): Words {
  return [ZH[of][name ?? ''] ?? '', (EN[of][name ?? ''] ?? '').toLowerCase()]
}

class Told {
  readonly content: FeedRecord['content']

  constructor(
    readonly record: FeedRecord,
    readonly state: MeetingState,
  ) {
    this.content = record.content
  }

  who(person: number | null | undefined): string {
    return person == null ? '—' : (this.state.people[person]?.name ?? `#${person}`)
  }

  get person(): string {
    return this.who(this.content.person)
  }

  get item() {
    return this.state.items.find((each) => each.id === this.content.item)
  }

  title(item: number = this.content.item): string {
    const found = this.state.items.find((each) => each.id === item)
    return found ? `“${found.title}”` : '—'
  }

  get because(): Words {
    return after(this.content.reason, this.content.reason)
  }

  get choice(): Words {
    return after(...word('choice', this.content.choice))
  }
}

function after(chinese = '', english = ''): Words {
  return [chinese ? `：${chinese}` : '', english ? `: ${english}` : '']
}

function counted(told: Told): Words {
  const tally = told.content.tally as Record<string, number>
  const shown = Object.keys(ZH.choice).filter((each) => tally[each] || ['yes', 'no', 'abstain'].includes(each))
  return [
    shown.map((each) => `${word('choice', each)[0]} ${tally[each]} ${each === 'not_voted' ? '人' : '票'}`).join('，'),
    shown.map((each) => `${word('choice', each)[1]} ${tally[each]}`).join(', '),
  ]
}

/** What is left to say where the view may not know why. */
function barely(rule: string): Words {
  const { clause, clause_en } = clauseOf(rule)
  return clause ? [`依据${clause}。`, `by ${clause_en}.`] : [rule, rule]
}

const planned = (told: Told): Words => {
  const { title, starts_at, place } = told.content
  const fresh = told.record.kind === 'meeting.created'
  return [
    `${fresh ? '筹备会议' : '会议改为'}“${title}”：${moment(starts_at, 'zh')}${place ? `，${place}` : ''}`,
    `${fresh ? 'Meeting planned' : 'The meeting is now'} “${title}”: ${moment(starts_at, 'en')}${place ? `, ${place}` : ''}`,
  ]
}

const listed = (told: Told): Words => {
  const item = told.content.item
  const fresh = told.record.kind === 'item.added'
  const [category, category_en] = word('category', item.category)
  const charge = item.in_charge == null ? null : told.who(item.in_charge)
  return [
    `${fresh ? '列入' : '修改'}议题“${item.title}”（${category}${charge ? `，${charge}分管` : ''}）`,
    `Item ${fresh ? 'added' : 'changed'}: “${item.title}” (${category_en}${charge ? `, ${charge} in charge` : ''})`,
  ]
}

const leftAs =
  (chinese: string, english: string) =>
  (told: Told): Words => {
    const [why, why_en] = told.because
    return [`${told.title()}${chinese}${why}`, `${told.title()} is ${english}${why_en}`]
  }

const CASES: Record<string, (told: Told) => Words> = {
  masked: () => ['（依规定不予显示）', '(not for this view)'],
  'meeting.created': planned,
  'meeting.changed': planned,
  'meeting.presiding': (told) => [`由${told.person}主持会议`, `${told.person} presides`],
  'item.added': listed,
  'item.changed': listed,
  'item.removed': () => ['删去一项议题', 'An item was removed'],
  'item.moved': (told) => {
    const titles = (told.content.order as number[]).map((item) => told.title(item))
    return [`调整议题顺序：${titles.join('')}`, `Items in a new order: ${titles.join(', ')}`]
  },
  'paper.added': (told) => {
    const name = told.content.paper.name
    return [`${told.title()}附材料《${name}》`, `Paper “${name}” added to ${told.title()}`]
  },
  'paper.removed': (told) => [`${told.title()}撤下一份材料`, `A paper was removed from ${told.title()}`],
  'materials.checked': (told) =>
    told.content.complete
      ? [`${told.title()}材料齐全`, `The papers of ${told.title()} are complete`]
      : [`${told.title()}材料尚不齐全`, `The papers of ${told.title()} are not complete`],
  'notice.given': (told) => {
    const count = told.content.items.length
    return [`发出会议通知，议程封存，共 ${count} 项议题`, `Notice given; the agenda of ${count} items is sealed`]
  },
  'notice.delivered': (told) => {
    const [method, method_en] = word('method', told.content.method)
    const [late, late_en] = told.content.late ? ['，晚于规定时限', ', too late'] : ['', '']
    return [`会议通知送达${told.person}（${method}）${late}`, `Notice delivered to ${told.person} (${method_en})${late_en}`]
  },
  'notice.acknowledged': (told) => [`${told.person}签收会议通知`, `${told.person} acknowledged the notice`],
  'notice.withdrawn': (told) => {
    const [why, why_en] = told.because
    return [`撤回会议通知${why}`, `Notice withdrawn${why_en}`]
  },
  'leave.granted': (told) => {
    const [why, why_en] = told.because
    return [`${told.person}请假${why}`, `${told.person} is on leave${why_en}`]
  },
  'presence.arrived': (told) => {
    const hand = told.content.method === 'hand'
    return [
      `${told.person}到会${hand ? '（秘书登记）' : ''}`,
      `${told.person} arrived${hand ? ' (noted by the secretary)' : ''}`,
    ]
  },
  'presence.left': (told) => [`${told.person}离场`, `${told.person} left`],
  'meeting.called': (told) => {
    const { formal_members, presiding, year, ordinal, n } = told.content
    const here = formal_members.filter((who: number) => told.state.presence[who]?.state === 'present').length
    const chair = told.who(presiding)
    return [
      `${chair}宣布开会：${year}年第${ordinal}次会议，应到 ${n} 人，实到 ${here} 人`,
      `${chair} calls to order meeting ${ordinal} of ${year}: ${here} of ${n} members present`,
    ]
  },
  'meeting.adjourned': () => ['散会', 'The meeting is adjourned'],
  'chair.handed': (told) => {
    const [why, why_en] = told.because
    return told.state.acting === null
      ? [`${told.person}收回主持${why}`, `${told.person} takes the chair back${why_en}`]
      : [`委托${told.person}主持${why}`, `${told.person} is entrusted with the chair${why_en}`]
  },
  'item.presented': (told) => {
    const presenter = told.who(told.content.presenter)
    let leaving = ''
    let leaving_en = ''
    for (const each of told.content.recusals) {
      const [why, why_en] = after(each.reason, each.reason)
      leaving += `；${told.who(each.person)}回避${why}`
      leaving_en += `; ${told.who(each.person)} is recused${why_en}`
    }
    const position = told.item?.position ?? 0
    return [
      `审议第${position}项${told.title()}，${presenter}汇报${leaving}`,
      `Item ${position} ${told.title()}, presented by ${presenter}${leaving_en}`,
    ]
  },
  'item.spoken': (told) => [
    `${told.person}发言：${told.content.summary}`,
    `${told.person} speaks: ${told.content.summary}`,
  ],
  'position.voiced': (told) => {
    const [position, position_en] = word('position', told.content.position)
    return [`${told.person}表态：${position}`, `${told.person} is ${position_en}`]
  },
  'discussion.closed': (told) => [`${told.title()}讨论充分`, `The discussion of ${told.title()} is closed`],
  'opinion.submitted': (told) => {
    const [choice, choice_en] = told.choice
    return [
      `${told.person}就${told.title()}提交书面意见${choice}`,
      `${told.person} gives a written opinion on ${told.title()}${choice_en}`,
    ]
  },
  'opinion.read': (told) => {
    const opinion = told.item?.opinions[told.content.person]
    const [choice, choice_en] = word('choice', opinion?.choice)
    return [
      `宣读${told.person}的书面意见（不计票）：${choice}。${opinion?.text ?? ''}`,
      `The written opinion of ${told.person} is read out (not counted): ${choice_en}. ${opinion?.text ?? ''}`,
    ]
  },
  'opinion.voided': (told) => [
    `${told.person}对${told.title()}的书面意见失效`,
    `The written opinion of ${told.person} on ${told.title()} is void`,
  ],
  'recusal.declared': (told) => {
    const [why, why_en] = told.because
    return [`${told.person}回避${told.title()}${why}`, `${told.person} is recused from ${told.title()}${why_en}`]
  },
  'vote.opened': (told) => {
    const { round, roll, needed, quorum } = told.content
    const chinese = `${told.title()}开始${round > 1 ? `第${round}轮` : ''}表决`
    const english = `The vote on ${told.title()} is open${round > 1 ? `, round ${round}` : ''}`
    if (!roll) return [chinese, english]
    return [
      `${chinese}：参加表决 ${roll.length} 人，须 ${needed} 票同意；到会 ${quorum.present} 人，法定人数 ${quorum.needed} 人`,
      `${english}: ${roll.length} vote, ${needed} yes pass it; ${quorum.present} present, ${quorum.needed} needed`,
    ]
  },
  'ballot.cast': (told) => {
    if (told.content.person === undefined) {
      const vote = told.state.items.flatMap((each) => each.votes).find((each) => each.id === told.content.vote)
      const [cast, roll] = [vote?.cast ?? 0, vote?.roll.length ?? 0]
      return [`应表决 ${roll} 人，已表决 ${cast} 人`, `${cast} of ${roll} have voted`]
    }
    const [choice, choice_en] = told.choice
    const again = told.content.version > 1
    const names = ((told.content.outstanding ?? []) as number[]).map((each) => told.who(each))
    return [
      `${told.person}${again ? '改投' : '已表决'}${choice}${names.length ? `，不再等候${names.join('、')}` : ''}`,
      `${told.person} ${again ? 'changed their ballot' : 'has voted'}${choice_en}${names.length ? `, not waiting for ${names.join(', ')}` : ''}`,
    ]
  },
  'vote.closed': (told) => {
    if (!told.content.tally) return [`${told.title()}表决结束`, `The vote on ${told.title()} is closed`]
    const [chinese, english] = counted(told)
    const [result, result_en] = word('result', told.content.result)
    return [
      `${told.title()}表决${result}：${chinese}（须 ${told.content.needed} 票同意）`,
      `The vote on ${told.title()}: ${result_en}. ${english} (${told.content.needed} yes needed)`,
    ]
  },
  'vote.voided': (told) => {
    const chinese = `${told.title()}本轮表决无效`
    const english = `This vote on ${told.title()} is void`
    if (!told.content.tally) return [chinese, english]
    const [tally, tally_en] = counted(told)
    return [`${chinese}，到会人数不足：${tally}`, `${english}, the quorum was lost: ${tally_en}`]
  },
  'item.put_off': leftAs('暂缓表决', 'put off'),
  'item.withdrawn': leftAs('撤回', 'withdrawn'),
  'item.deferred': leftAs('缓议', 'deferred'),
  'decision.announced': (told) => {
    const [outcome, outcome_en] = word('outcome', told.content.outcome)
    const why = told.content.reason
    return [
      `宣布决定：${told.title()}${outcome}${why ? `（${why}）` : ''}`,
      `Decided: ${told.title()} ${outcome_en}${why ? ` (${why})` : ''}`,
    ]
  },
  'rule.refused': (told) => {
    const refusals = told.content.refusals as { rule: string; detail: string; detail_en: string }[]
    return [
      `依规不予办理：${refusals.map((each) => each.detail || barely(each.rule)[0]).join('')}`,
      `Refused: ${refusals.map((each) => each.detail_en || barely(each.rule)[1]).join(' ')}`,
    ]
  },
  'objection.raised': (told) => {
    const [about, about_en] = told.content.item == null ? ['', ''] : [`就${told.title()}`, ` on ${told.title()}`]
    const actor = told.who(told.record.actor)
    return [`${actor}${about}提出监督意见：${told.content.text}`, `${actor} objects${about_en}: ${told.content.text}`]
  },
  'minutes.drafted': () => ['起草会议纪要', 'Minutes drafted'],
  'minutes.edited': (told) => [
    `修改会议纪要（第${told.content.version}稿）`,
    `Minutes edited (version ${told.content.version})`,
  ],
  'minutes.reviewed': ({ content: { version, by } }) => {
    const [who, who_en] =
      by === 'office_head' ? ['办公室主任', 'the office head'] : ['分管负责人', 'the deputy in charge']
    return [`会议纪要第${version}稿经${who}审核`, `Minutes (version ${version}) reviewed by ${who_en}`]
  },
  'minutes.sent_back': (told) => {
    const [why, why_en] = told.because
    return [`退回会议纪要${why}`, `Minutes sent back${why_en}`]
  },
  'minutes.signed': (told) => [
    `${told.who(told.record.actor)}签发会议纪要第${told.content.version}稿`,
    `${told.who(told.record.actor)} signed the minutes (version ${told.content.version})`,
  ],
  'minutes.issued': (told) => {
    const number = `〔${told.content.year}〕${told.content.number}号`
    return [`印发会议纪要${number}`, `Minutes issued: ${number}`]
  },
  'minutes.drawn': () => ['会议纪要文件已生成', 'The file of the minutes is made'],
  'minutes.voided': (told) => {
    const number = `〔${told.content.year}〕${told.content.number}号`
    const [why, why_en] = told.because
    return [`作废会议纪要${number}${why}`, `Minutes ${number} are void${why_en}`]
  },
  'minutes.distributed': (told) => {
    const to = told.content.recipients as string[]
    return [`分发会议纪要：${to.join('、')}`, `Minutes sent to ${to.join(', ')}`]
  },
  'minutes.received': (told) => [
    `${told.content.recipient}签收会议纪要`,
    `${told.content.recipient} received the minutes`,
  ],
}

/** The record as one sentence; `state` is the meeting after it, as the same view shows it. */
export function tell(record: FeedRecord, state: MeetingState, lang: Lang): string {
  const told = CASES[record.kind]
  if (!told) return record.kind // the server knows more than this page
  return told(new Told(record, state))[lang === 'zh' ? 0 : 1]
}

/** Every kind that has a sentence. */
export const TOLD = Object.keys(CASES)
