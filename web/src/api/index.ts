// The one way to the server: a call of the generated client returns its answer, or throws the server's refusal.
import { awaited } from '@/settled'
import { client } from './generated/client.gen'

export * from './generated/sdk.gen'
export type * from './generated/types.gen'

export interface RefusedRule {
  rule: string
  clause: string
  clause_en: string
  detail: string
  detail_en: string
  facts: Record<string, unknown>
}

/** A refusal by the server (RFC 9457); `refusals` has every reason. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly refusals: RefusedRule[],
  ) {
    super(refusals.map((each) => each.rule).join(', '))
  }

  get rule(): string {
    return this.refusals[0]?.rule ?? ''
  }
}

/** The server did not answer: no connection, or something in between failed. Whether an act was done is not known. */
export class Unreachable extends Error {}

/** A version 4 UUID, also where the page came without TLS and `randomUUID` is missing. */
export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

let csrf = ''
let signedOut: () => void = () => {}

/** Set the session's token, which every command carries; another token clears the unanswered commands. */
export function useCsrf(token: string): void {
  if (token !== csrf) unanswered.clear()
  csrf = token
}

/** Set the function to call whenever the server says that nobody is signed in. */
export function onSignedOut(then: () => void): void {
  signedOut = then
}

// A network can lose a request without an error: after this time the connection is taken for lost.
// Files do not pass here.
export const PATIENCE = 20_000 // ms until an answer begins
async function patiently(request: Request): Promise<Response> {
  const trying = new AbortController()
  const patience = setTimeout(() => trying.abort(), PATIENCE)
  request.signal.addEventListener('abort', () => trying.abort())
  try {
    return await fetch(request, { signal: trying.signal })
  } finally {
    clearTimeout(patience)
  }
}
client.setConfig({ baseUrl: '', fetch: (request) => patiently(request as Request) })

// A command that was not answered may have been done: its repetition carries the same key, so that it is done once.
// After a minute it counts as another command: a person who left, came back and leaves again has left twice.
const AGAIN = 60_000 // ms
const unanswered = new Map<string, { key: string; at: number }>()
client.interceptors.request.use(async (request) => {
  if (request.method !== 'GET') {
    request.headers.set('X-CSRF-Token', csrf)
    if (!request.headers.has('Idempotency-Key')) {
      const command = `${request.method} ${request.url} ${await request.clone().text()}`
      const before = unanswered.get(command)
      const at = Date.now()
      const key = before && at - before.at < AGAIN ? before.key : uuid()
      unanswered.set(command, { key, at })
      request.headers.set('Idempotency-Key', key)
    }
  }
  return request
})
client.interceptors.response.use((response, request) => {
  const key = request.headers.get('Idempotency-Key')
  if (response.status < 502)
    for (const [command, its] of unanswered) if (its.key === key) unanswered.delete(command)
  return response
})

interface Outcome<T> {
  data?: T
  error?: unknown
  response?: Response
}

/** Returns the answer of a call. Throws Refused or Unreachable. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<Exclude<T, undefined>> {
  let outcome: Outcome<T>
  try {
    outcome = await awaited(call)
  } catch {
    throw new Unreachable()
  }
  const { data, error, response } = outcome
  if (!response || response.status >= 502) throw new Unreachable()
  if (response.ok) return data as Exclude<T, undefined>
  const problem = error as Partial<RefusedRule & { refusals: RefusedRule[] }> | undefined
  const only: RefusedRule = {
    rule: problem?.rule ?? 'internal',
    clause: problem?.clause ?? '',
    clause_en: problem?.clause_en ?? '',
    detail: problem?.detail ?? '程序出现错误，请联系管理员。',
    detail_en: problem?.detail_en ?? 'The program failed; tell the administrator.',
    facts: problem?.facts ?? {},
  }
  const refused = new Refused(response.status, problem?.refusals ?? [only])
  if (refused.rule === 'access.signed_out') signedOut()
  throw refused
}
