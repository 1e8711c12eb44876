// One meeting followed over any number of connections: resumed by seq, watched by heartbeat, tried again by itself.
import type { Clauses } from './basis'
import { merge } from './patch'
import { EMPTY, NOTHING } from './state'
import type { FeedRecord, MeetingState, Message, Mine } from './types'

export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'waiting'; until: number }
  | { state: 'refused' }
  | { state: 'damaged' } // the meeting's records are not whole, and none is shown
  | { state: 'elsewhere'; page: string; server: string } // the server does not know the page's address for its own

/** The words in place of a meeting that is not there yet, or not to be seen. */
export const instead = ({ state }: Connection) =>
  state === 'refused' || state === 'damaged' ? `connection.${state}` : 'loading'

export interface Watcher {
  /** Called after a snapshot: the whole meeting, and the clauses that its rules rest on. */
  began(state: MeetingState, clauses: Clauses): void
  /** Called after every message that continued the state; `records` are those that were new. */
  changed(state: MeetingState, records: FeedRecord[]): void
  /** Called with the state that concerns the reader alone. */
  mine(mine: Mine): void
  connection(connection: Connection): void
  /** Called with the sealed head of the book, by which the server sees later which records there were. */
  head(head: string): void
  /** Called with the ids of those who have a live connection, for the desk and the observer alone. */
  present(people: number[]): void
  /** Called when a connection was refused or never opened; returns whether the reader may still follow,
   * so that it is tried again, or what else to show. Throws if the server cannot be reached. */
  refused(): Promise<boolean | Connection>
}

const SILENCE = 8_000 // ms; the server sends a heartbeat every 5 s
const OPENING = 2_000 // ms after which a connection that has not opened is given up
const FIRST_WAIT = 200
const LONGEST_WAIT = 1_500 // so that a screen is right again within 2 s of the connection's return
const FORBIDDEN = 1008

export class Feed {
  state: MeetingState = EMPTY
  /** The view that was followed last; empty before the first. */
  view = ''
  private mine: Mine = NOTHING
  private socket: WebSocket | null = null
  private heard = 0
  private wait = FIRST_WAIT
  private timer: ReturnType<typeof setTimeout> | undefined
  private pulse: ReturnType<typeof setInterval> | undefined
  private closed = false

  constructor(
    private readonly url: string,
    private readonly watcher: Watcher,
    private head = '',
  ) {}

  open(): void {
    this.pulse = setInterval(() => this.listen(), 1_000)
    document.addEventListener('visibilitychange', this.wake)
    window.addEventListener('online', this.wake)
    window.addEventListener('offline', this.lost)
    this.connect()
  }

  close(): void {
    this.closed = true
    clearInterval(this.pulse)
    clearTimeout(this.timer)
    document.removeEventListener('visibilitychange', this.wake)
    window.removeEventListener('online', this.wake)
    window.removeEventListener('offline', this.lost)
    this.drop()
  }

  private readonly wake = (): void => {
    if (document.visibilityState === 'visible') this.listen(true)
  }

  private readonly lost = (): void => this.again()

  /** Silence means that the connection is gone, whatever the browser thinks of it. */
  private listen(awake = false): void {
    const opened = this.socket?.readyState === WebSocket.OPEN
    const silent = Date.now() - this.heard > (opened ? SILENCE : OPENING)
    if (this.socket !== null && silent) this.again(0)
    else if (awake && !opened) {
      this.wait = FIRST_WAIT
      this.connect()
    }
  }

  private connect(): void {
    if (this.closed) return
    clearTimeout(this.timer)
    this.drop()
    this.watcher.connection({ state: 'connecting' })
    const query = new URLSearchParams(this.view ? { after: String(this.state.seq), view: this.view } : {})
    if (this.head) query.set('head', this.head)
    const socket = new WebSocket(query.size ? `${this.url}?${query}` : this.url)
    this.socket = socket
    this.heard = Date.now()
    let opened = false
    socket.onopen = () => {
      opened = true
    }
    socket.onmessage = (event: MessageEvent<string>) => {
      this.heard = Date.now()
      this.take(JSON.parse(event.data) as Message)
    }
    socket.onclose = (event) => {
      if (this.socket !== socket) return
      this.socket = null
      if (event.code === FORBIDDEN || !opened) void this.ask()
      else this.again()
    }
  }

  /** Ask whether the reader was refused or the server not reached; stop, or try again. */
  private async ask(): Promise<void> {
    let again: boolean | Connection = true
    try {
      again = await this.watcher.refused()
    } catch {
      // The server is away; it is tried again.
    }
    if (again === true) this.again()
    else this.watcher.connection(again || { state: 'refused' })
  }

  private again(wait = this.wait): void {
    if (this.closed) return
    this.drop()
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT)
    this.watcher.connection({ state: 'waiting', until: Date.now() + wait })
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.connect(), wait)
  }

  private drop(): void {
    const socket = this.socket
    this.socket = null
    socket?.close()
  }

  private take(message: Message): void {
    if ('head' in message && message.head) this.watcher.head((this.head = message.head))
    if (message.type === 'snapshot') {
      this.view = message.view
      this.state = message.state
      this.live()
      this.watcher.began(this.state, message.clauses)
      this.own(message.mine ?? {}, true)
    } else if (message.type === 'heartbeat') {
      if (message.seq > this.state.seq) this.again(0) // a record was missed
      else this.live()
    } else if (message.type === 'connections') {
      this.watcher.present(message.present)
    } else if (message.type === 'mine') {
      this.own(message.patch, message.whole)
    } else {
      this.view = message.view
      this.records(message.records)
    }
  }

  private records(records: FeedRecord[]): void {
    const fresh = records.filter((record) => record.seq > this.state.seq)
    for (const record of fresh) {
      if (record.seq !== this.state.seq + 1) return this.again(0)
      this.state = { ...merge(this.state, record.patch), seq: record.seq }
    }
    this.live()
    this.watcher.changed(this.state, fresh)
  }

  /** Apply a patch to what concerns the reader alone; `whole`: in place of what was known. */
  private own(patch: unknown, whole: boolean): void {
    this.mine = merge(whole ? NOTHING : this.mine, patch)
    this.watcher.mine(this.mine)
  }

  private live(): void {
    this.wait = FIRST_WAIT
    this.watcher.connection({ state: 'live' })
  }
}
