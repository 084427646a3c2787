import { describe, expect, it } from 'vitest'
import { messages } from '../../src/notify/message.schema.js'
import { promotionsAccess } from '../../src/promotions/access.js'
import { claimCoupon } from '../../src/promotions/claim-coupon.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { newCouponCode } from '../../src/promotions/coupon-code.js'
import { couponSweep } from '../../src/promotions/coupon-sweep.js'
import { grantCoupon } from '../../src/promotions/grant-coupon.js'
import { issueCoupons } from '../../src/promotions/issue-coupons.js'
import { listCoupons, type OwnCoupons } from '../../src/promotions/list-coupons.js'
import { validityOf } from '../../src/promotions/make-coupon.js'
import type { Offer } from '../../src/promotions/offer.js'
import { offerBookId, offerBooks } from '../../src/promotions/offer.schema.js'
import { publishOffers } from '../../src/promotions/publish-offers.js'
import { put } from '../../src/shared/commit.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { find, known, row } from '../../src/shared/read-plan.js'
import { commitChanges } from '../../src/shared/storage.js'
import { agreeToMarketing } from '../support/agree-to-marketing.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'
import { unchecked } from '../support/unchecked.js'
import { couponOffer, offer } from './offers.js'

const day = 86_400_000
const start = 1_790_000_000_000
const benefit = { kind: 'amountOff', offMinor: 1000 } as const

const shop = async (...offers: readonly Offer[]): Promise<TestPorts> => {
  const ports = createTestPorts(await openStorage(), promotionsAccess, start)
  const published = await publishOffers(ports, staff('publish'), { expectedRevision: 0, offers })
  expect(published._unsafeUnwrap()).toEqual({ bookId: 'offers', revision: 1 })
  return ports
}

const staff = (key: string) => ({ actor: { kind: 'staff', staffId: 's1', roles: [] } as const, key })
const customer = (accountId: string, key: string) => ({ actor: { kind: 'customer', accountId } as const, key }) as const

const template = (
  changes: Partial<Offer> = {},
  form: Partial<Extract<Offer['form'], { kind: 'coupon' }>> = {},
): Offer =>
  couponOffer('ten', {
    benefit,
    window: { timeZone: 'Asia/Shanghai', to: start + 30 * day },
    form: { kind: 'coupon', issues: 10, claimsPerCustomer: 1, claimable: true, ...form },
    ...changes,
  })

describe('publishing offers', () => {
  it('replaces the revision that it names, and no other', async () => {
    const ports = await shop(template())
    const next = { expectedRevision: 0, offers: [] }
    expect((await publishOffers(ports, staff('again'), next))._unsafeUnwrapErr()).toEqual({
      type: 'BookChanged',
      bookId: 'offers',
      expectedRevision: 0,
      actualRevision: 1,
    })
    expect((await publishOffers(ports, staff('more'), { ...next, expectedRevision: 1 }))._unsafeUnwrap().revision).toBe(
      2,
    )
  })

  it('sets apart what says nothing of standing together, unless all are to stand together', async () => {
    const ports = await shop()
    const says = template({ offerId: 'says', stacking: { withPromotions: true, stackable: true } })
    const onLine = offer('line', { stage: 'line', benefit: { kind: 'percentOff', offBasisPoints: 1000 } })
    const offers = [offer('one', { benefit }), template(), says, onLine]
    const published = await publishOffers(ports, staff('x'), { expectedRevision: 1, offers })
    expect(published.isOk()).toBe(true)
    const stackings = async () => {
      const plan = { book: row(offerBooks, offerBookId) }
      const read = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: start, plan })
      return read._unsafeUnwrap().book?.state.offers.map(({ stacking }) => stacking)
    }
    expect(await stackings()).toEqual([
      { stackable: false },
      { withPromotions: false },
      { withPromotions: true, stackable: true },
      undefined,
    ])
    await publishOffers(ports, staff('y'), { expectedRevision: 2, offers, stacking: 'together' })
    expect(await stackings()).toEqual([undefined, undefined, { withPromotions: true, stackable: true }, undefined])
  })

  it('is for staff, and refuses what is not an offer or stands twice', async () => {
    const ports = await shop()
    const publish = (offers: readonly unknown[]) =>
      publishOffers(ports, staff('x'), { expectedRevision: 1, offers: unchecked(offers) })
    expect((await publish([template(), template()]))._unsafeUnwrapErr()).toMatchObject({
      type: 'InvalidInput',
      issues: [{ path: 'offers.1.offerId' }],
    })
    expect((await publish([{ offerId: 'x' }]))._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    const denied = await publishOffers(ports, customer('ann', 'x'), { expectedRevision: 1, offers: [] })
    expect(denied._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'promotions.publishOffers' })
  })
})

