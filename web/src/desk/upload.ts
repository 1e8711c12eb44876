// The upload of a file, with its progress; fetch does not report how far an upload has come.
import { answer, uuid, type Receipt } from '@/api'

/** Send a file in a form's field `file`; `progress` receives shares from 0 to 1. Throws Refused or Unreachable. */
export async function upload<T = Receipt>(
  url: string,
  file: File,
  csrf: string,
  progress: (share: number) => void,
): Promise<Exclude<T, undefined>> {
  return answer<T>(
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('POST', url)
      request.setRequestHeader('X-CSRF-Token', csrf)
      request.setRequestHeader('Idempotency-Key', uuid())
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) progress(event.loaded / event.total)
      }
      request.onerror = () => reject(new Error('network'))
      request.onload = () => {
        let body: unknown
        try {
          body = JSON.parse(request.responseText)
        } catch {
          body = undefined // something in between answered, not the server
        }
        const response = new Response(null, { status: request.status })
        resolve(response.ok ? { data: body as T, response } : { error: body, response })
      }
      const form = new FormData()
      form.append('file', file)
      request.send(form)
    }),
  )
}

/** Returns a size as 1.2 MB or 340 KB. */
export function sized(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${(bytes / 1024 / 1024).toFixed(1)} MB`
  return `${Math.max(1, Math.round(bytes / 1024))} KB`
}
