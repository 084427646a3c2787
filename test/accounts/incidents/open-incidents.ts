import { type Actor, recordIncident, sweepIncidents } from 'shopwright'
import { day, must, type OpenAccounts, openAccounts } from '../open-accounts.js'

export const officer: Actor = { kind: 'staff', staffId: 'officer', roles: ['incidents'], purpose: 'a leak' }
export const both = (en: string) => ({ en, 'zh-CN': `（${en}）` }) as const
export const notice = {
  what: both('Names and addresses were read.'),
  harm: both('Unasked mail.'),
  measures: both('The door was closed.'),
  advice: both('Trust no message that asks for a code.'),
  contact: both('privacy@shop.example'),
} as const

export const leak = (shop: OpenAccounts, more: object = {}) =>
  ({
    cause: 'intrusion',
    records: ['account'],
    affected: { kind: 'everybody' },
    since: shop.now() - day,
    until: shop.now(),
    knownAt: shop.now(),
    notice,
    ...more,
  }) as const

export const open = async (shop: OpenAccounts, more: object = {}) =>
  must(await recordIncident(shop.ports, shop.as(officer), leak(shop, more)))

export const sweep = async (shop: OpenAccounts, limit = 100) => must(await sweepIncidents(shop.ports, { limit }))

/** Where notices went, as far as they were sent. */
export const told = (shop: OpenAccounts) =>
  shop.mailbox.filter(({ text }) => text.includes('Incident I')).map(({ to }) => to)

export const openOf = async (names: readonly string[]) => {
  const shop = await openAccounts()
  const ids: string[] = []
  for (const name of names) ids.push(await shop.join(name))
  return { shop, ids }
}
