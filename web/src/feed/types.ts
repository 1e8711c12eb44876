// The shapes of the feed, from the client that is generated from the server's own description.
import type * as api from '@/api/generated/types.gen'

/** As the feed sends it: a field that may be null is left out where it is, every other field is there. */
export type Sent<T> = T extends (infer U)[]
  ? Sent<U>[]
  : T extends object
    ? { [K in keyof T as null extends T[K] ? never : K]-?: Sent<Exclude<T[K], undefined>> } & {
        [K in keyof T as null extends T[K] ? K : never]?: Sent<NonNullable<T[K]>>
      }
    : T

export type MeetingState = Sent<api.LiveMeetingState>
export type Item = MeetingState['items'][string]
export type VoteRound = Item['votes'][string]
export type Notice = MeetingState['notices'][string]
export type Person = MeetingState['people'][string]
export type Minutes = MeetingState['minutes'][string]
export type Choice = NonNullable<VoteRound['ballots'][string]['choice']>
export type FeedRecord = Sent<api.LiveTold>
export type Mine = Sent<api.LiveMine>
export type Weighed = Mine['weighed'][string]
export type Required = Mine['required'][string][string]

export type Message =
  | Sent<api.LiveSnapshot & { type: 'snapshot' }>
  | Sent<api.LiveRecords & { type: 'records' }>
  | Sent<api.LiveMineChanged & { type: 'mine' }>
  | Sent<api.LiveHeartbeat & { type: 'heartbeat' }>
  | Sent<api.LiveConnections & { type: 'connections' }>
