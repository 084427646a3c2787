import { campaignResultsCsv, createShop, describeError, type Offer, renderOffer } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { openDatabase } from './support/database.js'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

// 双11: 20 coupons, 64 buyers who ask for them at the same moment. In memory; on a database with `--postgres`.
const database = process.argv.includes('--postgres') ? await openDatabase() : undefined
const postgres = database === undefined ? undefined : createPostgresStorage(database)
if (postgres !== undefined) must(await postgres.migrate())
const shop = createShop({ ...examplePorts, storage: postgres ?? createMemoryStorage(), attempts: 100 })
await sellMugs(shop, 200)

// #region offer
const double11: Offer = {
  version: 1,
  offerId: 'double-11',
  title: { 'zh-CN': '双11满减券', en: '11.11 coupon' },
  issuer: { kind: 'campaign', campaignId: '2026-11-11' },
  form: { kind: 'coupon', issues: 20, claimsPerCustomer: 1, claimable: true, validMs: 7 * 86_400_000 },
  stage: 'platformCoupon',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', to: Date.now() + 30 * 86_400_000 },
  threshold: { amountMinor: 5_000, basis: 'activity' },
  benefit: { kind: 'amountOff', offMinor: 1_000 },
  funding: { platformBasisPoints: 10_000 },
}
must(await shop.promotions.publishOffers(byStaff(), { expectedRevision: 0, offers: [double11] }))
console.log(renderOffer(double11, 'zh-CN'))
// #endregion

// #region codes
const batch = must(await shop.promotions.issueCoupons(byStaff(), { offerId: 'double-11', count: 2, prefix: 'SALE11' }))
const [first, second] = batch.coupons
console.log(
  `${batch.coupons.length} codes, such as ${first?.code.slice(0, 6)}-…; a QR image says ${first?.qr.slice(0, 5)}…`,
)
// #endregion

const buyers = Array.from({ length: 64 }, (_, place) => `buyer-${place + 1}`)

// #region race
const scans = await Promise.all(
  buyers.map((buyer) => shop.promotions.claimCoupon(by(buyer), { by: 'qr', content: first?.qr ?? '' })),
)
console.log(`one QR code, 64 scans: ${scans.filter((scan) => scan.isOk()).length} coupon`)

const claims = await Promise.all(
  buyers.map((buyer) => shop.promotions.claimCoupon(by(buyer), { by: 'click', offerId: 'double-11' })),
)
const refused = claims.flatMap((claim) => (claim.isErr() ? [describeError(claim.error, 'zh-CN')] : []))
console.log(`64 clicks: ${64 - refused.length} coupons; the others read: ${[...new Set(refused)].join(' ')}`)
// #endregion

/** Takes whatever coupons a buyer holds and orders three mugs. */
const order = async (buyer: string): Promise<number> => {
  const held = must(await shop.promotions.listCoupons(by(buyer), { status: 'claimed', limit: 5 })).coupons
  for (const { couponId } of held) must(await shop.cart.attachCoupon(by(buyer), { couponId }))
  const placed = must(await shop.orders.place(by(buyer), await chooseMugs(shop, buyer, 3)))
  must(await shop.orders.pay(by(buyer), { orderId: placed.orderId, gatewayId: 'sandbox', method: 'alipay' }))
  return placed.payableMinor
}
const paid = await Promise.all(buyers.map(order))
console.log(`64 orders: ${paid.filter((minor) => minor === 5_770).length} with a coupon, the others without`)

// #region revoke
const unclaimed = { of: { kind: 'batch', batchId: batch.batchId }, reason: 'campaignEnded', limit: 100 } as const
const taken = must(await shop.promotions.revokeCoupons(byStaff(), unclaimed))
const late = await shop.promotions.claimCoupon(by('late'), { by: 'code', code: second?.code ?? '' })
const told = late.isErr() ? describeError(late.error, 'zh-CN') : ''
console.log(`${taken.revoked} code taken back: ${told}`)
// #endregion

// #region results
// The relay runs all the time; here until nothing waits.
while (must(await shop.upkeep.relay({ worker: 'relay', limit: 500 })).delivered > 0);
const asked = { campaignId: '2026-11-11', currency: 'CNY' }
const results = must(await shop.promotions.campaignResults(byStaff(), asked))
console.log(campaignResultsCsv(results))
// #endregion
await database?.close()
const { claimed, used, discountMinor } = results.total
console.log(`campaign: ${claimed} claimed, ${used} used, ${discountMinor} fen off`)
