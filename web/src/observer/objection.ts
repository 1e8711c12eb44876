// Until the generated client has `objectionRaise`: the same call, typed here.
import { client } from '@/api/generated/client.gen'
import type { Receipt } from '@/api'

export interface ObjectionText {
  text: string
  item: number | null
}

export function raiseObjection(meeting_id: number, body: ObjectionText): Promise<{ data?: Receipt; error?: unknown; response?: Response }> {
  return client.post<{ 200: Receipt }, unknown>({
    url: '/api/meetings/{meeting_id}/objections',
    path: { meeting_id },
    body,
    headers: { 'Content-Type': 'application/json' },
  })
}
