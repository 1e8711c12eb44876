import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { watch } from 'vue'
import { useSession } from './session'
import { wait } from './settled'

declare module 'vue-router' {
  interface RouteMeta {
    /** Open to those who have not signed in. */
    open?: boolean
  }
}

const meeting = (route: { params: Record<string, string | string[]> }) => ({ id: Number(route.params.id) })

const routes: RouteRecordRaw[] = [
  {
    path: '/sign-in/:code?',
    name: 'sign-in',
    component: () => import('./tablet/SignIn.vue'),
    props: true,
    meta: { open: true },
  },
  { path: '/account', name: 'account', component: () => import('./account/AccountPage.vue') },
  { path: '/', name: 'home', component: () => import('./tablet/HomePage.vue') },
  { path: '/meetings/:id(\\d+)', name: 'room', component: () => import('./tablet/RoomPage.vue'), props: meeting },
  {
    path: '/meetings/:id(\\d+)/papers/:item(\\d+)/:paper(\\d+)',
    name: 'paper',
    component: () => import('./tablet/PaperPage.vue'),
    props: (route) => ({
      id: Number(route.params.id),
      item: Number(route.params.item),
      paper: Number(route.params.paper),
    }),
  },
  { path: '/meetings/:id(\\d+)/chair', name: 'chair', component: () => import('./chair/ChairPage.vue'), props: meeting },
  {
    path: '/meetings/:id(\\d+)/observer',
    name: 'observer',
    component: () => import('./observer/ObserverPage.vue'),
    props: meeting,
  },
  { path: '/meetings/:id(\\d+)/hall', name: 'hall', component: () => import('./hall/HallPage.vue'), props: meeting },
  { path: '/desk/:rest(.*)*', name: 'desk', component: () => import('./desk/DeskPage.vue') },
  {
    path: '/verify/:sha256([0-9a-f]{64})?',
    name: 'verify',
    component: () => import('./verify/VerifyPage.vue'),
    props: true,
    meta: { open: true },
  },
  { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./parts/NowherePage.vue'), meta: { open: true } },
]

export const router = createRouter({ history: createWebHistory(), routes })

let arrived = () => {}
router.beforeEach(() => {
  arrived()
  arrived = wait()
})
router.afterEach(() => arrived())
router.onError(() => arrived())

router.beforeEach(async (to) => {
  if (to.meta.open && to.name !== 'sign-in') return true
  const session = useSession()
  if (!session.asked) {
    try {
      await session.ask()
    } catch {
      // The server is away: the page itself says so, and the feed tries again.
      session.asked = false
      void session.insist().then(() => {
        if (!session.signedIn) toTheDoor()
      })
      return true
    }
  }
  if (to.name === 'sign-in') return session.signedIn ? { name: 'home' } : true
  if (!session.signedIn) return { name: 'sign-in', query: { to: to.fullPath } }
  return session.who?.due.length && to.name !== 'account' ? { name: 'account', query: { to: to.fullPath } } : true
})

/** Go to the sign-in, and back to the same page afterwards. */
function toTheDoor(): void {
  const here = router.currentRoute.value
  if (!here.meta.open) void router.replace({ name: 'sign-in', query: { to: here.fullPath } })
}

/** Lead a person who is signed out while a page is open to the sign-in, and back afterwards. */
export function guardSession(): void {
  const session = useSession()
  watch(
    () => session.signedIn,
    (signedIn, before) => {
      if (before && !signedIn) toTheDoor()
    },
  )
}
