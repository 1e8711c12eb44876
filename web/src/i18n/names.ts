// Chinese names in lists: two characters take the width of three, and the order is that of pinyin.
import { lang } from './index'

/** 林　静 for 林静, as offices print names in columns. */
export function spread(name: string): string {
  const characters = [...name]
  return characters.length === 2 && characters.every((each) => /\p{Script=Han}/u.test(each))
    ? characters.join('\u3000')
    : name
}

/** 林静、何志远 in Chinese, with commas in English. */
export function listed(names: (string | undefined)[]): string {
  return names.join(lang() === 'zh' ? '、' : ', ')
}

const collator = new Intl.Collator('zh-CN-u-co-pinyin')

/** Compare for `sort`: by pinyin, English names last. */
export function byName(a: { name: string }, b: { name: string }): number {
  return collator.compare(a.name, b.name)
}
