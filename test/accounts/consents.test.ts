import fc from 'fast-check'
import {
  activateAccount,
  commitChanges,
  consentLog,
  defaultAccountsPolicy,
  entries,
  queueMessage,
  readFacts,
  registerAccount,
  sendDueMessages,
  setConsent,
  showConsents,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { standingConsents } from '../../src/accounts/privacy/show-consents.js'
import { guardianWordOf, isGuarded } from '../../src/accounts/real-name/real-name-claim.js'
import { isChild } from '../../src/accounts/register-account.js'
import { unchecked } from '../support/unchecked.js'
import { customer, goodPassword, guest, must, type OpenAccounts, openAccounts, tagOf } from './open-accounts.js'

const consents = { marketing: { noticeVersion: 'v2' }, profiling: { noticeVersion: null } }
const say = (shop: OpenAccounts, accountId: string, purpose: string, decision: string, noticeVersion = 'v2') =>
  setConsent(shop.ports, shop.as(customer(accountId)), { purpose, decision: unchecked(decision), noticeVersion })
const standing = async (shop: OpenAccounts, accountId: string) =>
  must(await showConsents(shop.ports, { actor: customer(accountId) }, {})).consents.map(
    ({ purpose, standing: how }) => `${purpose} ${how}`,
  )

describe('consents', () => {
  it('are given and withdrawn purpose by purpose, each on its notice', async () => {
    const shop = await openAccounts({ policy: { consents } })
    const accountId = await shop.join('li.na@example.com')
    expect(await standing(shop, accountId)).toEqual(['marketing never', 'profiling never'])
    must(await say(shop, accountId, 'profiling', 'given'))
    expect(await standing(shop, accountId)).toEqual(['marketing never', 'profiling given'])
    shop.pass(1)
    must(await say(shop, accountId, 'profiling', 'withdrawn'))
    expect(await standing(shop, accountId)).toEqual(['marketing never', 'profiling withdrawn'])
    const unknown = await say(shop, accountId, 'constructor', 'given')
    expect(unknown.isErr() && unknown.error).toEqual({ type: 'PurposeUnknown', purpose: 'constructor' })
    const outdated = await say(shop, accountId, 'marketing', 'given', 'v1')
    expect(outdated.isErr() && outdated.error).toEqual({ type: 'NoticeOutdated', currentNotice: 'v2' })
    must(await say(shop, accountId, 'marketing', 'withdrawn', 'v1'))
  })

  it('are a guardian’s to withdraw, whatever the shop asks consent for, and theirs alone to give', async () => {
    const shop = await openAccounts({ policy: { consents } })
    const accountId = await shop.join('li.na@example.com')
    const given = await say(shop, accountId, 'guardian', 'given')
    expect(given.isErr() && given.error).toEqual({ type: 'PurposeUnknown', purpose: 'guardian' })
    const child = { birthDate: `${new Date(shop.now()).getUTCFullYear() - 10}-01-01` }
    const guardian = { noticeVersion: 'g1' }
    const input = { email: 'kid@example.com', password: goodPassword, locale: 'en', ...child, guardian } as const
    const { challengeId } = must(await registerAccount(shop.ports, shop.as(guest), input))
    const code = await shop.lastCode('kid@example.com')
    const kid = must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code })).accountId
    const word = async () => {
      const plan = { found: guardianWordOf(kid) }
      const scope = { kind: 'all' } as const
      return isGuarded(must(await readFacts(shop.ports.storage, { shop: 'main', scope, at: shop.now(), plan })).found)
    }
    expect(await word()).toBe(true)
    shop.pass(1)
    must(await say(shop, kid, 'guardian', 'withdrawn', 'g1'))
    expect(await word()).toBe(false)
  })

  it('to marketing count no more under another notice, until they are given anew', async () => {
    const shop = await openAccounts({ policy: { consents: { marketing: { noticeVersion: null } } } })
    const accountId = await shop.join('li.na@example.com')
    must(await say(shop, accountId, 'marketing', 'given', 'v1'))
    const replaced = { ...shop, ports: { ...shop.ports, marketingNotice: 'v2' as string | null } }
    const advertise = async (cause: string) => {
      const queued = queueMessage({ cause, accountId, channel: 'email', template: 'cartAbandoned', at: shop.now() })
      must(await commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes: [queued] }))
    }
    await advertise('a')
    expect(must(await sendDueMessages(replaced.ports, { limit: 10 }))).toMatchObject({ sent: 0, suppressed: 1 })
    must(await say(shop, accountId, 'marketing', 'given', 'v2'))
    await advertise('b')
    expect(must(await sendDueMessages(replaced.ports, { limit: 10 }))).toMatchObject({ sent: 1, suppressed: 0 })
  })

  it('to marketing carry no channel over that was agreed to under an older notice', async () => {
    const shop = await openAccounts({ policy: { consents: { marketing: { noticeVersion: 'v1' } } } })
    const accountId = await shop.join('li.na@example.com')
    const give = async (noticeVersion: string, channels: readonly string[]) => {
      const accountsPolicy = { ...shop.ports.accountsPolicy, consents: { marketing: { noticeVersion } } }
      const asked = { purpose: 'marketing', decision: 'given', noticeVersion, channels } as const
      const ports = { ...shop.ports, accountsPolicy }
      return must(await setConsent(ports, shop.as(customer(accountId)), unchecked(asked))).marketing
    }
    expect(await give('v1', ['sms'])).toEqual(['sms'])
    shop.pass(1)
    expect(await give('v1', ['email'])).toEqual(['email', 'sms'])
    shop.pass(1)
    expect(await give('v2', ['email'])).toEqual(['email'])
    shop.pass(1)
    expect(await give('v2', ['inApp'])).toEqual(['email', 'inApp'])
  })

  it('to marketing stand while a channel is left, and say on which', async () => {
    const shop = await openAccounts({ policy: { consents: { marketing: { noticeVersion: 'v2' } } } })
    const accountId = await shop.join('li.na@example.com')
    const set = async (decision: string, channels: readonly string[]) => {
      const asked = { purpose: 'marketing', decision, noticeVersion: 'v2', channels } as const
      must(await setConsent(shop.ports, shop.as(customer(accountId)), unchecked(asked)))
      shop.pass(1)
      return must(await showConsents(shop.ports, { actor: customer(accountId) }, {})).consents
    }
    expect(await set('given', ['email', 'sms'])).toMatchObject([{ standing: 'given', channels: ['email', 'sms'] }])
    expect(await set('withdrawn', ['sms'])).toMatchObject([{ standing: 'given', channels: ['email'] }])
    expect(await set('withdrawn', ['email'])).toMatchObject([{ standing: 'withdrawn', channels: [] }])
  })

  it('stand as the last entry says, whatever came before', () => {
    const entry = fc.record({
      accountId: fc.constant('a'),
      purpose: fc.constantFrom('marketing', 'profiling'),
      decision: fc.constantFrom('given' as const, 'withdrawn' as const),
      channels: fc.constant([]),
      noticeVersion: fc.constantFrom('v1', 'v2'),
      at: fc.integer({ min: 0, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), (unsorted) => {
        const ledger = [...unsorted].sort((left, right) => left.at - right.at)
        for (const { purpose, standing: how } of standingConsents(consents, ledger)) {
          const last = ledger.filter((each) => each.purpose === purpose).at(-1)
          const expected =
            last === undefined
              ? 'never'
              : last.decision === 'given' && purpose === 'marketing' && last.noticeVersion !== 'v2'
                ? 'outdated'
                : last.decision
          expect(how).toBe(expected)
        }
      }),
    )
  })
})

