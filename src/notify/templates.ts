import { formatMoney } from '../shared/format-money.js'
import { compareCodePoints } from '../shared/json.js'
import type { Locale, Message as Text } from '../shared/messages.js'
import { accountTemplates } from './account-templates.js'
import { offerTemplates } from './offer-templates.js'
import { orderTemplates } from './order-templates.js'
import type { MessageFact } from './template.js'

export type { MessageFact, Template } from './template.js'

/** Every message the shop can send. */
export const templates = { ...accountTemplates, ...orderTemplates, ...offerTemplates }

/** The name of a message the shop can send. */
export type TemplateName = keyof typeof templates

/** Every name, sorted. */
export const templateNames: readonly TemplateName[] =
  // Object.keys answers strings; these are the keys of the object above.
  (Object.keys(templates) as TemplateName[]).sort(compareCodePoints)

/** Whether a message needs the person's consent to marketing. */
export const needsConsent = (name: TemplateName): boolean => templates[name].kind === 'marketing'

/** Every name, by what is sent first: codes and notices of accounts, then what else needs no consent, then marketing. */
export const templatesByUrgency: Readonly<Record<'account' | 'service' | 'marketing', readonly TemplateName[]>> = {
  account: templateNames.filter((name) => !needsConsent(name) && Object.hasOwn(accountTemplates, name)),
  service: templateNames.filter((name) => !needsConsent(name) && !Object.hasOwn(accountTemplates, name)),
  marketing: templateNames.filter(needsConsent),
}

/**
 * Writes a message in a language.
 *
 * @param facts - what stands for `{name}`; one that is missing leaves `{name}` standing
 * @param options.code - what stands for `{code}`
 * @param options.utcOffsetMinutes - in whose hours moments are written; those of UTC when absent
 */
export const writeMessage = (
  name: TemplateName,
  facts: Readonly<Record<string, MessageFact>>,
  options: { readonly locale: Locale; readonly code?: string; readonly utcOffsetMinutes?: number },
): { readonly subject: string; readonly text: string } => {
  const { locale, code, utcOffsetMinutes = 0 } = options
  const fill = (text: Text): string =>
    text[locale].replace(/\{(\w+)\}/g, (whole, key: string) => {
      if (key === 'code') return code ?? whole
      const fact = Object.hasOwn(facts, key) ? facts[key] : undefined
      return fact === undefined ? whole : writeFact(fact, locale, utcOffsetMinutes)
    })
  return { subject: fill(templates[name].subject), text: fill(templates[name].text) }
}

const writeFact = (fact: MessageFact, locale: Locale, utcOffsetMinutes: number): string => {
  if (typeof fact === 'string') return fact
  if (typeof fact === 'number') return String(fact)
  if ('at' in fact) return writeMoment(fact.at, fact.utcOffsetMinutes ?? utcOffsetMinutes)
  if ('minor' in fact) return formatMoney(fact, { locale }).unwrapOr(`${fact.minor} ${fact.currency}`)
  return fact[locale] === '' ? fact.en || fact['zh-CN'] : fact[locale]
}

const writeMoment = (at: number, utcOffsetMinutes: number): string => {
  const shown = new Date(at + utcOffsetMinutes * 60_000).toISOString()
  const sign = utcOffsetMinutes < 0 ? '-' : '+'
  const minutes = Math.abs(utcOffsetMinutes)
  const offset = `${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
  return `${shown.slice(0, 10)} ${shown.slice(11, 16)} ${utcOffsetMinutes === 0 ? 'UTC' : offset}`
}

const pad = (value: number): string => String(value).padStart(2, '0')
