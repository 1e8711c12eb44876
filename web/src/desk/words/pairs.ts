// A part's sentences written once, Chinese beside English, so that neither language can lack one.
import type { Catalogue, Messages } from '@/i18n'

export interface Pairs {
  [key: string]: readonly [zh: string, en: string] | Pairs
}

export function catalogue(pairs: Pairs): Catalogue {
  return { zh: side(pairs, 0), en: side(pairs, 1) }
}

function isPair(each: Pairs[string]): each is readonly [string, string] {
  return Array.isArray(each)
}

function side(pairs: Pairs, which: 0 | 1): Messages {
  const found: Messages = {}
  for (const [key, each] of Object.entries(pairs)) found[key] = isPair(each) ? each[which] : side(each, which)
  return found
}
