import type { Result } from 'neverthrow'
import {
  type Actor,
  auditLog,
  type DataExportPage,
  type ExportCursor,
  entries,
  find,
  type PrivacyAsker,
  type PrivacyRequestKind,
  readFacts,
  subjectKeys,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { buyKettles, deliverAll, openStall, type Stall } from '../support/open-stall.js'
import { must } from './open-shop.js'
import { by, type Customer, clerk, join, password, recipient } from './world.js'

const officer: Actor = { kind: 'staff', staffId: 'mei', roles: ['privacy'], purpose: 'letter 12' }

const tag = (result: Result<unknown, { readonly type: string }>): string =>
  result.match(
    () => 'ok',
    ({ type }) => type,
  )

/** Somebody whom the shop has banned for good, so that they cannot sign in. */
const openBanned = async (): Promise<{ stall: Stall; ann: Customer }> => {
  const stall = await openStall([])
  const ann = await join(stall, 'canary.ann@example.com', '金丝雀安妮')
  must(await stall.shop.accounts.ban(by(clerk), { accountId: ann.accountId, reason: 'fraud', until: null }))
  return { stall, ann }
}

const takeIn = async (
  { shop }: Stall,
  accountId: string,
  kind: PrivacyRequestKind,
  askedBy: PrivacyAsker = 'person',
): Promise<{ requestId: string; accountId: string }> => {
  const onBehalf = { accountId, askedBy }
  const { requestId } = must(await shop.accounts.requestPrivacy(by(officer), { kind, onBehalf }))
  return { requestId, accountId }
}

const auditOf = async ({ ports, now }: Stall) => {
  const plan = { log: entries(auditLog, { where: [], limit: 500 }) }
  const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  return facts.log.map(({ body: { digest: _, ...said } }) => said)
}

describe('the rights of whoever cannot sign in', () => {
  it('are asked for at the shop: the request has a number and a day, who turned to it, and the account is told', async () => {
    const { stall, ann } = await openBanned()
    const { shop, mailbox } = stall
    expect(tag(await shop.accounts.signIn(by(ann.actor), { identifier: ann.email, password }))).toBe('SignInRefused')
    const onBehalf = { accountId: ann.accountId, askedBy: 'guardian' } as const
    const taken = must(await shop.accounts.requestPrivacy(by(officer), { kind: 'access', onBehalf }))
    expect(taken.number).toMatch(/^P\d{8}-\d{8}$/)
    expect(taken.dueAt).toBe(stall.now() + 15 * 86_400_000)
    const listed = must(await shop.accounts.privacyRequests({ actor: officer }, { status: 'open' }))
    expect(listed.requests).toMatchObject([{ number: taken.number, askedBy: 'guardian', accountId: ann.accountId }])
    expect(await auditOf(stall)).toContainEqual({
      actor: 'staff:mei',
      action: 'accounts.privacyRequests',
      subject: 'privacyRequests',
      at: stall.now(),
      outcome: 'done',
      purpose: 'letter 12',
    })
    must(await shop.upkeep.sendMessages({ limit: 100 }))
    expect(mailbox.at(-1)).toMatchObject({ to: ann.email, text: expect.stringContaining(taken.number) })
    expect(await auditOf(stall)).toContainEqual(
      expect.objectContaining({
        actor: 'staff:mei',
        action: 'accounts.requestPrivacy',
        subject: ann.accountId,
        purpose: 'letter 12',
      }),
    )
  })

  it('are nobody’s to use without the role, a purpose, or a request of the kind about that very person', async () => {
    const { stall, ann } = await openBanned()
    const { shop } = stall
    const bob = await join(stall, 'bob@example.com', 'Bob')
    const onBehalf = { accountId: ann.accountId, askedBy: 'nextOfKin' } as const
    const without: Actor = { ...officer, roles: ['care'] }
    const silent: Actor = { kind: 'staff', staffId: 'mei', roles: ['privacy'] }
    expect(tag(await shop.accounts.requestPrivacy(by(without), { kind: 'access', onBehalf }))).toBe('Denied')
    expect(tag(await shop.accounts.requestPrivacy(by(silent), { kind: 'access', onBehalf }))).toBe('PurposeMissing')
    expect(tag(await shop.accounts.requestPrivacy(by(officer), { kind: 'access' }))).toBe('InvalidInput')
    // Nobody asks about somebody else in an account of their own.
    expect(tag(await shop.accounts.requestPrivacy(by(bob.actor), { kind: 'access', onBehalf }))).toBe('NotFound')

    const access = await takeIn(stall, ann.accountId, 'access')
    const correction = await takeIn(stall, ann.accountId, 'correction')
    const about = async (actor: Actor, onRequest: { requestId: string; accountId: string }) => [
      tag(await shop.accounts.exportData({ actor }, { onRequest })),
      tag(await shop.accounts.correctProfile(by(actor), { name: 'x', onRequest })),
      tag(await shop.accounts.erasurePlan({ actor }, { onRequest })),
      tag(await shop.accounts.erase(by(actor), { onRequest: { ...onRequest, confirmation: 'seen' } })),
    ]
    const none = ['NotFound', 'NotFound', 'NotFound', 'NotFound']
    expect(await about(officer, access)).toEqual(['ok', 'NotFound', 'NotFound', 'NotFound'])
    expect(await about(officer, { ...correction, accountId: bob.accountId })).toEqual(none)
    expect(await about(bob.actor, { ...access, accountId: bob.accountId })).toEqual(none)
    expect(await about(silent, access)).toEqual([
      'PurposeMissing',
      'PurposeMissing',
      'PurposeMissing',
      'PurposeMissing',
    ])
    expect(await about(without, access)).toEqual(['Denied', 'Denied', 'Denied', 'Denied'])
    expect(tag(await shop.accounts.exportData({ actor: officer }, {}))).toBe('NotFound')
    must(await shop.accounts.answerPrivacyRequest(by(officer), { ...pick(access), outcome: { kind: 'done' } }))
    expect(await about(officer, access)).toEqual(none)
  })

  it('are a copy of everything that is kept but the secrets of the shop, each page noted with its purpose', async () => {
    const { stall, ann } = await openBanned()
    const onRequest = await takeIn(stall, ann.accountId, 'access')
    const pages: DataExportPage[] = []
    for (let after: ExportCursor | undefined; ; ) {
      const input = after === undefined ? { onRequest } : { onRequest, after }
      const page = must(await stall.shop.accounts.exportData({ actor: officer }, input))
      pages.push(page)
      if (page.next === null) break
      after = page.next
    }
    const text = JSON.stringify(pages)
    expect(text).toContain('金丝雀安妮')
    expect(text).toContain(ann.email)
    expect(text).not.toMatch(/"(phc|tokenDigest|codeDigest|nonce)"/)
    const looks = (await auditOf(stall)).filter(({ action }) => action === 'accounts.exportData')
    expect(looks).toHaveLength(pages.length)
    expect(looks[0]).toMatchObject({
      actor: 'staff:mei',
      subject: ann.accountId,
      purpose: 'letter 12',
      outcome: 'done',
    })
  })

  it('are a correction, of somebody banned too', async () => {
    const { stall, ann } = await openBanned()
    const onRequest = await takeIn(stall, ann.accountId, 'correction')
    must(await stall.shop.accounts.correctProfile(by(officer), { name: '安娜', onRequest }))
    const shown = must(await stall.shop.accounts.customer({ actor: officer }, { accountId: ann.accountId }))
    expect(shown).toMatchObject({ name: '安娜', status: 'banned' })
  })

  it('are an erasure, by whoever has seen what it does, under the number of the request', async () => {
    const { stall, ann } = await openBanned()
    const { shop, ports, now } = stall
    const onRequest = await takeIn(stall, ann.accountId, 'erasure', 'nextOfKin')
    const other = await takeIn(stall, ann.accountId, 'objection')
    const unseen = { onRequest: { ...onRequest, confirmation: 'not seen' } }
    expect(tag(await shop.accounts.erase(by(officer), unseen))).toBe('PlanChanged')
    const { confirmation, verdicts } = must(await shop.accounts.erasurePlan({ actor: officer }, { onRequest }))
    const erased = must(await shop.accounts.erase(by(officer), { onRequest: { ...onRequest, confirmation } }))
    expect(erased.verdicts).toEqual(verdicts)
    await deliverAll(stall)
    const { requests } = must(await shop.accounts.privacyRequests({ actor: officer }, {}))
    expect(requests.map(({ requestId, status }) => [requestId, status]).sort()).toEqual(
      [
        [onRequest.requestId, 'done'],
        [other.requestId, 'done'],
      ].sort(),
    )
    expect(requests.find(({ requestId }) => requestId === onRequest.requestId)).toMatchObject({
      number: erased.number,
      verdicts,
      askedBy: 'nextOfKin',
    })
    const plan = { keys: find(subjectKeys, { where: [], limit: 100 }) }
    const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
    expect(facts.keys.map(({ id }) => id)).not.toContain(ann.accountId)
    expect(await auditOf(stall)).toContainEqual(
      expect.objectContaining({
        actor: 'staff:mei',
        action: 'accounts.erase',
        subject: ann.accountId,
        outcome: 'done',
        detail: onRequest.requestId,
        purpose: 'letter 12',
      }),
    )
  })
})

describe('a plan of an erasure', () => {
  it('says of nothing that a law keeps it where nothing is kept, and until when of what is', async () => {
    const stall = await openStall([])
    const { shop, pass } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const fresh = must(await shop.accounts.erasurePlan({ actor: ann.actor }, {}))
    expect(fresh.verdicts.filter(({ verdict }) => verdict === 'restrict')).toEqual([])
    expect(fresh.verdicts.filter(({ until }) => until !== undefined)).toEqual([])
    expect(fresh.verdicts).toContainEqual({ record: 'order', verdict: 'none' })
    const order = await buyKettles(stall, ann.actor, 1)
    const sent = { orderId: order.orderId, carrier: 'sf', trackingNumber: 'SF1' }
    const { parcelId } = must(await shop.orders.ship(by(clerk), sent))
    must(await shop.orders.recordDelivery(by(clerk), { parcelId }))
    pass(30 * 86_400_000)
    must(await shop.upkeep.advanceOrders({}))
    const bought = must(await shop.accounts.erasurePlan({ actor: ann.actor }, {}))
    expect(bought.verdicts.find(({ record }) => record === 'order')).toEqual({
      record: 'order',
      verdict: 'restrict',
      law: 'E-Commerce Law 31',
      until: bought.held?.until,
    })
    expect(bought.held?.until).toBeGreaterThan(stall.now())
    expect(recipient.name).not.toBe('')
  })
})

describe('requests of one kind at the same moment', () => {
  it('are one that is open, whoever asks: the others are told its number', async () => {
    const stall = await openStall([])
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const ask = () => stall.shop.accounts.requestPrivacy(by(ann.actor), { kind: 'objection' })
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(Array.from({ length: 8 }, ask))
      expect(answers.map(tag).sort()).toEqual([...Array(7).fill('PrivacyRequestOpen'), 'ok'])
      const { requests } = must(await stall.shop.accounts.privacyRequests({ actor: ann.actor }, { status: 'open' }))
      expect(requests).toHaveLength(1)
      const [one] = requests
      const outcome = { kind: 'refused', reason: 'othersHarmed' } as const
      must(await stall.shop.accounts.answerPrivacyRequest(by(clerk), { requestId: one?.requestId ?? '', outcome }))
    }
  })

  it('are all answered by an erasure of one’s own, and none stays open', async () => {
    const stall = await openStall([])
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const asked = must(await stall.shop.accounts.requestPrivacy(by(ann.actor), { kind: 'erasure' }))
    must(await stall.shop.accounts.requestPrivacy(by(ann.actor), { kind: 'transfer' }))
    const erased = must(await stall.shop.accounts.erase(by(ann.actor), { password }))
    expect(erased.number).toBe(asked.number)
    expect(must(await stall.shop.accounts.privacyRequests({ actor: clerk }, { status: 'open' })).requests).toEqual([])
    const { requests } = must(await stall.shop.accounts.privacyRequests({ actor: clerk }, {}))
    expect(requests.map(({ kind, status }) => [kind, status]).sort()).toEqual([
      ['erasure', 'done'],
      ['transfer', 'done'],
    ])
  })
})

const pick = ({ requestId }: { readonly requestId: string }) => ({ requestId })
