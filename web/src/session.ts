import { defineStore } from 'pinia'
import { answer, sessionRead, sessionOpen, sessionClose, onSignedOut, useCsrf } from '@/api'
import type { Session } from '@/api'
import { recall, remember } from './device'
import { forgetMeetings } from './feed/kept'

/** The person whom the server last named on this device; forgotten with the sign-out. */
interface Last {
  person: number
  name: string
}
const LAST = 'person'

export const useSession = defineStore('session', {
  state: () => ({
    who: null as Session | null,
    asked: false,
    last: JSON.parse(recall(LAST) ?? 'null') as Last | null,
    left: false, // by the person's own sign-out
  }),
  getters: {
    signedIn: (state) => state.who !== null,
    /** Whether a session ended that its person did not end; the sign-in says so. */
    ended: (state) => state.who === null && state.last !== null && !state.left,
    /** The person who is signed in; while the server cannot be asked, the one it last named: to show what this device
     * keeps of theirs, not to act. */
    whose: (state): Last | null => state.who ?? (state.asked ? null : state.last),
  },
  actions: {
    take(session: Session | null) {
      const before = (JSON.parse(recall(LAST) ?? 'null') as Last | null)?.person
      if (before !== session?.person) void forgetMeetings()
      this.who = session
      if (session) this.last = { person: session.person, name: session.name }
      this.asked = true
      useCsrf(session?.csrf ?? '')
      remember(LAST, session && JSON.stringify({ person: session.person, name: session.name }))
    },
    /** Ask the server once who is signed in. Throws Unreachable, so that the page can say it. */
    async ask() {
      onSignedOut(() => this.take(null)) // the router then leads to the sign-in
      this.take(await answer<Session | null>(sessionRead()))
    },
    /** Ask until the server answers, if it was away when the page was loaded. */
    async insist() {
      while (!this.asked) {
        await new Promise((resolve) => setTimeout(resolve, 500))
        await this.ask().catch(() => {})
      }
    },
    /** Sign in; the organization by its code or name, null where there is one alone. */
    async signIn(organization: string | null, staff_number: string, password: string) {
      this.take(await answer(sessionOpen({ body: { organization, staff_number, password } })))
      this.left = false
    },
    async signOut() {
      this.left = true
      remember(LAST, null) // another may have this device next, even if the server was not reached
      void forgetMeetings()
      await answer(sessionClose())
      this.take(null)
    },
    roles(body: number): string[] {
      return this.who?.roles[body] ?? []
    },
  },
})
