import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../adapters/runtime/index.js'
import { promotionsAccess } from '../../src/promotions/access.js'
import { claimCoupon } from '../../src/promotions/claim-coupon.js'
import { issueCoupons } from '../../src/promotions/issue-coupons.js'
import { publishOffers } from '../../src/promotions/publish-offers.js'
import { createTestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'
import { couponOffer } from './offers.js'

const staff = (key: string) => ({ actor: { kind: 'staff', staffId: 's1', roles: [] } as const, key })

const openWithCoupon = async (shopName = 'main') => {
  const ports = {
    ...createTestPorts(await openStorage(), promotionsAccess),
    shop: shopName,
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
  }
  const offers = [couponOffer('ten', { benefit: { kind: 'amountOff', offMinor: 1000 } })]
  expect((await publishOffers(ports, staff('publish'), { expectedRevision: 0, offers })).isOk()).toBe(true)
  const issued = (await issueCoupons(ports, staff('issue'), { offerId: 'ten', count: 1, prefix: 'QR' }))._unsafeUnwrap()
  const [coupon] = issued.coupons
  let keys = 0
  const scan = (content: string, accountId = 'ann') => {
    keys += 1
    return claimCoupon(ports, { actor: { kind: 'customer', accountId }, key: `k${keys}` }, { by: 'qr', content })
  }
  return { scan, couponId: coupon?.couponId ?? '', code: coupon?.code ?? '', qr: coupon?.qr ?? '' }
}

describe('a QR image of a coupon', () => {
  it('claims the coupon of its code, and again for the same customer', async () => {
    const { scan, couponId, qr } = await openWithCoupon()
    expect(qr).toMatch(/^SWC1\.QR[2-9A-HJKMNP-Z]{16}\.[0-9a-f]{20}$/)
    expect((await scan(` ${qr}\n`))._unsafeUnwrap().couponId).toBe(couponId)
    expect((await scan(qr))._unsafeUnwrap().couponId).toBe(couponId)
    expect((await scan(qr, 'bob'))._unsafeUnwrapErr()).toEqual({ type: 'CouponCodeUnknown' })
  })

  it('may hold the bare code', async () => {
    const { scan, couponId, code } = await openWithCoupon()
    expect((await scan(code))._unsafeUnwrap().couponId).toBe(couponId)
  })

  it('that was changed in any letter is turned down', async () => {
    const { scan, qr } = await openWithCoupon()
    const [, key = '', seal = ''] = qr.split('.')
    const other = (letter: string) => (letter === '2' ? '3' : '2')
    for (const place of [0, 1, 2, key.length - 1]) {
      const changed = `${key.slice(0, place)}${other(key.charAt(place))}${key.slice(place + 1)}`
      expect((await scan(`SWC1.${changed}.${seal}`))._unsafeUnwrapErr()).toEqual({ type: 'QrNotGenuine' })
    }
    for (const wrong of [`${seal.slice(0, -1)}${other(seal.slice(-1))}`, seal.slice(1), `${seal}0`]) {
      expect((await scan(`SWC1.${key}.${wrong}`))._unsafeUnwrapErr()).toEqual({ type: 'QrNotGenuine' })
    }
  })

  it('of another shop is turned down, although the key is the same', async () => {
    const other = await openWithCoupon('other')
    const { scan } = await openWithCoupon()
    expect((await scan(other.qr))._unsafeUnwrapErr()).toEqual({ type: 'QrNotGenuine' })
  })

  it('that is none of ours, or newer than this release, is named as such', async () => {
    const { scan, qr } = await openWithCoupon()
    for (const content of ['https://example.com/c/AAAA', 'WIFI:T:WPA;S:shop;P:secret;;', 'SWC1.AAAA', '优惠券']) {
      expect((await scan(content))._unsafeUnwrapErr()).toEqual({ type: 'QrUnknown' })
    }
    expect((await scan(qr.replace('SWC1', 'SWC2')))._unsafeUnwrapErr()).toEqual({
      type: 'QrVersionUnknown',
      version: 2,
    })
    expect((await scan('HELLO WORLD'))._unsafeUnwrapErr()).toEqual({ type: 'CouponCodeMistyped' })
  })
})
