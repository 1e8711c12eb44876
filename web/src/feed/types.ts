// The shapes of the feed, from the client that is generated from the server's own description. A field that may be null
// is left out when it is.
import type * as api from '@/api/generated/types.gen'

export type MeetingState = api.LiveMeetingState
export type Item = MeetingState['items'][string]
export type VoteRound = Item['votes'][string]
export type Notice = MeetingState['notices'][string]
export type Person = MeetingState['people'][string]
export type Minutes = MeetingState['minutes'][string]
export type Choice = NonNullable<VoteRound['ballots'][string]['choice']>
export type FeedRecord = api.LiveRecordShown
export type Mine = api.LiveMine
export type Weighed = Mine['weighed'][string]
export type Required = Mine['required'][string][string]

export type Message =
  | api.LiveSnapshot & { type: 'snapshot' }
  | api.LiveRecords & { type: 'records' }
  | api.LiveMineChanged & { type: 'mine' }
  | api.LiveHeartbeat & { type: 'heartbeat' }
  | api.LiveConnections & { type: 'connections' }
