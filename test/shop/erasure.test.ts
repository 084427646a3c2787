import type { Result } from 'neverthrow'
import {
  type Actor,
  auditLog,
  type Collection,
  createShop,
  type DataExportPage,
  defaultAccountsPolicy,
  type EditOrderInput,
  type ExportCursor,
  entries,
  find,
  findUnregistered,
  heldKeys,
  type Json,
  type Log,
  type PersonalField,
  readFacts,
  sealedPaths,
  subjectKeys,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { builtinCollections, builtinLogs } from '../../adapters/postgres/collections/builtin.js'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
import { defaultShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { valuesAt } from '../../src/shared/json.js'
import { shopPersonalRecords } from '../../src/shop-personal-records.js'
import { eventsOnThePage } from '../docs/page-tables.js'
import { buyKettles, deliverAll, openStall, type Stall } from '../support/open-stall.js'
import { createScriptedRealNames } from '../support/scripted-real-names.js'
import { must, openShop } from './open-shop.js'
import { buildWorld, by, clerk, join, password, recipient, shippingBook } from './world.js'

const day = 86_400_000
const records = shopPersonalRecords
const fields: readonly PersonalField[] = records.flatMap((record) => record.fields)

describe('the catalogue of what a shop keeps of people', () => {
  it('has every collection and log whose rows belong to a person, or says why not', () => {
    const declared = new Set(records.map(({ name }) => name))
    const owned = (each: Collection<unknown> | Log<unknown>): boolean =>
      each.ownership !== 'public' && each.ownership.own !== undefined
    const all = [...builtinCollections.map(({ collection }) => collection), ...builtinLogs.map(({ log }) => log)]
    const missing = all.filter((each) => owned(each) && !declared.has(each.name)).map(({ name }) => name)
    // The key itself is what is destroyed.
    expect(missing).toEqual(['subjectKey'])
    expect(new Set(records.map(({ name }) => name)).size).toBe(records.length)
  })

  it('names a purpose, a basis and an end for each, and where the law keeps it, the law', () => {
    // What both laws know: the interest of a shop is no ground under the PIPL (article 13).
    for (const { purpose, basis } of [...records, ...fields]) {
      expect(['contract', 'consent', 'legalDuty'], purpose).toContain(basis)
    }
    for (const { name, purpose, onErasure } of records) {
      expect(purpose.length, name).toBeGreaterThan(10)
      if (onErasure.verdict === 'restrict') expect(onErasure.days, name).toBeGreaterThanOrEqual(1_096)
    }
    for (const field of fields) expect(records.map(({ name }) => name)).toContain(field.collection)
  })
})

const openDelivered = async () => {
  const stall = await openStall([])
  const ann = await join(stall, 'canary.ann@example.com', '金丝雀安妮')
  const order = await buyKettles(stall, ann.actor, 1)
  return { stall, ann, order }
}

const canaries = ['canary.ann', '金丝雀安妮', recipient.phone, recipient.address, recipient.name]

/** Brings an order to its end. */
const complete = async ({ shop, pass }: Stall, orderId: string): Promise<void> => {
  const { parcelId } = must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  must(await shop.orders.recordDelivery(by(clerk), { parcelId }))
  pass(30 * day)
  must(await shop.upkeep.advanceOrders({ limit: 10 }))
}

const allStored = async ({ ports }: Pick<Stall, 'ports'>, at: number) => {
  const plan = Object.fromEntries(
    builtinCollections.map(({ collection }) => [collection.name, find(collection, { where: [], limit: 500 })]),
  )
  const logs = Object.fromEntries(builtinLogs.map(({ log }) => [log.name, entries(log, { where: [], limit: 500 })]))
  const scope = { kind: 'all' } as const
  const rows = must(await readFacts(ports.storage, { shop: 'main', scope, at, plan }))
  const bodies = must(await readFacts(ports.storage, { shop: 'main', scope, at, plan: logs }))
  return [
    ...Object.entries(rows).flatMap(([collection, found]) =>
      found.map(({ id, state }) => ({ collection, id, state: state as Json })),
    ),
    ...Object.entries(bodies).flatMap(([collection, found]) =>
      found.map(({ id, body }) => ({ collection, id, state: body as Json })),
    ),
  ]
}

describe('erasing a person who has bought', () => {
  it('waits for business that is open, and says for which', async () => {
    const { stall, ann, order } = await openDelivered()
    const waits = { type: 'BusinessOpen', open: [{ record: 'order', id: order.orderId }] }
    const planned = await stall.shop.accounts.erasurePlan({ actor: ann.actor }, {})
    expect(planned.isErr() && planned.error).toEqual(waits)
    const erased = await stall.shop.accounts.erase(by(ann.actor), { password })
    expect(erased.isErr() && erased.error).toEqual(waits)
    await complete(stall, order.orderId)
    must(await stall.shop.accounts.erase(by(ann.actor), { password }))
  })

  it('has a verdict for every record, and keeps the address three years from the end for a legal claim alone', async () => {
    const { stall, ann, order } = await openDelivered()
    await complete(stall, order.orderId)
    const { shop, now, pass } = stall
    const plan = must(await shop.accounts.erasurePlan({ actor: ann.actor }, {}))
    expect(plan.verdicts.map(({ record }) => record)).toEqual(records.map(({ name }) => name))
    const { completedAt } = must(await shop.orders.page({ actor: ann.actor }, { orderId: order.orderId }))
      .history.filter(({ happened }) => happened === 'completed')
      .map(({ at }) => ({ completedAt: at }))[0] ?? { completedAt: 0 }
    const until = completedAt + 1_096 * day
    expect(plan.held).toEqual({ law: 'E-Commerce Law 31', until })
    const erased = must(await shop.accounts.erase(by(ann.actor), { password }))
    expect(erased.verdicts).toEqual(plan.verdicts)
    await deliverAll(stall)

    expect(must(await shop.orders.page({ actor: clerk }, { orderId: order.orderId })).recipient).toBeNull()
    const wanted = { accountId: ann.accountId, record: 'order', id: order.orderId }
    const care: Actor = { kind: 'staff', staffId: 'sue', roles: ['care'], purpose: 'curious' }
    expect(tag(await shop.accounts.readHeld(by(care), wanted))).toBe('Denied')
    const counsel: Actor = { kind: 'staff', staffId: 'lu', roles: ['legalHold'], purpose: 'claim 7' }
    const silent: Actor = { kind: 'staff', staffId: 'lu', roles: ['legalHold'] }
    expect(tag(await shop.accounts.readHeld(by(silent), wanted))).toBe('PurposeMissing')
    const blank: Actor = { ...counsel, purpose: '  ' }
    expect(tag(await shop.accounts.readHeld(by(blank), wanted))).toBe('PurposeMissing')
    const bob = await join(stall, 'bob@example.com', 'Bob')
    const bobs = await buyKettles(stall, bob.actor, 1)
    expect(tag(await shop.accounts.readHeld(by(counsel), { ...wanted, id: bobs.orderId }))).toBe('NotFound')
    const held = must(await shop.accounts.readHeld(by(counsel), wanted))
    expect(held.state).toMatchObject({ details: { recipient } })
    const audit = (await allStored(stall, now())).filter(({ collection }) => collection === auditLog.name)
    expect(JSON.stringify(audit)).toContain('claim 7')
    const tried = audit.map(({ state }) => state).filter((entry) => JSON.stringify(entry).includes('accounts.readHeld'))
    const told = tried.map((entry) => Object(entry)).map(({ outcome, detail }) => `${outcome} ${detail}`)
    expect(told.sort()).toEqual([
      `done ${order.orderId}`,
      'refused Denied',
      'refused NotFound',
      'refused PurposeMissing',
      'refused PurposeMissing',
    ])
    expect(tag(await shop.accounts.readHeld(by(counsel), { ...wanted, record: 'account', id: ann.accountId }))).toBe(
      'NotFound',
    )

    pass(until - now())
    expect(tag(await shop.accounts.readHeld(by(counsel), wanted))).toBe('NotFound')
    must(await shop.upkeep.sweepAccounts({ limit: 100 }))
    expect((await allStored(stall, now())).filter(({ collection }) => collection === heldKeys.name)).toEqual([])
  })

  it('leaves no trace: nothing readable anywhere, and nothing that the key set aside could open but what the law keeps', async () => {
    const { stall, ann, order } = await openDelivered()
    const { shop, ports, now } = stall
    must(await shop.orders.saveAddress(by(ann.actor), { recipient }))
    must(
      await shop.accounts.requestReset(by({ kind: 'guest', guestId: 'g' }), { identifier: 'canary.ann@example.com' }),
    )
    // What knows her device, counts failures at it and elsewhere, and half a code of hers.
    const guest: Actor = { kind: 'guest', guestId: 'g' }
    const from = (device: string) => ({ ...by(guest), origin: { device, address: '203.0.113.7' } })
    const enter = (device: string, given: string) =>
      shop.accounts.signIn(from(device), { identifier: 'canary.ann@example.com', password: given })
    for (const device of ['one', 'two', 'three']) must(await enter(device, password))
    for (const device of ['one', 'elsewhere']) expect(tag(await enter(device, 'wrong'))).toBe('SignInRefused')
    await complete(stall, order.orderId)
    const aboutHer = async (name: string) =>
      (await allStored(stall, now())).filter(
        ({ collection, id, state }) => collection === name && JSON.stringify([id, state]).includes(ann.accountId),
      ).length
    expect(await aboutHer('signInGuard')).toBe(4)
    for (const name of ['session', 'challenge']) expect(await aboutHer(name), name).toBeGreaterThan(0)
    const [line] = must(await shop.orders.page({ actor: ann.actor }, { orderId: order.orderId })).lines
    const review = { orderId: order.orderId, lineId: line?.lineId ?? '', rating: 5, signedAs: '金丝雀安妮' } as const
    must(await shop.reviews.write(by(ann.actor), review))
    expect(
      (await allStored(stall, now())).some(
        ({ collection, state }) => collection === 'review' && sealedPaths(state).length > 0,
      ),
    ).toBe(true)
    must(await shop.accounts.erase(by(ann.actor), { password }))
    await deliverAll(stall)
    // The audit log is left as it is, and proves itself: sealed or not, nothing in it was changed.
    const proven = { intact: true, faults: [] }
    expect(must(await shop.upkeep.verifyAudit())).toMatchObject(proven)
    expect(must(await shop.upkeep.sealAudit()).sealed).toBeGreaterThan(0)
    expect(must(await shop.upkeep.verifyAudit())).toMatchObject(proven)
    for (const name of ['signInGuard', 'session', 'challenge']) expect(await aboutHer(name), name).toBe(0)
    const stored = await allStored(stall, now())
    expect(findUnregistered(fields, stored)).toEqual([])
    const text = JSON.stringify(stored)
    for (const canary of canaries) expect(text.includes(canary), canary).toBe(false)
    const restricted = new Set(
      records.flatMap(({ name, onErasure }) => (onErasure.verdict === 'restrict' ? [name] : [])),
    )
    const sealed = stored
      .filter(({ state }) => JSON.stringify(state).includes(ann.accountId) && sealedPaths(state).length > 0)
      .map(({ collection }) => collection)
    expect(new Set(sealed)).toEqual(new Set(['order']))
    expect(sealed.every((name) => restricted.has(name))).toBe(true)
    expect(stored.some(({ collection, id }) => collection === subjectKeys.name && id === ann.accountId)).toBe(false)
    const asked = { shop: 'main', types: eventsOnThePage(), from: 0, until: now() + 1, after: null, limit: 1_000 }
    const told = must(await ports.storage.events(asked))
    expect(told.length).toBeLessThan(asked.limit)
    const collections = new Set(told.map(({ collection }) => collection))
    for (const name of ['account', 'challenge', 'session', 'order', 'payment', 'review']) {
      expect(collections, name).toContain(name)
    }
    for (const canary of canaries) expect(JSON.stringify(told).includes(canary), canary).toBe(false)
  })
})

/** Every page of a person's export. */
const exported = async (shop: Stall['shop'], actor: Actor): Promise<readonly DataExportPage[]> => {
  const pages: DataExportPage[] = []
  for (let after: ExportCursor | undefined; ; ) {
    const page = must(await shop.accounts.exportData({ actor }, after === undefined ? {} : { after }))
    pages.push(page)
    if (page.next === null) return pages
    after = page.next
  }
}

/** The whole world, in a shop that asks for all that it can ask for, and carries far away for more, which the buyer pays. */
const openWhole = async () => {
  const opened = await openShop()
  const asking = {
    ...opened.ports,
    realNames: createScriptedRealNames().verifier,
    accountsPolicy: {
      ...defaultAccountsPolicy,
      consents: { ...defaultAccountsPolicy.consents, realName: { noticeVersion: 'v1' } },
      registration: { fields: { city: { kind: 'text', purpose: 'To suggest a shop nearby', longest: 10 } } },
    },
  } as const
  const world = await buildWorld({ ...opened, ports: asking, shop: createShop(asking) })
  const { shop, ids, gateway } = world
  const zone = (zoneId: string, regions: readonly string[], chargeMinor: number) => {
    const [method] = shippingBook.methods
    return { ...method.zones[0], zoneId, regions, rate: { kind: 'flat', chargeMinor } } as const
  }
  const methods = shippingBook.methods.map((method) => ({
    ...method,
    zones: [zone('far', ['CN-54'], 1_800), zone('all', ['*'], 800)],
  }))
  must(await shop.pricing.publishShippingBook(by(clerk), { expectedRevision: 1, currency: 'CNY', methods }))
  const { policyId: _, ...terms } = defaultShopPolicy
  must(await shop.orders.savePolicy(by(clerk), { ...terms, dearerCarriage: 'buyer' }))
  const buyFar = async (actor: Actor): Promise<string> => {
    must(await shop.cart.clearCart(by(actor), {}))
    must(await shop.cart.addLine(by(actor), { productId: ids.productId, sku: ids.sku, quantity: 1 }))
    const choice = { shippingMethodId: 'standard' }
    const { totals } = must(await shop.orders.preview(by(actor), { ...choice, region: recipient.region }))
    const contact = { email: 'parcels@example.com' }
    const placing = { ...choice, recipient, contact, expectedTotalMinor: totals.payableMinor }
    const { orderId } = must(await shop.orders.place(by(actor), placing))
    must(await shop.orders.pay(by(actor), { orderId, gatewayId: gateway.gatewayId, method: 'wechatPay' }))
    return orderId
  }
  const edit = async (actor: Actor, change: EditOrderInput): Promise<void> => {
    const { hash } = must(await shop.orders.previewEdit({ actor }, change))
    must(await shop.orders.applyEdit(by(actor), { ...change, hash }))
  }
  return { world, buyFar, edit }
}

describe('the export of what a shop keeps of a person', () => {
  it('gives in the open whatever is sealed of them, but the secrets of the shop', async () => {
    const { world, buyFar, edit } = await openWhole()
    const { shop, ports, now, ids, mailbox } = world
    const { token } = must(
      await shop.accounts.signIn(by({ kind: 'guest', guestId: 'g' }), { identifier: ids.email, password }),
    )
    const { actor } = must(await shop.accounts.actorOf(token))
    const seen = new Set<string>()
    const look = async (): Promise<void> => {
      const pages = await exported(shop, actor)
      for (const { collection, id, state } of await allStored({ ports }, now())) {
        const row = pages
          .filter(({ record }) => record === collection)
          .flatMap(({ rows }) => rows)
          .find((each) => each.id === id)
        if (row === undefined) continue
        for (const path of sealedPaths(state)) {
          const name = `${collection}.${path}`
          const isWithheld = fields.some((field) => `${field.collection}.${field.path}` === name && field.withheld)
          // What could not be opened is null, and no value then.
          const given = valuesAt(row.state, path)
          expect(given, name).toHaveLength(isWithheld ? 0 : valuesAt(state, path).length)
          expect(JSON.stringify(given), name).not.toContain('"nonce"')
          seen.add(name)
        }
      }
    }
    // The first is kept for a while, so that it can be given back.
    for (const userName of ['canary', 'finch']) must(await shop.accounts.setUserName(by(actor), { userName }))
    must(await shop.accounts.correctProfile(by(actor), { details: { city: '苏州' } }))
    const { secret } = must(await shop.accounts.enrolTotp(by(actor), {}))
    const bound = must(await shop.accounts.requestBinding(by(actor), { phone: '139 0013 9000' }))
    must(await shop.upkeep.sendMessages({ limit: 100 }))
    const code = /(\d{6,})[,，]/.exec(mailbox.filter(({ channel }) => channel === 'sms').at(-1)?.text ?? '')?.[1] ?? ''
    must(await shop.accounts.confirmBinding(by(actor), { challengeId: bound.challengeId, code }))
    must(await shop.accounts.requestBinding(by(actor), { email: 'finch@example.com' }))
    const notice = { noticeVersion: 'v1', decision: 'given' } as const
    for (const purpose of ['personalisation', 'realName'])
      must(await shop.accounts.setConsent(by(actor), { purpose, ...notice }))
    must(await shop.accounts.proveRealName(by(actor), { kind: 'idCard', name: '李明', idNumber: '11010519491231002X' }))
    must(await shop.history.record(by(actor), { kind: 'search', text: 'kettle' }))
    must(await shop.history.record(by(actor), { kind: 'product', productId: ids.productId }))
    // One change that is made, and one that waits to be paid.
    const orderId = await buyFar(actor)
    await edit(actor, { orderId, recipient: { ...recipient, name: '李四' } })
    await edit(actor, { orderId, recipient: { ...recipient, region: 'CN-54', address: '北京中路 1 号' } })
    await look()
    // The secret of the app stands elsewhere once it is proved.
    const app = hotpCode(secretBytesOf(secret), stepAt(now()))
    must(await shop.accounts.confirmTotp(by(actor), { code: app }))
    await look()
    const unseen = fields.map(({ collection, path }) => `${collection}.${path}`).filter((name) => !seen.has(name))
    expect(unseen).toEqual([])
  })

  it('gives a page of every record of the catalogue, and erasure has a verdict for each', async () => {
    const { stall, ann, order } = await openDelivered()
    const { shop } = stall
    must(await shop.orders.saveAddress(by(ann.actor), { recipient }))
    must(await shop.accounts.customer({ actor: clerk }, { accountId: ann.accountId }))
    const pages = await exported(shop, ann.actor)
    expect([...new Set(pages.map(({ record }) => record))]).toEqual(records.map(({ name }) => name))
    const rowsOf = (name: string) => pages.filter(({ record }) => record === name).flatMap(({ rows }) => rows)
    expect(rowsOf('account')[0]?.state).toMatchObject({
      identifiers: { email: { value: 'canary.ann@example.com' } },
      name: '金丝雀安妮',
    })
    expect(rowsOf('order')[0]).toMatchObject({ id: order.orderId, state: { details: { recipient } } })
    expect(rowsOf('addressBook')[0]?.state).toMatchObject({ addresses: [{ recipient }] })
    const text = JSON.stringify(pages)
    expect(text).not.toMatch(/"(phc|tokenDigest|codeDigest|nonce)"/)
    expect(rowsOf('audit').length).toBeGreaterThan(0)
    expect(JSON.stringify(rowsOf('audit'))).not.toContain('"digest"')
    await complete(stall, order.orderId)
    const plan = must(await shop.accounts.erasurePlan({ actor: ann.actor }, {}))
    const verdicts = new Set(plan.verdicts.map(({ record }) => record))
    expect(fields.filter(({ collection }) => !verdicts.has(collection))).toEqual([])
  })

  it('holds nothing of anybody else, and is given in pages', async () => {
    const { stall, ann } = await openDelivered()
    const bob = await join(stall, 'bob@example.com', 'Bob')
    const page = must(await stall.shop.accounts.exportData({ actor: bob.actor }, { after: { record: 'order' } }))
    expect(page).toMatchObject({ record: 'order', rows: [], next: { record: 'addressBook' } })
    const one = await stall.shop.accounts.exportData({ actor: bob.actor }, { after: { record: 'account' } })
    expect(JSON.stringify(must(one))).not.toContain(ann.accountId)
  })
})

const tag = (result: Result<unknown, { readonly type: string }>): string =>
  result.match(
    () => 'ok',
    ({ type }) => type,
  )
