// The desk's own addresses under /desk: which page, of what, at which tab.

export const MEETING_TABS = ['agenda', 'notice', 'room', 'minutes', 'ledger'] as const
export const BODY_TABS = ['people', 'roles', 'charter', 'rulebook', 'kinship', 'matters', 'register', 'history'] as const
export const ORGANIZATION_TABS = ['people', 'bodies', 'sign-in', 'calendar', 'import', 'history', 'audit'] as const
export type MeetingTab = (typeof MEETING_TABS)[number]
export type BodyTab = (typeof BODY_TABS)[number]
export type OrganizationTab = (typeof ORGANIZATION_TABS)[number]

export type Place =
  | { page: 'meetings' }
  | { page: 'meeting'; id: number; tab: MeetingTab | '' }
  | { page: 'reviews' }
  | { page: 'review'; meeting: number; minutes: number }
  | { page: 'body'; id: number; tab: BodyTab }
  | { page: 'organization'; tab: OrganizationTab }
  | { page: 'nowhere' }

/** The place that `/desk/…` names; `rest` is what follows, part by part. */
export function placeOf(rest: readonly string[]): Place {
  const [page = '', one = '', two = ''] = rest.filter((part) => part)
  if (page === '') return { page: 'meetings' }
  if (page === 'meetings' && isId(one)) {
    if (two === '' || among(MEETING_TABS, two)) return { page: 'meeting', id: Number(one), tab: two }
  }
  if (page === 'minutes' && one === '') return { page: 'reviews' }
  if (page === 'minutes' && isId(one) && isId(two))
    return { page: 'review', meeting: Number(one), minutes: Number(two) }
  if (page === 'bodies' && isId(one)) {
    const tab = two || 'people'
    if (among(BODY_TABS, tab)) return { page: 'body', id: Number(one), tab }
  }
  if (page === 'organization') {
    const tab = one || 'people'
    if (among(ORGANIZATION_TABS, tab)) return { page: 'organization', tab }
  }
  return { page: 'nowhere' }
}

function isId(part: string): boolean {
  return /^[1-9][0-9]{0,15}$/.test(part)
}

function among<T extends string>(tabs: readonly T[], part: string): part is T {
  return (tabs as readonly string[]).includes(part)
}
