import {
  accountsPersonalData,
  actorOf,
  claims,
  commitChanges,
  consentLog,
  createRecipientBook,
  type DataExportPage,
  type ExportCursor,
  entries,
  eraseAccount,
  exportData,
  exportPages,
  find,
  findUnregistered,
  type Json,
  messagePreferences,
  messages,
  myAccount,
  notifyPersonalData,
  queueMessage,
  readFacts,
  requestReset,
  resetPassword,
  row,
  setConsent,
  signIn,
  subjectKeys,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import { customer, goodPassword, guest, must, openAccounts, otherPassword, tagOf } from './open-accounts.js'

const email = 'canary.person@example.com'
const name = '金丝雀·王'
const scope = { kind: 'all' } as const

describe('what is kept of a person', () => {
  it('holds no secret and nothing personal in readable form: states, events, claims, audit and messages', async () => {
    const shop = await openAccounts({ policy: { code: { ...(await defaultCode()), digits: 11 } } })
    const accountId = await shop.join(email, goodPassword, name)
    const activation = shop.mailbox[0]?.text ?? ''
    const session = await shop.enter(email)
    await signIn(shop.ports, shop.as(guest), { identifier: email, password: 'Wrong-canary-7' })
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
    must(await setConsent(shop.ports, shop.as(customer(accountId)), consent('given')))
    await shop.enter(email, otherPassword)
    await shop.deliver()
    const codes = [/\d{11}/.exec(activation)?.[0] ?? '', code]
    const canaries = {
      email,
      local: 'canary.person',
      name,
      goodPassword,
      otherPassword,
      wrong: 'Wrong-canary-7',
      token: session.token.split('.')[1] ?? '',
      firstCode: codes[0] ?? '',
      secondCode: codes[1] ?? '',
    }
    // The test hasher keeps the password reversed, as a slow hash would keep it unreadable.
    const everything = shop.stored.join('\n')
    for (const [what, canary] of Object.entries(canaries)) {
      expect(canary.length, what).toBeGreaterThan(4)
      expect(everything.includes(canary), what).toBe(false)
    }
    const kept = await allRows(shop.ports)
    expect(kept.filter(({ collection }) => collection === 'message').length).toBeGreaterThan(2)
    expect(JSON.stringify(kept.filter(({ collection }) => collection === 'message'))).not.toContain('sealed')
  })

  it('is registered with its purpose wherever it is sealed', async () => {
    const shop = await openAccounts()
    await shop.join(email, goodPassword, name)
    must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const kept = await allRows(shop.ports)
    const catalogue = [...accountsPersonalData, ...notifyPersonalData]
    expect(findUnregistered(catalogue, kept)).toEqual([])
    expect(findUnregistered([], kept)).toEqual(
      expect.arrayContaining([
        { collection: 'account', path: 'identifiers.email.value' },
        { collection: 'account', path: 'name' },
        { collection: 'message', path: 'secret' },
      ]),
    )
  })

  it('is shown to the person alone', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email, goodPassword, name)
    expect(must(await myAccount(shop.ports, { actor: customer(accountId) }, {}))).toEqual({
      accountId,
      email,
      name,
      locale: 'en',
      registeredAt: shop.now(),
      activatedAt: shop.now(),
      identities: [],
      passkeys: [],
      marketing: [],
      consents: [],
    })
    const stranger = await myAccount(shop.ports, { actor: customer('account_other') }, {})
    expect(stranger.isErr() && stranger.error).toEqual({ type: 'NotFound', entity: 'account', id: 'account_other' })
    expect(tagOf(await myAccount(shop.ports, { actor: guest }, {}))).toBe('Denied')
  })
})

describe('an export', () => {
  it('goes on from a row whose id is as long as any', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const actor = await shop.actor(email)
    const at = shop.now()
    const long = (index: number) => `${'x'.repeat(500 - accountId.length)}${index}`
    const changes = Array.from({ length: 205 }, (_, index) =>
      queueMessage({ cause: long(100 + index), accountId, template: 'alreadyRegistered', at }),
    )
    must(await commitChanges(shop.ports.storage, { shop: 'main', at, changes }))
    const ids: string[] = []
    const pages = exportPages<DataExportPage, ExportCursor, { readonly type: string }>(
      (after) => exportData(shop.ports, { actor }, after === undefined ? {} : { after }),
      ({ record, rows }) => {
        if (record === messages.name) ids.push(...rows.map(({ id }) => id))
        return ''
      },
    )
    for await (const page of pages) expect(tagOf(page)).toBe('ok')
    expect(Math.max(...ids.map(({ length }) => length))).toBeGreaterThan(500)
    // The code that it was activated by, and that this is given, are messages too.
    expect(new Set(ids).size).toBe(207)
    expect(ids).toHaveLength(207)
  })
})

