import { errAsync, okAsync } from 'neverthrow'
import {
  type Actor,
  auditLog,
  createShop,
  createTableAuthorizer,
  entries,
  readFacts,
  type ShopPorts,
  shopAccess,
} from 'shopwright'
import { expect, it } from 'vitest'
import { buyKettles, openStall } from '../support/open-stall.js'
import { call, must, type OpenedShop, openShop } from './open-shop.js'
import { by, clerk } from './world.js'

const hour = 3_600_000
const intern: Actor = { kind: 'staff', staffId: 'intern', roles: [] }
const seller: Actor = { kind: 'merchant', merchantId: 'm1' }
const origin = { address: '203.0.113.7', device: 'till' }
const held = { accountId: 'a', record: 'order', id: 'o' }

const auditOf = async ({ ports, now }: Pick<OpenedShop, 'ports' | 'now'>) => {
  const plan = { log: entries(auditLog, { where: [], limit: 100 }) }
  const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  return facts.log.map(({ body }) => body)
}

it('what staff or a merchant are denied stands in the log once for an action and an hour, however often they try', async () => {
  const opened = await openShop()
  const { shop, counts, pass } = opened
  // To the full hour, so that every try but the last is in one.
  pass(hour - (opened.now() % hour))
  const before = { ...counts }
  for (let tries = 0; tries < 20; tries += 1) {
    const refused = await shop.accounts.readHeld({ actor: intern, key: `k${tries}`, origin }, held)
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'accounts.readHeld' })
  }
  for (const actor of [intern, seller]) {
    const refused = await shop.accounts.incidents({ actor, origin }, {})
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'accounts.incidents' })
  }
  expect(counts.reads).toBe(before.reads)
  const first = await auditOf(opened)
  const told = first.map(({ actor, action, subject, outcome, detail }) => [actor, action, subject, outcome, detail])
  expect(told.sort()).toEqual([
    ['merchant:m1', 'accounts.incidents', 'merchant:m1', 'refused', 'Denied'],
    ['staff:intern', 'accounts.incidents', 'staff:intern', 'refused', 'Denied'],
    ['staff:intern', 'accounts.readHeld', 'staff:intern', 'refused', 'Denied'],
  ])
  for (const entry of first) expect(entry.origin?.device).toMatch(/.{20}/)
  expect(JSON.stringify(first)).not.toContain(origin.address)
  pass(hour)
  await shop.accounts.readHeld({ actor: intern, key: 'again', origin }, held)
  expect(await auditOf(opened)).toHaveLength(first.length + 1)
  expect(must(await shop.upkeep.verifyAudit())).toMatchObject({ intact: true })
})

it('what a decision denies them stands there too: by the rows that they may see, and by what they say came of money', async () => {
  const stall = await openStall([])
  const table = createTableAuthorizer(shopAccess)
  const bound: Actor = { kind: 'staff', staffId: 'bound', roles: [] }
  const owner: Actor = { kind: 'merchant', merchantId: 'self' }
  const authorizer = {
    authorize: (actor: Actor, action: string) =>
      actor.kind === 'staff' && actor.staffId === 'bound'
        ? okAsync({ kind: 'fields', fields: { merchantId: ['self'] } } as const)
        : table.authorize(actor, action),
  }
  const shop = createShop({ ...stall.ports, authorizer })
  const { orderId } = await buyKettles(stall, { kind: 'customer', accountId: 'user-1' }, 1)
  const { parcelId } = must(
    await shop.orders.ship(by(clerk), { orderId, carrier: 'sf-express', trackingNumber: 'SF-1' }),
  )
  const before = (await auditOf(stall)).length
  const collected = { amountMinor: 5, currency: 'CNY' }
  const bill = { gatewayId: 'sandbox', day: '2026-03-09', timeZone: 'Asia/Shanghai', source: [] } as const
  const file = { importId: 'i', format: 'rows', merchantId: 'other', currency: 'CNY', source: [] } as const
  for (let tries = 0; tries < 2; tries += 1) {
    const refused = [
      await shop.orders.cancel(by(bound), { orderId }),
      await shop.orders.refund(by(bound), { orderId, reason: 'goodwill', amountMinor: 100 }),
      await shop.orders.reconcileBill(by(bound), bill),
      await shop.orders.recordDelivery(by(owner), { parcelId, collected }),
      await shop.catalog.importProducts(by(owner), file),
    ]
    for (const answer of refused) expect(answer._unsafeUnwrapErr()).toMatchObject({ type: 'Denied' })
  }
  const noted = (await auditOf(stall)).filter(({ outcome }) => outcome === 'refused')
  expect(noted.map(({ actor, action, detail }) => [actor, action, detail]).sort()).toEqual([
    ['merchant:self', 'catalog.importProducts', 'Denied'],
    ['merchant:self', 'orders.recordReceipt', 'Denied'],
    ['staff:bound', 'orders.cancel', 'Denied'],
    ['staff:bound', 'orders.reconcileBill', 'Denied'],
    ['staff:bound', 'orders.refund', 'Denied'],
  ])
  expect(await auditOf(stall)).toHaveLength(before + noted.length)
})

it('what buyers and visitors are denied is none: anybody could fill the log with it', async () => {
  const opened = await openShop()
  const actors: readonly Actor[] = [
    { kind: 'customer', accountId: 'somebody' },
    { kind: 'guest', guestId: 'g' },
    { kind: 'system', reason: 'timer' },
  ]
  for (const actor of actors) {
    const refused = await call(opened.shop, 'accounts.readHeld', actor, held)
    expect(refused._unsafeUnwrapErr().type).toBe('Denied')
  }
  expect(opened.counts.commits).toBe(0)
})

it('what cannot be noted is denied all the same', async () => {
  const { ports } = await openShop()
  const gone = { type: 'StorageUnavailable', detail: 'gone' } as const
  const failing: readonly Partial<ShopPorts>[] = [
    { storage: { ...ports.storage, commit: () => errAsync(gone), commitEach: () => errAsync(gone) } },
    { digests: { digest: () => errAsync({ type: 'CryptoUnavailable', detail: 'gone' }) } },
  ]
  for (const worse of failing) {
    const shop = createShop({ ...ports, ...worse })
    for (const name of ['accounts.readHeld', 'accounts.incidents', 'orders.reconcileBill']) {
      const answer = await call(shop, name, name.startsWith('accounts') ? intern : seller, held)
      expect(answer._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: name })
    }
  }
})