describe('a child under fourteen', () => {
  it('registers with a guardian alone, whose consent stands in the ledger; the date of birth stands nowhere', async () => {
    const shop = await openAccounts()
    const input = { email: 'child@example.com', password: goodPassword, locale: 'en', birthDate: '2013-06-07' } as const
    const refused = await registerAccount(shop.ports, shop.as(guest), input)
    expect(refused.isErr() && refused.error).toEqual({ type: 'GuardianRequired', belowYears: 14 })
    must(await registerAccount(shop.ports, shop.as(guest), { ...input, guardian: { noticeVersion: 'children-1' } }))
    const plan = { ledger: entries(consentLog, { where: [], limit: 5 }) }
    const scope = { kind: 'all' } as const
    const { ledger } = must(await readFacts(shop.ports.storage, { shop: 'main', scope, at: shop.now(), plan }))
    expect(ledger.map(({ body }) => body)).toMatchObject([
      { purpose: 'guardian', decision: 'given', by: 'guardian', noticeVersion: 'children-1' },
    ])
    expect(shop.stored.join('\n')).not.toContain('2013-06-07')
    const grown = await registerAccount(shop.ports, shop.as(guest), { ...input, birthDate: '2000-01-01' })
    expect(tagOf(grown)).toBe('ok')
    expect(defaultAccountsPolicy.privacy.guardianBelowYears).toBe(14)
  })

  it('comes of age with the day of the birthday everywhere, one born on 29 February on 1 March', () => {
    const birthday = Date.UTC(2026, 5, 7)
    expect(isChild('2012-06-07', 14, birthday)).toBe(true)
    expect(isChild('2012-06-07', 14, birthday + 12 * 3_600_000)).toBe(false)
    expect(isChild('2012-02-29', 14, Date.UTC(2026, 1, 28, 23))).toBe(true)
    expect(isChild('2012-02-29', 14, Date.UTC(2026, 2, 1, 12))).toBe(false)
    expect(isChild(undefined, 14, birthday)).toBe(false)
  })
})
