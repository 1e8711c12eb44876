// The texts of minutes as they are edited: every item has its own; blank rows are not sent.
import type { ItemTexts, TaskText, Texts } from '@/api'

export interface EditedTask {
  who: string
  what: string
  due: string // 2026-01-30, or empty
  supervisor: string
}

export interface EditedItem {
  item: number
  discussion: string
  decision: string
  basis: string
  brief: string
  tasks: EditedTask[]
  no_task: boolean
}

export interface Edited {
  items: EditedItem[]
  leader: string
  copies_to: string // one recipient a line
  copies: number
}

/** Returns the saved texts as they can be edited: one entry for each item of the agenda, in its order. */
export function toEdit(texts: Texts, items: readonly number[]): Edited {
  const kept = new Map((texts.items ?? []).map((each) => [each.item, each]))
  return {
    items: items.map((item) => editedItem(item, kept.get(item))),
    leader: texts.leader ?? '',
    copies_to: (texts.copies_to ?? []).join('\n'),
    copies: texts.copies ?? 0,
  }
}

function editedItem(item: number, kept: ItemTexts | undefined): EditedItem {
  const { discussion = '', decision = '', basis = '', brief = '', tasks = [], no_task = false } = kept ?? {}
  return { item, discussion, decision, basis, brief, tasks: tasks.map(editedTask), no_task }
}

function editedTask({ who, what = '', due = null, supervisor = '' }: TaskText): EditedTask {
  return { who, what, due: due ?? '', supervisor }
}

export function blankTask(): EditedTask {
  return { who: '', what: '', due: '', supervisor: '' }
}

function isBlank(task: EditedTask): boolean {
  return !task.who.trim() && !task.what.trim() && !task.due && !task.supervisor.trim()
}

/** Returns the texts to send: lines trimmed, blank rows left out. The server judges a task without `who`. */
export function toTexts(edited: Edited): Texts {
  return {
    items: edited.items.map(({ item, discussion, decision, basis, brief, tasks, no_task }) => ({
      item,
      discussion: discussion.trim(),
      decision: decision.trim(),
      basis: basis.trim(),
      brief: brief.trim(),
      tasks: tasks
        .filter((task) => !isBlank(task))
        .map((task) => ({
          who: task.who.trim(),
          what: task.what.trim(),
          due: task.due || null,
          supervisor: task.supervisor.trim(),
        })),
      no_task,
    })),
    leader: edited.leader.trim(),
    copies_to: edited.copies_to
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line),
    copies: edited.copies || 0,
  }
}
