import { createShop, type PaymentGateway, type ShopWithin, type Storage } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { cases } from './cases.js'
import { call, openShop, type VerbName, verbNames } from './open-shop.js'
import { buildWorld, clerk, type World } from './world.js'

type InsideVerb = { [M in keyof ShopWithin]: `${M}.${keyof ShopWithin[M] & string}` }[keyof ShopWithin]

/**
 * Verbs that are not offered inside a transaction of the host, each with its reason. A verb that is on neither side
 * does not compile.
 */
const outside: Readonly<Record<Exclude<VerbName, InsideVerb>, string>> = {
  'accounts.activate': 'weighs a guess at a code, which stays counted whatever the host does',
  'accounts.resetPassword': 'weighs a guess at a code',
  'accounts.signIn': 'weighs a guess at a password',
  'accounts.signInByCode': 'weighs a guess at a code',
  'accounts.confirmSignIn': 'weighs a guess at a code',
  'accounts.disownSignIn': 'weighs a guess at a token',
  'accounts.beginProviderSignIn': 'asks an identity provider where it is',
  'accounts.finishProviderSignIn': 'asks an identity provider',
  'accounts.registerByProvider': 'weighs a guess at a token',
  'accounts.beginLinking': 'asks an identity provider where it is',
  'accounts.finishLinking': 'asks an identity provider',
  'accounts.beginPasskeyRegistration': 'is answered to a browser, which must not be asked what is not yet sure',
  'accounts.finishPasskeyRegistration': 'weighs what an authenticator made',
  'accounts.beginPasskeySignIn': 'is answered to a browser, which must not be asked what is not yet sure',
  'accounts.beginPasskeyStepUp': 'is answered to a browser, which must not be asked what is not yet sure',
  'accounts.finishPasskeySignIn': 'weighs a guess at a signature',
  'accounts.stepUp': 'weighs a guess at a password',
  'accounts.changePaymentPassword': 'weighs a guess at a payment password',
  'accounts.resetPaymentPassword': 'weighs a guess at a code',
  'accounts.provePayment': 'weighs a guess at a payment password or a code',
  'accounts.confirmBinding': 'weighs a guess at a code',
  'accounts.confirmTotp': 'weighs a guess at a code',
  'accounts.confirmContactFactor': 'weighs a guess at a code',
  'accounts.registerOnDevice': 'asks the register of installations',
  'accounts.requestResetOnDevice': 'asks the register of installations',
  'accounts.proveRealName': 'asks a verifier',
  'accounts.erase': 'weighs a guess at a password',
  'accounts.readHeld': 'stands in the audit log whatever the host does with its transaction',
  'accounts.customer': 'stands in the audit log whatever the host does with its transaction',
  'accounts.exportData': 'stands in the audit log whatever the host does with its transaction',
  'accounts.erasurePlan': 'stands in the audit log whatever the host does with its transaction',
  'accounts.privacyRequests': 'stands in the audit log whatever the host does with its transaction',
  'accounts.incidents': 'stands in the audit log whatever the host does with its transaction',
  'accounts.incidentReport': 'stands in the audit log whatever the host does with its transaction',
  'accounts.securityReport': 'stands in the audit log whatever the host does with its transaction',
  'accounts.surveyResults': 'stands in the audit log whatever the host does with its transaction',
  'accounts.actorOf': 'is asked before a transaction is opened',
  'accounts.switchAccount': 'is asked before a transaction is opened',
  'catalog.saveCategory': 'moves the products of a branch in commits of their own',
  'catalog.importProducts': 'writes batch after batch, and is resumed',
  'orders.pay': 'asks a gateway',
  'orders.payShare': 'asks a gateway',
  'orders.queryPayment': 'asks a gateway',
  'orders.receiveNotification': 'is answered to a gateway, which must not be told what is not yet sure',
  'orders.applyEdit': 'asks a gateway to send money back',
  'orders.cancel': 'asks a gateway to close and to refund',
  'orders.rejectHold': 'asks a gateway to close and to refund',
  'orders.capture': 'asks a gateway',
  'orders.refund': 'asks a gateway',
  'orders.retryRefund': 'asks a gateway',
  'orders.acceptHeldMoney': 'asks a gateway',
  'orders.returnHeldMoney': 'asks a gateway',
  'orders.submitEvidence': 'asks a gateway',
  'orders.acceptDispute': 'asks a gateway',
  'orders.readDispute': 'asks a gateway',
  'orders.paymentFailures': 'reads page after page of the attempts',
  'orders.payOut': 'tells somebody to send money',
  'orders.bills': 'reads the orders, and then what the ledger has of them',
  'orders.statement': 'reads page after page of the ledger',
  'orders.reconcileBill': 'learns of payment after payment, in commits of their own',
  'aftersales.refundReturn': 'asks a gateway',
}

