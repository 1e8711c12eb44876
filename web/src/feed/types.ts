// The meeting as the feed tells it. The shapes are the server's own; what it always sends is not optional here.
import type * as api from '@/api/generated/types.gen'

export type Whole<T> =
  T extends Array<infer U> ? Whole<U>[] : T extends object ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> } : T

export type MeetingState = Whole<api.LiveMeetingState>
export type Item = MeetingState['items'][number]
export type VoteRound = Item['votes'][number]
export type Notice = MeetingState['notices'][number]
export type Person = MeetingState['people'][string]
export type Opinion = Item['opinions'][string]
export type Minutes = MeetingState['minutes'][number]
export type Choice = 'yes' | 'no' | 'abstain' | 'defer'

// What a record holds depends on its kind and on what its reader may see: docs/records.md.
export type Content = Record<string, any>

export interface FeedRecord {
  seq: number
  at: string
  body: number | null
  meeting: number | null
  actor: number | null
  kind: string
  content: Content
}

export type Message =
  | { type: 'snapshot'; view: string; seq: number; state: MeetingState }
  | { type: 'records'; view: string; records: FeedRecord[] }
  | { type: 'heartbeat'; seq: number; now: string }
  | { type: 'connections'; present: number[] }
