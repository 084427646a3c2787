import { describe, expect, it } from 'vitest'
import { messages } from '../../src/notify/message.schema.js'
import { promotionsAccess } from '../../src/promotions/access.js'
import { claimCoupon } from '../../src/promotions/claim-coupon.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { type CouponState, couponMachine } from '../../src/promotions/coupon-machine.js'
import { publishOffers } from '../../src/promotions/publish-offers.js'
import { remindOfCoupons } from '../../src/promotions/remind-of-coupons.js'
import { put } from '../../src/shared/commit.js'
import { decideNext } from '../../src/shared/decider.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { find } from '../../src/shared/read-plan.js'
import { commitChanges } from '../../src/shared/storage.js'
import { agreeToMarketing } from '../support/agree-to-marketing.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'
import { couponOffer } from './offers.js'

const day = 86_400_000
const start = 1_790_000_000_000

const open = async (): Promise<TestPorts> => {
  const ports = createTestPorts(await openStorage(), promotionsAccess, start)
  const benefit = { kind: 'amountOff', offMinor: 1000 } as const
  const form = { kind: 'coupon', issues: 9, claimsPerCustomer: 1, claimable: true } as const
  const offers = [
    couponOffer('month', { benefit, form: { ...form, validMs: 30 * day } }),
    couponOffer('day', { benefit, form: { ...form, validMs: day } }),
  ]
  const actor = { kind: 'staff', staffId: 's', roles: [] } as const
  expect((await publishOffers(ports, { actor, key: 'p' }, { expectedRevision: 0, offers })).isOk()).toBe(true)
  for (const offerId of ['month', 'day']) {
    const ann = { actor: { kind: 'customer', accountId: 'ann' } as const, key: offerId }
    expect((await claimCoupon(ports, ann, { by: 'click', offerId })).isOk()).toBe(true)
  }
  await agreeToMarketing(ports, 'ann')
  return ports
}

const told = async (ports: TestPorts) => {
  const plan = { found: find(messages, { where: [], limit: 9 }) }
  const facts = await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan })
  return facts._unsafeUnwrap().found.map(({ state }) => [state.template, state.accountId, state.facts.until])
}
const remind = async (ports: TestPorts, at: number, limit = 10) => {
  ports.setNow(at)
  return (await remindOfCoupons(ports, { limit }))._unsafeUnwrap()
}

describe('reminding of coupons that will end', () => {
  it('comes three days before, or in the last quarter of a short time, once', async () => {
    const ports = await open()
    expect(await remind(ports, start + 0.75 * day - 1)).toEqual({ done: 0, failed: [] })
    expect(await remind(ports, start + 0.75 * day)).toEqual({ done: 1, failed: [] })
    expect(await told(ports)).toEqual([['couponEnding', 'ann', { at: start + day }]])
    expect(await remind(ports, start + 27 * day - 1)).toEqual({ done: 0, failed: [] })
    expect(await remind(ports, start + 27 * day)).toEqual({ done: 1, failed: [] })
    expect(await remind(ports, start + 28 * day)).toEqual({ done: 0, failed: [] })
    expect(await told(ports)).toHaveLength(2)
  })

  it('is no failure where one comes back of which was told', async () => {
    const ports = await open()
    expect(await remind(ports, start + 27 * day)).toEqual({ done: 1, failed: [] })
    const plan = { found: find(coupons, { where: [{ field: 'offerId', is: 'eq', value: 'month' }], limit: 1 }) }
    const asked = { shop: 'main', scope: { kind: 'all' }, at: 0, plan } as const
    const [coupon] = (await readFacts(ports.storage, asked))._unsafeUnwrap().found
    if (coupon === undefined) throw new Error('no coupon')
    const now = ports.clock.now()
    const used = [
      { type: 'LockCoupon', orderId: 'o1', lockedUntil: now, now },
      { type: 'UseCoupon', orderId: 'o1', now },
      { type: 'ReturnCoupon', orderId: 'o1', graceTo: null, now },
    ] as const
    const state = used.reduce<CouponState>(
      (before, command) => decideNext(couponMachine, before, command)._unsafeUnwrap().state,
      coupon.state,
    )
    const changes = [put<CouponState>(coupons, { id: coupon.id, version: coupon.version, state })]
    expect((await commitChanges(ports.storage, { shop: 'main', at: now, changes })).isOk()).toBe(true)
    expect(await remind(ports, start + 29.9 * day)).toEqual({ done: 0, failed: [] })
    expect(await told(ports)).toHaveLength(1)
  })

  it('says nothing of what has ended', async () => {
    const ports = await open()
    expect(await remind(ports, start + 40 * day)).toEqual({ done: 0, failed: [] })
  })

  it('by 8 machines at once writes one message', async () => {
    const ports = await open()
    ports.setNow(start + 0.8 * day)
    const reports = await Promise.all(Array.from({ length: 8 }, () => remindOfCoupons(ports, { limit: 10 })))
    expect(reports.map((report) => report._unsafeUnwrap().done).reduce((sum, done) => sum + done)).toBe(1)
    expect(await told(ports)).toHaveLength(1)
  })
})
