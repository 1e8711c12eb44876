// IndexedDB in this browser, with a shelf for each kind of thing. A call returns null within half a second if
// IndexedDB is unavailable or does not open; a value is still kept if it opens later.
const PATIENCE = 500 // ms; on some tablets `open` hangs for ever

export interface Shelf<T> {
  put(what: T): Promise<unknown>
  take(key: IDBValidKey): Promise<T | undefined | null>
  all(): Promise<T[] | null>
  drop(key: IDBValidKey): Promise<unknown>
  clear(): Promise<unknown>
}

/** Returns a shelf in the database `name`; each thing on it has its own `key`. */
export function shelf<T extends { key: string }>(name: string, store: string): Shelf<T> {
  async function within<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<R>): Promise<R | null> {
    try {
      const opening = indexedDB.open(name, 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: 'key' })
      const opened = await request(opening)
      try {
        return await request(act(opened.transaction(store, mode).objectStore(store)))
      } finally {
        opened.close()
      }
    } catch {
      return null
    }
  }
  const soon = <R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<R>) => inTime(within(mode, act))
  return {
    put: (what) => soon('readwrite', (each) => each.put(what)),
    take: (key) => soon<T | undefined>('readonly', (each) => each.get(key)),
    all: () => soon<T[]>('readonly', (each) => each.getAll()),
    drop: (key) => soon('readwrite', (each) => each.delete(key)),
    clear: () => soon('readwrite', (each) => each.clear()),
  }
}

function request<T>(made: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    made.onsuccess = () => resolve(made.result)
    made.onerror = () => reject(made.error)
  })
}

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), PATIENCE)))
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
