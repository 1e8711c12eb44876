// Changes of roles that are marked in the grid and not saved yet, in the order in which the server takes them.
import type { RoleGrant } from '@/api'

export type Role = RoleGrant['role']
export const ROLES: Role[] = [
  'member',
  'head',
  'acting_head',
  'secretary',
  'office_head',
  'deputy',
  'observer',
  'attendee',
  'hall',
]

export interface Change {
  person: number
  name: string
  role: Role
  granted: boolean
}

const heads: Role[] = ['head', 'acting_head']
const place = (each: Change): number => {
  const head = heads.includes(each.role)
  if (!each.granted) return head ? 0 : 1
  return each.role === 'member' ? 2 : head ? 3 : 4
}

/** A head is a member: their role as head is taken before the member's, and given after it; what is taken goes first. */
export const inOrder = (changes: Change[]): Change[] => [...changes].sort((a, b) => place(a) - place(b))
