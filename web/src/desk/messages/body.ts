import type { Pairs } from './pairs'

export const body: Pairs = { people: { name: ['姓名', 'Name'] } }