describe('claiming by click', () => {
  const click = { by: 'click', offerId: 'ten' } as const

  it("puts a coupon into the customer's hands, for its span and never beyond the offer", async () => {
    const ports = await shop(template({}, { validMs: 7 * day }))
    expect((await claimCoupon(ports, customer('ann', 'k1'), click))._unsafeUnwrap()).toMatchObject({
      offerId: 'ten',
      validTo: start + 7 * day,
    })
    ports.setNow(start + 25 * day)
    expect((await claimCoupon(ports, customer('bob', 'k1'), click))._unsafeUnwrap().validTo).toBe(start + 30 * day)
  })

  it('begins the span with the window where a coupon is claimed before it', () => {
    const before = template({ window: { timeZone: 'Asia/Shanghai', from: start + 10 * day, to: start + 30 * day } })
    const form = { kind: 'coupon', issues: 1, claimsPerCustomer: 1, claimable: true, validMs: day } as const
    const held = { validFrom: start + 10 * day, validTo: start + 11 * day }
    expect(validityOf({ ...before, form }, start)).toEqual(held)
    expect(validityOf({ ...before, form }, start + 15 * day).validTo).toBe(start + 16 * day)
    expect(validityOf({ ...before, form: { ...form, validMs: 40 * day } }, start).validTo).toBe(start + 30 * day)
  })

  it('gives each customer as many as the offer says, and the same answer to the same key', async () => {
    const ports = await shop(template({}, { claimsPerCustomer: 2 }))
    const first = (await claimCoupon(ports, customer('ann', 'k1'), click))._unsafeUnwrap()
    expect((await claimCoupon(ports, customer('ann', 'k1'), click))._unsafeUnwrap()).toEqual(first)
    expect((await claimCoupon(ports, customer('ann', 'k2'), click))._unsafeUnwrap().couponId).not.toBe(first.couponId)
    expect((await claimCoupon(ports, customer('ann', 'k3'), click))._unsafeUnwrapErr()).toEqual({
      type: 'ClaimLimitReached',
      offerId: 'ten',
      limit: 2,
    })
  })

  it('is for members of the levels that the offer names, where it names any', async () => {
    const levels = ['gold', 'diamond']
    const ports = await shop(template({ audience: { levels } }))
    const claimedBy = (levelId: string | null, key: string) => {
      const askMemberLevel = () => known({ levelId, relied: [] })
      return claimCoupon({ ...ports, askMemberLevel }, customer('ann', key), click)
    }
    const refused = { type: 'CouponNeedsLevel', offerId: 'ten', levels }
    expect((await claimedBy(null, 'k1'))._unsafeUnwrapErr()).toEqual(refused)
    expect((await claimedBy('silver', 'k2'))._unsafeUnwrapErr()).toEqual(refused)
    expect((await claimCoupon(ports, customer('ann', 'k3'), click))._unsafeUnwrapErr()).toEqual(refused)
    expect((await claimedBy('gold', 'k4'))._unsafeUnwrap()).toMatchObject({ offerId: 'ten' })
  })

  it('gives no more than there are, however many ask at once', async () => {
    const ports = await shop(template({}, { issues: 5 }))
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, buyer) =>
        claimCoupon({ ...ports, attempts: 100 }, customer(`buyer${buyer}`, 'k'), click),
      ),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(5)
    const refusals = answers.flatMap((answer) => (answer.isErr() ? [answer.error] : []))
    expect(refusals.every((error) => error.type === 'CouponsExhausted')).toBe(true)
  })

  it('follows the limits that were published last, for those too who have claimed before', async () => {
    const ports = await shop(template({}, { issues: 1 }))
    expect((await claimCoupon(ports, customer('ann', 'k1'), click)).isOk()).toBe(true)
    expect((await claimCoupon(ports, customer('bob', 'k1'), click))._unsafeUnwrapErr().type).toBe('CouponsExhausted')
    const more = { expectedRevision: 1, offers: [template({}, { issues: 3, claimsPerCustomer: 2 })] }
    expect((await publishOffers(ports, staff('more'), more)).isOk()).toBe(true)
    expect((await claimCoupon(ports, customer('ann', 'k2'), click)).isOk()).toBe(true)
    expect((await claimCoupon(ports, customer('bob', 'k2'), click)).isOk()).toBe(true)
    const fewer = { expectedRevision: 2, offers: [template({}, { issues: 2, claimsPerCustomer: 1 })] }
    expect((await publishOffers(ports, staff('fewer'), fewer)).isOk()).toBe(true)
    expect((await claimCoupon(ports, customer('ann', 'k3'), click))._unsafeUnwrapErr().type).toBe('ClaimLimitReached')
    expect((await claimCoupon(ports, customer('cat', 'k1'), click))._unsafeUnwrapErr()).toEqual({
      type: 'CouponsExhausted',
      offerId: 'ten',
      left: 0,
    })
  })

  it('is refused for what is not to be claimed so', async () => {
    const ports = await shop(
      template({}, { claimable: false }),
      offer('auto', { benefit }),
      couponOffer('over', { benefit, window: { timeZone: 'UTC', to: start } }),
    )
    const refusal = async (offerId: string) =>
      (await claimCoupon(ports, customer('ann', offerId), { by: 'click', offerId }))._unsafeUnwrapErr()
    expect(await refusal('ten')).toEqual({ type: 'CouponNeedsCode', offerId: 'ten' })
    expect(await refusal('auto')).toEqual({ type: 'OfferHasNoCoupons', offerId: 'auto' })
    expect(await refusal('over')).toEqual({ type: 'OfferEnded', offerId: 'over' })
    expect(await refusal('none')).toEqual({ type: 'OfferUnknown', offerId: 'none' })
  })
})

