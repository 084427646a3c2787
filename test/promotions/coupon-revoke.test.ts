import { describe, expect, it } from 'vitest'
import { promotionsAccess } from '../../src/promotions/access.js'
import { claimCoupon } from '../../src/promotions/claim-coupon.js'
import { closeCoupons } from '../../src/promotions/close-coupons.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import type { CouponState } from '../../src/promotions/coupon-machine.js'
import { issueCoupons } from '../../src/promotions/issue-coupons.js'
import { listCoupons } from '../../src/promotions/list-coupons.js'
import { publishOffers } from '../../src/promotions/publish-offers.js'
import { revokeCoupon } from '../../src/promotions/revoke-coupon.js'
import { revokeCoupons } from '../../src/promotions/revoke-coupons.js'
import { auditLog } from '../../src/shared/audit.schema.js'
import { put } from '../../src/shared/commit.js'
import { eventId, type OutboxEvent, partitionOf } from '../../src/shared/events.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { entries, find } from '../../src/shared/read-plan.js'
import { commitChanges } from '../../src/shared/storage.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'
import { unchecked } from '../support/unchecked.js'
import { couponOffer } from './offers.js'

let keys = 0
const by = (accountId: string) => {
  keys += 1
  return { actor: { kind: 'customer', accountId } as const, key: `k${keys}` }
}
const staff = () => {
  keys += 1
  return { actor: { kind: 'staff', staffId: 's1', roles: [] } as const, key: `k${keys}` } as const
}

const openShop = async (): Promise<TestPorts> => {
  const ports = createTestPorts(await openStorage(), promotionsAccess)
  const benefit = { kind: 'amountOff', offMinor: 1000 } as const
  const campaign = { kind: 'campaign', campaignId: 'double-11' } as const
  const offers = [
    couponOffer('ten', { benefit, issuer: campaign }),
    couponOffer('five', { benefit, issuer: campaign }),
    couponOffer('other', { benefit }),
  ]
  expect((await publishOffers(ports, staff(), { expectedRevision: 0, offers })).isOk()).toBe(true)
  return ports
}

const issue = async (ports: TestPorts, offerId: string, count: number) =>
  (await issueCoupons(ports, staff(), { offerId, count }))._unsafeUnwrap()
const claim = async (ports: TestPorts, accountId: string, code: string) =>
  claimCoupon(ports, by(accountId), { by: 'code', code })

describe('an account that is erased', () => {
  it('loses every coupon it held, be they more than one commit may write', async () => {
    const ports = await openShop()
    const now = ports.clock.now()
    const held = { offerId: 'ten', campaignId: null, batchId: null, code: null, issuedAt: now, holderId: 'ann' }
    const valid = { claimedAt: now, validFrom: now, validTo: now + 1_000, remindAt: null }
    const ids = Array.from({ length: 501 }, (_, place) => `cpn-${place}`)
    const changes = ids.map((couponId, place) =>
      put<CouponState>(coupons, {
        id: couponId,
        version: 0,
        state:
          place === 0
            ? { ...held, ...valid, couponId, status: 'locked', orderId: 'o1', lockedUntil: now, revocation: null }
            : { ...held, ...valid, couponId, status: 'claimed' },
      }),
    )
    expect((await commitChanges(ports.storage, { shop: ports.shop, at: now, changes })).isOk()).toBe(true)
    const erased = { collection: 'account', id: 'ann' }
    const event: OutboxEvent = {
      id: eventId(erased, 1, 0),
      shop: ports.shop,
      collection: erased.collection,
      rowId: erased.id,
      version: 1,
      position: 0,
      partition: partitionOf(erased),
      type: 'AccountErased',
      at: now,
      body: { type: 'AccountErased' },
    }
    // Told twice, as the relay may, nothing is taken back again.
    for (const _ of [1, 2]) expect((await closeCoupons.react(ports, event)).isOk()).toBe(true)
    const plan = { all: find(coupons, { where: [{ field: 'holderId', is: 'eq', value: 'ann' }], limit: 600 }) }
    const read = { shop: ports.shop, scope: { kind: 'all' }, at: now, plan } as const
    const { all } = (await readFacts(ports.storage, read))._unsafeUnwrap()
    expect(all).toHaveLength(501)
    expect(all.filter(({ state, version }) => state.status === 'revoked' && version === 2)).toHaveLength(500)
    expect(all.find(({ id }) => id === 'cpn-0')).toMatchObject({ version: 2, state: { revocation: 'accountClosed' } })
  })
})