/** Questions of more than one read, each with its reason; all others are asked in one. */
const furtherReads: Readonly<Record<string, string | readonly string[]>> = {
  'catalog.suggest': [
    'what the shopper and others searched for is read before the index reads what was saved since',
    'cards are read of the products that were found',
  ],
  'catalog.searchProducts': [
    'the shopper’s history is read before the index reads what was saved since',
    'cards are read of the products that were found',
  ],
  'catalog.section': [
    'what is on promotion hangs on offers and price lists',
    'products on promotion are found by the SKUs that are spoken of',
    'the index reads what was saved since, and finds the products whose cards are read',
    'cards are read of the products of the page',
  ],
  'storefront.sectionCards': [
    'the sections are read before the index reads what was saved since',
    'cards are read of the products of the page',
    'prices are found by the products of the page',
  ],
  'promotions.campaignResults': 'counters are found by the offers of the campaign and the buckets of the period',
  'membership.results': 'counters are found by the levels and benefits of the terms and the buckets of the period',
  'orders.prepareEvidence': 'which parcels came is found by the orders of the payment',
  'orders.payees': 'balances, and what each payee waits for, are found by the payees of the page',
  'storefront.boughtTogether': 'prices are found by the products that were found',
  'storefront.viewedAlso': 'prices are found by the products that were found',
  'storefront.similar': [
    'what is like it is found by its category',
    'prices are found by the products that were found',
  ],
  'storefront.forYou': [
    'what is bought with it is found by what was looked at',
    'prices are found by the products that were found',
  ],
  'storefront.listCards': 'prices are found by the products of the page',
  'storefront.searchCards': [
    'the shopper’s history is read before the index reads what was saved since',
    'cards are read of the products that were found',
    'prices are found by the products that were found',
  ],
}

/** The world's shop inside a transaction that writes through, with everything noted that it does. */
const openInside = (world: World) => {
  const seen = { reads: 0, commits: 0, gateway: [] as string[], told: [] as string[] }
  const storage = {
    ...world.ports.storage,
    within: (inside: Storage): Storage => ({
      ...inside,
      read: (request) => {
        seen.reads += 1
        return inside.read(request)
      },
      commit: (commit) => {
        seen.commits += 1
        return inside.commit(commit)
      },
      commitEach: (commits) => {
        seen.commits += commits.length
        return inside.commitEach(commits)
      },
    }),
  }
  const gateway: PaymentGateway = new Proxy(world.gateway, {
    get: (target, name) => {
      if (typeof Reflect.get(target, name) === 'function') seen.gateway.push(String(name))
      return Reflect.get(target, name)
    },
  })
  const shop = createShop({ ...world.ports, storage, gateways: { sandbox: gateway } })
  shop.on('*', (event) => seen.told.push(event.type))
  return { seen, inside: shop.within(world.ports.storage) }
}

describe('a shop within a transaction of its host', () => {
  it('offers every verb but those that are stated with their reasons', async () => {
    const { shop } = await openShop()
    const { inside } = openInside(await openShop().then(buildWorld))
    const names = Object.entries(inside).flatMap(([module, verbs]) =>
      Object.keys(verbs).map((verb) => `${module}.${verb}`),
    )
    expect([...names, ...Object.keys(outside)].sort()).toEqual([...verbNames(shop)].sort())
  })

  it('does each verb in one commit at most, asks no gateway and tells no listener', async () => {
    const world = await openShop().then(buildWorld)
    const { seen, inside } = openInside(world)
    let done = 0
    for (const [name, { about, reachedBy, input }] of Object.entries(cases)) {
      if (name in outside) continue
      Object.assign(seen, { reads: 0, commits: 0, gateway: [], told: [] })
      const actor = about === 'shop' || reachedBy === 'staff' ? clerk : world.owner.actor
      const answer = await call(
        inside,
        name,
        actor,
        input((id) => world.ids[id]),
      )
      if (answer.isOk()) done += 1
      expect({ name, ...seen }).toMatchObject({ name, gateway: [], told: [] })
      expect(seen.commits, name).toBeLessThanOrEqual(1)
      const reasons = [furtherReads[name] ?? []].flat()
      expect(seen.reads, name).toBeLessThanOrEqual(1 + reasons.length)
    }
    // Most of them came to something, so that what is said above is not said of refusals.
    expect(done).toBeGreaterThan(40)
  })
})