describe('claiming by code', () => {
  it('gives the coupon that the code stands for, to the first who claims it', async () => {
    const ports = await shop(template({}, { claimable: false }))
    const issued = (await issueCoupons(ports, staff('batch'), { offerId: 'ten', count: 3 }))._unsafeUnwrap()
    const [made] = issued.coupons
    const code = made?.code ?? ''
    expect(code).toMatch(/^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/)
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `
    const mine = (await claimCoupon(ports, customer('ann', 'k1'), { by: 'code', code: typed }))._unsafeUnwrap()
    expect(mine.couponId).toBe(made?.couponId)
    expect((await claimCoupon(ports, customer('ann', 'k2'), { by: 'code', code }))._unsafeUnwrap()).toEqual(mine)
    expect((await claimCoupon(ports, customer('bob', 'k1'), { by: 'code', code }))._unsafeUnwrapErr()).toEqual({
      type: 'CouponCodeUnknown',
    })
    const read = readFacts(ports.storage, {
      shop: ports.shop,
      scope: { kind: 'all' },
      at: start,
      plan: { held: row(coupons, mine.couponId) },
    })
    const { version, state } = (await read)._unsafeUnwrap().held!
    if (state.status !== 'claimed') throw new Error('not claimed')
    const used = { ...state, status: 'used', orderId: 'o1', usedAt: start, revocation: null } as const
    const changes = [put(coupons, { id: mine.couponId, version, state: used })]
    expect((await commitChanges(ports.storage, { shop: ports.shop, at: start, changes })).isOk()).toBe(true)
    // Whoever scans the code again is shown the coupon, whatever became of it since; nobody else is.
    expect((await claimCoupon(ports, customer('ann', 'k3'), { by: 'code', code }))._unsafeUnwrap()).toEqual(mine)
    expect((await claimCoupon(ports, customer('bob', 'k4'), { by: 'code', code })).isErr()).toBe(true)
    const unknown = newCouponCode(ports.ids, '')
    expect((await claimCoupon(ports, customer('bob', 'k2'), { by: 'code', code: unknown }))._unsafeUnwrapErr()).toEqual(
      { type: 'CouponCodeUnknown' },
    )
    const mistyped = `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`
    expect(
      (await claimCoupon(ports, customer('bob', 'k3'), { by: 'code', code: mistyped }))._unsafeUnwrapErr(),
    ).toEqual({ type: 'CouponCodeMistyped' })
  })

  it('of one code by many at once has one winner', async () => {
    const ports = await shop(template())
    const issued = (await issueCoupons(ports, staff('batch'), { offerId: 'ten', count: 1 }))._unsafeUnwrap()
    const code = issued.coupons[0]?.code ?? ''
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, buyer) =>
        claimCoupon({ ...ports, attempts: 100 }, customer(`buyer${buyer}`, 'k'), { by: 'code', code }),
      ),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
  })

  it('counts against what one customer may have', async () => {
    const ports = await shop(template())
    const issued = (await issueCoupons(ports, staff('batch'), { offerId: 'ten', count: 2 }))._unsafeUnwrap()
    const answers = await Promise.all(
      issued.coupons.map(({ code }, place) => claimCoupon(ports, customer('ann', `k${place}`), { by: 'code', code })),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
    expect(answers.find((answer) => answer.isErr())?._unsafeUnwrapErr()).toMatchObject({ type: 'ClaimLimitReached' })
  })
})

describe('issuing', () => {
  it('makes no more than the campaign has, all of a batch or none', async () => {
    const ports = await shop(template())
    expect((await issueCoupons(ports, staff('a'), { offerId: 'ten', count: 8 })).isOk()).toBe(true)
    expect((await issueCoupons(ports, staff('b'), { offerId: 'ten', count: 3 }))._unsafeUnwrapErr()).toEqual({
      type: 'CouponsExhausted',
      offerId: 'ten',
      left: 2,
    })
    expect((await issueCoupons(ports, staff('c'), { offerId: 'ten', count: 2 })).isOk()).toBe(true)
  })

  it('tells codes once', async () => {
    const ports = await shop(template())
    const batch = { offerId: 'ten', count: 2 }
    expect((await issueCoupons(ports, staff('a'), batch)).isOk()).toBe(true)
    expect((await issueCoupons(ports, staff('a'), batch))._unsafeUnwrapErr()).toEqual({
      type: 'AlreadyDone',
      command: 'promotions.issueCoupons',
    })
  })

  it('writes no code into an event that customers hear of', async () => {
    const ports = await shop(template())
    const granted = (await grantCoupon(ports, staff('g'), { offerId: 'ten', accountId: 'ann' }))._unsafeUnwrap()
    expect(ports.told.filter((event) => event.rowId === granted.couponId).map((event) => event.type)).toEqual([
      'CouponIssued',
      'CouponClaimed',
    ])
  })
})

describe('a batch', () => {
  it('has a prefix of its own, and grows in turns under one id', async () => {
    const ports = await shop(template())
    const batch = { offerId: 'ten', count: 2, prefix: 'SALE11' }
    const first = (await issueCoupons(ports, staff('a'), batch))._unsafeUnwrap()
    const second = (
      await issueCoupons(ports, staff('b'), { ...batch, batchId: first.batchId, count: 1 })
    )._unsafeUnwrap()
    expect(second.batchId).toBe(first.batchId)
    const codes = [...first.coupons, ...second.coupons].map(({ code }) => code)
    expect(new Set(codes).size).toBe(3)
    for (const code of codes) expect(code).toMatch(/^SALE11(-[2-9A-HJKMNP-Z]{4}){4}$/)
    const claimed = await claimCoupon(ports, customer('ann', 'k'), { by: 'code', code: codes[2] ?? '' })
    expect(claimed._unsafeUnwrap().couponId).toBe(second.coupons[0]?.couponId)
  })

  it('of a merchant is of its own offers only', async () => {
    const merchant = (key: string) => ({ actor: { kind: 'merchant', merchantId: 'm1' } as const, key })
    const own = { ...template(), offerId: 'own', issuer: { kind: 'merchant', merchantId: 'm1' } as const }
    const ports = await shop(template(), own)
    await agreeToMarketing(ports, 'ann')
    expect((await issueCoupons(ports, merchant('a'), { offerId: 'own', count: 1 })).isOk()).toBe(true)
    expect((await grantCoupon(ports, merchant('b'), { offerId: 'own', accountId: 'ann' })).isOk()).toBe(true)
    // The customer has agreed to hear of such things, and does.
    const told = readFacts(ports.storage, {
      shop: ports.shop,
      scope: { kind: 'all' },
      at: start,
      plan: { told: find(messages, { where: [{ field: 'accountId', is: 'eq', value: 'ann' }], limit: 9 }) },
    })
    expect((await told)._unsafeUnwrap().told.map(({ state }) => state)).toMatchObject([
      { template: 'couponGiven', channel: 'email' },
    ])
    const refused = { type: 'OfferUnknown', offerId: 'ten' }
    expect((await issueCoupons(ports, merchant('c'), { offerId: 'ten', count: 1 }))._unsafeUnwrapErr()).toEqual(refused)
    const granted = await grantCoupon(ports, merchant('d'), { offerId: 'ten', accountId: 'ann' })
    expect(granted._unsafeUnwrapErr()).toEqual(refused)
    // Nor does it add to a batch of another offer, which is taken back as one.
    const { batchId } = (await issueCoupons(ports, staff('e'), { offerId: 'ten', count: 1 }))._unsafeUnwrap()
    expect(
      (await issueCoupons(ports, merchant('f'), { offerId: 'own', count: 1, batchId }))._unsafeUnwrapErr(),
    ).toEqual({ type: 'BatchOfOtherOffer', batchId })
  })
})

describe("one's coupons", () => {
  it("are listed the newest first, page by page, with what they give, and nobody else's", async () => {
    const ports = await shop(template({}, { claimsPerCustomer: 3 }))
    const ids: string[] = []
    for (const key of ['k1', 'k2', 'k3']) {
      ports.setNow(start + ids.length * 1000)
      ids.push(
        (await claimCoupon(ports, customer('ann', key), { by: 'click', offerId: 'ten' }))._unsafeUnwrap().couponId,
      )
    }
    const first = (await listCoupons(ports, customer('ann', ''), { limit: 2 }))._unsafeUnwrap()
    expect(first.coupons.map((each) => each.couponId)).toEqual([ids[2], ids[1]])
    expect(first.coupons[0]).toMatchObject({ status: 'claimed', offer: { offerId: 'ten', benefit } })
    expect(first.coupons[0]?.rules?.['zh-CN'].slice(0, 3).map(({ label, text }) => `${label}：${text}`)).toEqual([
      '优惠：减¥10.00',
      '对象：所有顾客',
      '商品：全部商品',
    ])
    expect(first.coupons[0]?.rules?.en.at(-1)?.text).toBe('Coupons in all: 10, 3 for each customer')
    const second = (
      await listCoupons(ports, customer('ann', ''), { limit: 2, after: unchecked(first.next) })
    )._unsafeUnwrap()
    expect(second.coupons.map((each) => each.couponId)).toEqual([ids[0]])
    expect(second.next).toBeNull()
    expect((await listCoupons(ports, customer('bob', ''), { limit: 2 }))._unsafeUnwrap().coupons).toEqual([])
  })

  it('are asked for by the status that they show, before a sweep and after', async () => {
    const ports = await shop(template({}, { claimsPerCustomer: 9 }), template({ offerId: 'short' }, { validMs: day }))
    const claim = async (offerId: string, key: string) =>
      (await claimCoupon(ports, customer('ann', key), { by: 'click', offerId }))._unsafeUnwrap().couponId
    const over = await claim('short', 'k0')
    const ids: string[] = []
    for (const place of [1, 2, 3]) {
      ports.setNow(start + place * 1000)
      ids.unshift(await claim('ten', `k${place}`))
    }
    const of = async (status: 'claimed' | 'expired', limit = 9, after?: OwnCoupons['next']) => {
      const input = { status, limit, ...(after ? { after } : {}) }
      const { coupons: page, next } = (await listCoupons(ports, customer('ann', ''), input))._unsafeUnwrap()
      expect(page.every((each) => each.status === status)).toBe(true)
      return { ids: page.map(({ couponId }) => couponId), next }
    }
    expect((await of('claimed')).ids).toEqual([...ids, over])
    expect((await of('expired')).ids).toEqual([])
    ports.setNow(start + day)
    expect((await of('claimed')).ids).toEqual(ids)
    expect((await of('expired')).ids).toEqual([over])
    expect((await couponSweep(ports, { limit: 10 }))._unsafeUnwrap().done).toBe(1)
    expect((await of('expired')).ids).toEqual([over])
    // Of what is swept and what is not yet, one list, page by page.
    ports.setNow(start + 30 * day)
    const first = await of('expired', 2)
    expect(first.ids).toEqual(ids.slice(0, 2))
    const second = await of('expired', 2, first.next)
    expect(second).toEqual({ ids: [ids[2], over], next: null })
  })

  it('show as expired when their time is over, and are swept then', async () => {
    const ports = await shop(template({}, { validMs: day }))
    await claimCoupon(ports, customer('ann', 'k1'), { by: 'click', offerId: 'ten' })
    await issueCoupons(ports, staff('batch'), { offerId: 'ten', count: 2 })
    ports.setNow(start + day)
    expect((await listCoupons(ports, customer('ann', ''), { limit: 2 }))._unsafeUnwrap().coupons[0]?.status).toBe(
      'expired',
    )
    expect((await couponSweep(ports, { limit: 10 }))._unsafeUnwrap()).toEqual({ done: 1, failed: [] })
    expect((await couponSweep(ports, { limit: 10 }))._unsafeUnwrap()).toEqual({ done: 0, failed: [] })
    ports.setNow(start + 30 * day)
    expect((await couponSweep(ports, { limit: 1 }))._unsafeUnwrap().done).toBe(1)
    expect((await couponSweep(ports, { limit: 10 }))._unsafeUnwrap().done).toBe(1)
  })
})
