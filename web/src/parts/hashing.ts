/** SHA-256 in hex, computed on this device; null where the browser cannot: on a page that came without TLS. */
export async function sha256(bytes: BufferSource): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle
  if (!subtle) return null
  return Array.from(new Uint8Array(await subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
