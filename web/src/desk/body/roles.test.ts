import { expect, test } from 'vitest'
import { inOrder, type Change, type Role } from './roles'

const change = (person: number, role: Role, granted: boolean): Change => ({ person, name: `${person}`, role, granted })

test('a head is taken before the member and given after it, and taking goes first', () => {
  const marked = [
    change(2, 'head', true),
    change(2, 'member', true),
    change(1, 'member', false),
    change(1, 'head', false),
    change(3, 'observer', true),
  ]
  expect(inOrder(marked).map(({ person, role }) => `${person} ${role}`)).toEqual([
    '1 head',
    '1 member',
    '2 member',
    '2 head',
    '3 observer',
  ])
})
