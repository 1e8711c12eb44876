import type { Pairs } from './pairs'

export const organization: Pairs = { organization: { nav: ['单位管理', 'Organization'] } }