describe('erasing an account', () => {
  it('destroys its key, frees its address, ends its sessions, and leaves what others keep without a name', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email, goodPassword, name)
    const { token } = await shop.enter(email)
    must(await setConsent(shop.ports, shop.as(customer(accountId)), consent('given')))
    const note = { cause: 'order_1:shipped', accountId, template: 'orderShipped', at: shop.now() } as const
    must(await commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes: [queueMessage(note)] }))
    const erased = must(await eraseAccount(shop.ports, shop.as(customer(accountId)), { password: goodPassword }))
    expect(erased).toMatchObject({ accountId, erasedAt: shop.now() })
    expect(erased.number).toMatch(/^P2026\d{4}-\d{8}$/)
    expect(tagOf(await actorOf(shop.ports, token))).toBe('SessionRefused')
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    const plan = {
      key: row(subjectKeys, accountId),
      preference: row(messagePreferences, accountId),
      identifiers: claims('identifier', [await shop.ports.digests.digest('identifier', `email:${email}`).unwrapOr('')]),
      ledger: entries(consentLog, { where: [], limit: 10 }),
    }
    const facts = must(await readFacts(shop.ports.storage, { shop: 'main', scope, at: shop.now(), plan }))
    expect([facts.key, facts.preference, facts.identifiers.size]).toEqual([undefined, undefined, 0])
    expect(facts.ledger.map(({ body }) => body)).toMatchObject([{ accountId, decision: 'given' }])
    expect(must(await createRecipientBook(shop.ports).find(accountId, 'email'))).toBeUndefined()
    expect(await shop.deliver()).toMatchObject({ sent: 0, suppressed: 1 })
    expect(await shop.join(email, otherPassword)).not.toBe(accountId)
  })

  it('takes the password, and every wrong one counts as a failed sign-in', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    for (let index = 0; index < 5; index += 1) {
      const answer = await eraseAccount(shop.ports, shop.as(customer(accountId)), { password: `wrong-${index}` })
      expect(tagOf(answer)).toBe('PasswordNotProven')
    }
    const right = { password: goodPassword }
    expect(tagOf(await eraseAccount(shop.ports, shop.as(customer(accountId)), right))).toBe('PasswordNotProven')
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword }))).toBe(
      'SignInRefused',
    )
  })

  it('of an account that is not there is NotFound', async () => {
    const shop = await openAccounts()
    const answer = await eraseAccount(shop.ports, shop.as(customer('account_none')), { password: goodPassword })
    expect(answer.isErr() && answer.error).toEqual({ type: 'NotFound', entity: 'account', id: 'account_none' })
  })
})

describe('consent to marketing', () => {
  it('is off unless given, kept in a ledger, and followed by the next message', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    let offers = 0
    const announce = async () => {
      offers += 1
      const offer = {
        cause: `offer-${offers}`,
        accountId,
        template: 'offerAnnounced',
        facts: { title: { en: 'Tea week', 'zh-CN': '茶叶周' }, until: { at: shop.now() } },
        at: shop.now(),
      } as const
      must(await commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes: [queueMessage(offer)] }))
      const { sent, suppressed } = await shop.deliver()
      return { sent, suppressed }
    }
    expect(await announce()).toEqual({ sent: 0, suppressed: 1 })
    must(await setConsent(shop.ports, shop.as(customer(accountId)), consent('given')))
    expect(await announce()).toEqual({ sent: 1, suppressed: 0 })
    shop.pass(1)
    must(await setConsent(shop.ports, shop.as(customer(accountId)), consent('withdrawn')))
    expect(await announce()).toEqual({ sent: 0, suppressed: 1 })
    expect(must(await myAccount(shop.ports, { actor: customer(accountId) }, {}))).toMatchObject({
      identities: [],
      passkeys: [],
      marketing: [],
      consents: [
        {
          decision: 'withdrawn',
          channels: ['email', 'inApp', 'sms', 'push'],
          noticeVersion: '2026-11',
          at: shop.now(),
        },
        { decision: 'given', channels: ['email', 'inApp'], noticeVersion: '2026-11', at: shop.now() - 1 },
      ],
    })
  })

  it('is given and withdrawn channel by channel', async () => {
    const shop = await openAccounts()
    const me = customer(await shop.join(email))
    const set = async (decision: 'given' | 'withdrawn', channels?: readonly string[]) => {
      const asked = channels === undefined ? consent(decision) : ({ ...consent(decision), channels } as const)
      return must(await setConsent(shop.ports, shop.as(me), unchecked(asked))).marketing
    }
    expect(await set('given', ['sms'])).toEqual(['sms'])
    expect(await set('given')).toEqual(['email', 'inApp', 'sms'])
    expect(await set('withdrawn', ['sms', 'email'])).toEqual(['inApp'])
    expect(await set('withdrawn')).toEqual([])
  })

  it('is nobody else’s to give', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    expect(tagOf(await setConsent(shop.ports, shop.as(customer('account_other')), consent('given')))).toBe('NotFound')
    expect(tagOf(await setConsent(shop.ports, shop.as(guest), consent('given')))).toBe('Denied')
  })
})

const consent = (decision: 'given' | 'withdrawn') =>
  ({ purpose: 'marketing', decision, noticeVersion: '2026-11' }) as const

const defaultCode = async () => (await import('shopwright')).defaultAccountsPolicy.code

const allRows = async (ports: Awaited<ReturnType<typeof openAccounts>>['ports']) => {
  const { accounts, challenges, credentials, sessions, signInGuards } = await import('shopwright')
  const found: { collection: string; state: Json }[] = []
  for (const collection of [
    accounts,
    challenges,
    credentials,
    sessions,
    signInGuards,
    messages,
    messagePreferences,
    subjectKeys,
  ]) {
    const plan = { rows: find<unknown>(collection, { where: [], limit: 1_000 }) }
    const facts = must(await readFacts(ports.storage, { shop: 'main', scope, at: 0, plan }))
    found.push(...facts.rows.map(({ state }) => ({ collection: collection.name, state: state as Json })))
  }
  return found
}
