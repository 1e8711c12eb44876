import { defineStore } from 'pinia'
import { answer, sessionRead, sessionOpen, sessionClose, onSignedOut, Refused, useCsrf } from '@/api'
import type { Session } from '@/api'

export const useSession = defineStore('session', {
  state: () => ({ who: null as Session | null, asked: false }),
  getters: {
    signedIn: (state) => state.who !== null,
  },
  actions: {
    take(session: Session | null) {
      this.who = session
      this.asked = true
      useCsrf(session?.csrf ?? '')
    },
    /** Who is signed in, asked once; Unreachable is thrown on, so that the page can say it. */
    async ask() {
      onSignedOut(() => this.take(null)) // and the router leads to the door
      try {
        this.take(await answer(sessionRead()))
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        this.take(null)
      }
    },
    /** Ask until the server answers, where it was away as the page came. */
    async insist() {
      while (!this.asked) {
        await new Promise((resolve) => setTimeout(resolve, 500))
        await this.ask().catch(() => {})
      }
    },
    async signIn(staff_number: string, password: string) {
      this.take(await answer(sessionOpen({ body: { staff_number, password } })))
    },
    async signOut() {
      await answer(sessionClose())
      this.take(null)
    },
    roles(body: number): string[] {
      return this.who?.roles[body] ?? []
    },
  },
})
