// The shapes of the feed, by their short names, from the client that is generated from the server's own description.
import type * as api from '@/api/generated/types.gen'

export type MeetingState = api.LiveMeetingState
export type Item = api.LiveItemOnAgenda
export type VoteRound = api.LiveVoteRound
export type Notice = api.LiveNoticeState
export type Person = api.LivePersonState
export type Minutes = api.LiveMinutesState
export type Choice = api.LiveMyBallot['choice']
export type FeedRecord = api.LiveTold
export type Mine = api.LiveMine
export type Weighed = api.LiveWeighed
export type Required = api.LiveRequired

export type Message =
  | (api.LiveSnapshot & { type: 'snapshot' })
  | (api.LiveRecords & { type: 'records' })
  | (api.LiveMineChanged & { type: 'mine' })
  | (api.LiveHeartbeat & { type: 'heartbeat' })
  | (api.LiveConnections & { type: 'connections' })
