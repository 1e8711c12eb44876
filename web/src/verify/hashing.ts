import { hex } from '@/observer/chain'

/** The file's SHA-256 in hex, computed on this device; null where the browser cannot (a page without TLS). */
export async function sha256Of(file: Blob): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle
  return subtle ? hex(new Uint8Array(await subtle.digest('SHA-256', await file.arrayBuffer()))) : null
}
