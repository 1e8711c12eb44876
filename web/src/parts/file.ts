// A file from the server in the page: read as it comes, and shown where it is a PDF or a picture.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { PATIENCE, Refused, Unreachable, type RefusedRule } from '@/api'
import { useReading, type Reading } from './reading'

/** Fetch the file at an address. `told` receives the share that has come, from 0 to 1, where the length is known.
 * Throws Refused or Unreachable, the latter also after PATIENCE ms without a byte. */
export async function fetchFile(
  src: string,
  told: (share: number) => void,
  trying = new AbortController(),
): Promise<{ bytes: ArrayBuffer; type: string }> {
  let patience: ReturnType<typeof setTimeout> | undefined
  function wait(): void {
    clearTimeout(patience)
    patience = setTimeout(() => trying.abort(), PATIENCE)
  }
  try {
    wait()
    const reply = await fetch(src, { credentials: 'same-origin', signal: trying.signal })
    if (reply.status >= 502) throw new Unreachable()
    if (!reply.ok) throw new Refused(reply.status, ((await reply.json()) as { refusals: RefusedRule[] }).refusals)
    const packed = reply.headers.has('content-encoding') // its length is not the file's
    const length = packed ? 0 : Number(reply.headers.get('content-length'))
    const reader = (reply.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader()
    const parts: Uint8Array<ArrayBuffer>[] = []
    let come = 0
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      wait()
      parts.push(read.value)
      come += read.value.length
      if (length) told(come / length)
    }
    return { bytes: await new Blob(parts).arrayBuffer(), type: reply.headers.get('content-type') ?? '' }
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable()
  } finally {
    clearTimeout(patience)
  }
}

/** Open a PDF; PDF.js is loaded with the first one. Throws Unreachable, or PDF.js's error if the bytes are no PDF. */
async function openPdf(data: ArrayBuffer): Promise<PDFDocumentProxy> {
  const pdfjs = await import('pdfjs-dist').catch(() => {
    throw new Unreachable()
  })
  pdfjs.GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href
  const needs = { cMapUrl: '/pdf/cmaps/', cMapPacked: true, wasmUrl: '/pdf/wasm/', useWasm: false, isEvalSupported: false }
  return pdfjs.getDocument({ data, ...needs }).promise
}

export interface ShownFile extends Reading {
  /** The part that has come in percent, as far as that is known; null while no file is being read. */
  loading: Ref<number | null>
  /** The document for PdfSheets, which destroys it. */
  pdf: ShallowRef<PDFDocumentProxy | null>
  /** The address of the picture, empty if it is none. */
  picture: Ref<string>
  /** Whether it can be drawn as neither; it can be downloaded all the same. */
  cannot: Ref<boolean>
}

/** `load` removes what was shown at once. */
export function useFile(src: () => string): ShownFile {
  const loading = ref<number | null>(null)
  const pdf = shallowRef<PDFDocumentProxy | null>(null)
  const picture = ref('')
  const cannot = ref(false)
  let turn = 0
  let trying: AbortController | undefined

  const { problem, load } = useReading(async () => {
    const mine = turn
    trying = new AbortController()
    const told = (share: number): void => void (mine === turn && (loading.value = Math.floor(share * 100)))
    told(0)
    try {
      const { bytes, type } = await fetchFile(src(), told, trying)
      if (mine !== turn) return
      if (type.startsWith('image/')) picture.value = URL.createObjectURL(new Blob([bytes], { type }))
      else if (type !== 'application/pdf') cannot.value = true
      else {
        const found = await openPdf(bytes)
        if (mine === turn) pdf.value = found
        else await found.loadingTask.destroy()
      }
    } catch (error) {
      if (mine !== turn) return // the file was left, or asked for anew
      if (error instanceof Refused || error instanceof Unreachable) throw error
      cannot.value = true
    } finally {
      if (mine === turn) loading.value = null
    }
  })

  function close(): void {
    turn += 1
    trying?.abort()
    if (picture.value) URL.revokeObjectURL(picture.value)
    picture.value = ''
    pdf.value = null
    cannot.value = false
  }
  onScopeDispose(close)
  return {
    problem,
    loading,
    pdf,
    picture,
    cannot,
    load() {
      close()
      return load()
    },
  }
}
