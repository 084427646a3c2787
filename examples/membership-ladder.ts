import { createShop, guideMemberOffers, guideMembership } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

const day = 86_400_000
let now = Date.parse('2026-11-11T12:00:00+08:00')
const clock = { now: () => now }
const gateways = { sandbox: createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] }) }
const shop = createShop({ ...examplePorts, clock, gateways, storage: createMemoryStorage() })
await sellMugs(shop, 100)

// The ladder of the guide: its benefits are ordinary offers with an audience, published with the others.
const guide = guideMemberOffers({ currency: 'CNY', timeZone: 'Asia/Shanghai', from: now, to: now + 365 * day })
const { bookId: _, ...terms } = guideMembership
must(await shop.promotions.publishOffers(byStaff(), { expectedRevision: 0, offers: guide.offers }))
must(await shop.membership.publish(byStaff(), { ...terms, expectedRevision: 0, benefits: guide.benefits }))

// Joining is the customer's own choice, on terms that were shown.
const shown = must(await shop.membership.showTerms(by('ann')))
for (const { title, from, benefits } of shown.levels.ladder) {
  console.log(`${title.en} from ${from / 100}.00: ${benefits.map(({ en }) => en).join(', ')}`)
}
must(await shop.membership.join(by('ann'), { termsRevision: shown.revision, birthday: { month: 11, day: 11 } }))
must(await shop.membership.checkIn(by('ann')))

const levels: string[] = []
const look = async (): Promise<void> => {
  must(await shop.upkeep.relay({ worker: 'example', limit: 500 }))
  const { membership } = must(await shop.storefront.memberCentre(by('ann')))
  const { level, counted, next, falls, benefits } = membership ?? {}
  levels.push(level?.levelId ?? 'none')
  const missing = next === null || next === undefined ? '' : `, ${next.missing} to ${next.level.levelId}`
  const fall =
    falls === null || falls === undefined ? '' : `, ${falls.levelId} from ${new Date(falls.at).toISOString()}`
  const open = benefits?.filter(({ state }) => state === 'open').map(({ benefitId }) => benefitId)
  console.log(
    `${level?.levelId}: ${counted?.metric} counted${missing}${fall}; to be had: ${open?.join(', ') || 'nothing'}`,
  )
}

await look()
const choice = await chooseMugs(shop, 'ann', 60)
const { orderId } = must(await shop.orders.place(by('ann'), choice))
must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
must(await shop.orders.ship(byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
must(await shop.orders.confirmReceipt(by('ann'), { orderId }))
must(await shop.orders.complete(byStaff(), { orderId }))
await look()
must(await shop.membership.claimBenefit(by('ann'), { benefitId: 'birthday' }))
must(await shop.membership.claimBenefit(by('ann'), { benefitId: 'monthly' }))

// What comes back is taken from the day it was bought; the level stays for thirty days.
now += 10 * day
const [line] = must(await shop.orders.page(by('ann'), { orderId })).lines
const lines = [{ lineId: line?.lineId ?? '', quantity: 10 }]
must(await shop.orders.refund(byStaff(), { orderId, reason: 'returned', lines }))
await look()
now += 30 * day
must(await shop.upkeep.sweepMembers({ limit: 100 }))
await look()
console.log(levels.join(' -> '))
