import type { Locale } from '../shared/messages.js'

/** A text in every language of the shop; a language that has no translation holds the empty text. */
export type LocalText = Readonly<Record<Locale, string>>

/**
 * The text in a language, or in the other one where it is not translated.
 */
export const textIn = (text: LocalText, locale: Locale): string => {
  if (text[locale] !== '') return text[locale]
  return locale === 'en' ? text['zh-CN'] : text.en
}

/** Whether no language has the text. */
export const isEmptyText = (text: LocalText): boolean => text.en === '' && text['zh-CN'] === ''
