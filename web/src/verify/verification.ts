// What anybody may ask of issued minutes. Until the generated client has these calls, they are typed here.
import { client } from '@/api/generated/client.gen'

export interface PublicIssue {
  organization: string
  series: string
  number: string // as printed
  issued_at: string
  sha256: string
  voided: boolean
  replaced_by: string // the number of the issue that corrects it, or nothing
}

export interface Printed {
  organization: string
  series: string
  year: number
  number: number
}

interface Outcome<T> {
  data?: T
  error?: unknown
  response?: Response
}

export function issueVerify(sha256: string): Promise<Outcome<PublicIssue>> {
  return client.get<{ 200: PublicIssue }, unknown>({ url: '/api/verification/{sha256}', path: { sha256 } })
}

export function issueFind(printed: Printed): Promise<Outcome<PublicIssue[]>> {
  return client.get<{ 200: PublicIssue[] }, unknown>({ url: '/api/verification', query: { ...printed } })
}

/** The file's SHA-256 in hex, computed on this device; null where the browser cannot (a page without TLS). */
export async function sha256Of(file: Blob): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle
  if (!subtle) return null
  const digest = new Uint8Array(await subtle.digest('SHA-256', await file.arrayBuffer()))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
