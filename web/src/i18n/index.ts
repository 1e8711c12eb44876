// The two languages: Chinese first, English by a switch. Each part of the program brings its own messages when loaded.
import { createI18n } from 'vue-i18n'
import { recall, remember } from '@/device'
import { common } from './common'

export type Lang = 'zh' | 'en'
export interface Messages {
  [key: string]: string | Messages
}
export interface Catalogue {
  zh: Messages
  en: Messages
}

export const i18n = createI18n({
  legacy: false,
  locale: recall('lang') === 'en' ? 'en' : 'zh',
  fallbackLocale: 'zh',
  messages: { zh: common.zh, en: common.en } as Record<Lang, Messages>,
})

export function lang(): Lang {
  return i18n.global.locale.value as Lang
}

export function setLang(to: Lang): void {
  i18n.global.locale.value = to
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
  remember('lang', to)
}

/** Add a part's messages under its name: `useCatalogue('hall', messages)` makes `t('hall.title')`. */
export function useCatalogue(name: string, catalogue: Catalogue): void {
  i18n.global.mergeLocaleMessage('zh', { [name]: catalogue.zh })
  i18n.global.mergeLocaleMessage('en', { [name]: catalogue.en })
}

/** The server's sentence in the language of the page. */
export function said(each: { detail: string; detail_en: string }): string {
  return lang() === 'zh' ? each.detail : each.detail_en
}

/** A record as a sentence, in the language of the page. */
export function told(record: { zh: string; en: string }): string {
  return lang() === 'zh' ? record.zh : record.en
}

/** The clause in the language of the page; empty where none is cited. */
export function cited(each: { clause: string; clause_en: string }): string {
  return lang() === 'zh' ? each.clause : each.clause_en
}