describe('taking one coupon back', () => {
  it('ends it for its holder, who sees it as revoked, and notes who did it and why', async () => {
    const ports = await openShop()
    const mine = (await claimCoupon(ports, by('ann'), { by: 'click', offerId: 'ten' }))._unsafeUnwrap()
    const revoked = await revokeCoupon(ports, staff(), { couponId: mine.couponId, reason: 'abuse' })
    expect(revoked._unsafeUnwrap()).toEqual({ couponId: mine.couponId, status: 'revoked' })
    const listed = (await listCoupons(ports, by('ann'), { status: 'revoked', limit: 5 }))._unsafeUnwrap()
    expect(listed.coupons).toMatchObject([{ couponId: mine.couponId, status: 'revoked' }])
    const plan = { log: entries(auditLog, { where: [], limit: 5 }) }
    const facts = await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan })
    expect(facts._unsafeUnwrap().log.map(({ body }) => body)).toMatchObject([
      { actor: 'staff:s1', action: 'promotions.revokeCoupon', subject: mine.couponId, detail: 'abuse' },
    ])
  })

  it('ends a code that nobody has claimed', async () => {
    const ports = await openShop()
    const { coupons } = await issue(ports, 'ten', 1)
    await revokeCoupon(ports, staff(), { couponId: coupons[0]?.couponId ?? '', reason: 'mistake' })
    expect((await claim(ports, 'ann', coupons[0]?.code ?? ''))._unsafeUnwrapErr()).toEqual({
      type: 'CouponCodeUnknown',
    })
  })

  it('knows no coupon that is not there', async () => {
    const ports = await openShop()
    const answer = await revokeCoupon(ports, staff(), { couponId: 'none', reason: 'abuse' })
    expect(answer._unsafeUnwrapErr()).toEqual({ type: 'NotFound', entity: 'coupon', id: 'none' })
  })
})

describe('taking coupons back together', () => {
  it('goes page by page through a batch and leaves every other', async () => {
    const ports = await openShop()
    const batch = await issue(ports, 'ten', 5)
    const other = await issue(ports, 'ten', 1)
    const of = { kind: 'batch', batchId: batch.batchId } as const
    const ask = async (after?: unknown) =>
      (
        await revokeCoupons(
          ports,
          staff(),
          unchecked({
            of,
            reason: 'mistake',
            limit: 2,
            ...(after === undefined ? {} : { after }),
          }),
        )
      )._unsafeUnwrap()
    const first = await ask()
    expect(first).toMatchObject({ revoked: 2, locked: 0 })
    const second = await ask(first.next)
    const third = await ask(second.next)
    expect([second.revoked, third.revoked, third.next]).toEqual([2, 1, null])
    // Begun anew after a stop, it finds nothing that was done before.
    expect(await ask()).toEqual({ revoked: 0, locked: 0, next: null })
    for (const { code } of batch.coupons) {
      expect((await claim(ports, 'ann', code))._unsafeUnwrapErr()).toEqual({ type: 'CouponCodeUnknown' })
    }
    expect((await claim(ports, 'ann', other.coupons[0]?.code ?? '')).isOk()).toBe(true)
  })

  it('takes a campaign through all its offers, claimed or not', async () => {
    const ports = await openShop()
    await issue(ports, 'ten', 2)
    await issue(ports, 'five', 2)
    await claimCoupon(ports, by('ann'), { by: 'click', offerId: 'ten' })
    await claimCoupon(ports, by('ann'), { by: 'click', offerId: 'other' })
    const input = { of: { kind: 'campaign', campaignId: 'double-11' }, reason: 'campaignEnded', limit: 100 } as const
    expect((await revokeCoupons(ports, staff(), input))._unsafeUnwrap()).toEqual({ revoked: 5, locked: 0, next: null })
    const left = (await listCoupons(ports, by('ann'), { status: 'claimed', limit: 5 }))._unsafeUnwrap()
    expect(left.coupons.map(({ offerId }) => offerId)).toEqual(['other'])
  })

  it('against 24 claims at once leaves no coupon both claimed and revoked', async () => {
    const ports = { ...(await openShop()), attempts: 100 }
    const { batchId, coupons } = await issue(ports, 'ten', 24)
    const of = { kind: 'batch', batchId } as const
    const [taken, ...claims] = await Promise.all([
      revokeCoupons(ports, staff(), { of, reason: 'abuse', limit: 200 }),
      ...coupons.map(({ code }, buyer) => claim(ports, `buyer${buyer}`, code)),
    ])
    expect(taken.isOk()).toBe(true)
    for (const answer of claims) {
      if (answer.isErr()) expect(answer.error).toEqual({ type: 'CouponCodeUnknown' })
    }
    for (const [buyer] of coupons.entries()) {
      const mine = (await listCoupons(ports, by(`buyer${buyer}`), { limit: 5 }))._unsafeUnwrap()
      // Claimed first and revoked after, or revoked first and never claimed.
      expect(mine.coupons.map(({ status }) => status)).toEqual(claims[buyer]?.isOk() === true ? ['revoked'] : [])
    }
  })
})
