import { ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { billsCsv } from '../../../src/orders/books/render-bills.js'
import { statementCsv, statementJsonLines } from '../../../src/orders/books/render-statement.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import type { LedgerEntry } from '../../../src/payments/ledger.js'
import { ledgerEntries } from '../../../src/payments/ledger.schema.js'
import { listLedger } from '../../../src/payments/list-ledger.js'
import { appendEntries } from '../../../src/payments/move-payment.js'
import { payouts } from '../../../src/payments/payout.schema.js'
import type { StatementCursor } from '../../../src/payments/statement.js'
import type { Collection } from '../../../src/shared/collection.js'
import { append, put } from '../../../src/shared/commit.js'
import { daysMs } from '../../../src/shared/instant.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const bad = ['bad-1', 'bad-2', 'bad-3']

/** Entries as nobody books them, a minute after what was booked so far and a minute apart. */
const spoil = async (shop: TestShop, about: JsonObject) => {
  const from = shop.clock.now()
  await commit(
    shop,
    bad.map((id, place) =>
      append(ledgerEntries, { id, body: { ...about, kind: 'none', at: from + place + 1 } as never }),
    ),
  )
  shop.pass(bad.length + 1)
}

const sell = async (shop: TestShop, buyer: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  return orderId
}

/** Ann has paid 137.00, and after what cannot be read, which is said to be hers, Bob has too. */
const openSpoilt = async () => {
  const shop = await openShop({ feeRateBasisPoints: 60 })
  const from = shop.clock.now()
  const orderId = await sell(shop, 'ann')
  await spoil(shop, { accountId: 'ann', orderId })
  const other = await sell(shop, 'bob')
  return { shop, orderId, other, period: { from, to: shop.clock.now() + daysMs } }
}

type Page = { readonly isWhole: boolean; readonly unreadable: readonly string[]; readonly next: StatementCursor | null }

/** Every page of a list: what each answers. */
const walk = async <Answer extends Page>(ask: (after: { after?: StatementCursor }) => Promise<Answer>) => {
  const pages: Answer[] = []
  let after: StatementCursor | null = null
  do {
    const page: Answer = await ask(after === null ? {} : { after })
    pages.push(page)
    after = page.next
  } while (after !== null && pages.length < 50)
  return pages
}

/** The shop as staff have it whom the host binds by a condition. */
const boundTo = (shop: TestShop, accountId: string): TestShop => ({
  ...shop,
  authorizer: { authorize: () => okAsync({ kind: 'fields', fields: { accountId: [accountId] } } as const) },
})

describe('an entry of the ledger that cannot be read', () => {
  it('keeps no other from the ledger, which says that it is not whole, and names it to who sees all', async () => {
    const { shop } = await openSpoilt()
    const all = value(await listLedger(shop, byStaff(), { limit: 100 }))
    expect(all).toMatchObject({ isWhole: false, unreadable: bad, next: null })
    expect(all.entries.filter(({ kind }) => kind === 'captured').map(({ accountId }) => accountId)).toEqual([
      'ann',
      'bob',
    ])
    const pages = await walk(async (after) => value(await listLedger(shop, byStaff(), { limit: 1, ...after })))
    expect(pages.flatMap(({ entries }) => entries)).toEqual(all.entries)
    expect(pages.flatMap(({ unreadable }) => unreadable)).toEqual(bad)
    expect(pages.map(({ isWhole }) => isWhole)).toEqual([true, true, false, false, false, true, true])

    const bound = (accountId: string) => listLedger(boundTo(shop, accountId), byStaff(), { limit: 100 })
    expect(value(await bound('ann'))).toMatchObject({ isWhole: false, unreadable: [] })
    expect(value(await bound('bob'))).toMatchObject({ isWhole: true, unreadable: [] })
  })

  it('keeps no other from a statement, whose sums say that they are not whole', async () => {
    const { shop, period } = await openSpoilt()
    const sheet = value(await showStatement(shop, byStaff(), period))
    expect(sheet).toMatchObject({ isWhole: false, unreadable: bad, lineCount: 2, next: null })
    // 0.6 % of 137.00, twice.
    expect(sheet.sums).toMatchObject([{ paidMinor: 27_400, feeMinor: 164 }])
    const pages = await walk(async (after) =>
      value(await showStatement(shop, byStaff(), { ...period, limit: 1, ...after })),
    )
    expect(
      pages.map(({ lines, unreadable }) => [...lines.map(({ amountMinor }) => amountMinor), ...unreadable]),
    ).toEqual([[13_700], ...bad.map((id) => [id]), [13_700]])
    expect(pages.map(({ isWhole }) => isWhole)).toEqual([false, false, false, false, true])

    const own = value(await showStatement(shop, by('ann'), period))
    expect(own).toMatchObject({ isWhole: false, unreadable: [], sums: [{ paidMinor: 13_700 }] })
    expect(value(await showStatement(shop, by('bob'), period))).toMatchObject({ isWhole: true, unreadable: [] })
  })

  it('is as good as one that says of an unreadable order what came by a dispute: a merchant is told that it is left out', async () => {
    const { shop, period } = await openSpoilt()
    const broken: Collection<JsonObject> = { ...orders, parse: (stored) => ok(stored as JsonObject) }
    const covered: LedgerEntry = {
      ...{ entryId: 'covered', kind: 'refundChargedBack', at: shop.clock.now(), orderId: 'bad-order' },
      ...{ paymentId: null, refundId: null, accountId: 'ann', merchantId: 'self' },
      lines: [
        { account: 'escrow:bad-order', currency: 'CNY', amountMinor: 500 },
        { account: 'chargebackLoss', currency: 'CNY', amountMinor: -500 },
      ],
    }
    await commit(shop, [
      put(broken, { id: 'bad-order', version: 0, state: { status: 'paid', merchantId: 'self' } }),
      ...appendEntries([covered]),
    ])
    const seller = { actor: { kind: 'merchant', merchantId: 'self' } } as const
    const sheet = value(await showStatement(shop, seller, period))
    expect(sheet).toMatchObject({ isWhole: false, unreadable: [], sums: [{ paidMinor: 27_400, chargedBackMinor: 0 }] })
  })

  it('stands in an export of a statement by its id, so that nobody takes it for whole', async () => {
    const { shop, period } = await openSpoilt()
    const sheet = value(await showStatement(shop, byStaff(), period))
    const rows = statementCsv(sheet, { locale: 'en', withHeader: true }).trim().split('\r\n')
    expect(rows).toHaveLength(1 + 2 + 3)
    expect(rows.slice(3)).toEqual(bad.map((id) => `${id},Not readable,,,,,,`))
    const lines = statementJsonLines(sheet).trim().split('\n')
    expect(lines.slice(2).map((line) => JSON.parse(line))).toEqual(
      bad.map((entryId) => ({ entryId, unreadable: true })),
    )
  })

  it('keeps the bill of its own order alone from being made', async () => {
    const { shop, orderId, other } = await openSpoilt()
    const page = value(await listBills(shop, byStaff(), {}))
    expect([page.bills.map((bill) => bill.orderId), page.unreadable]).toEqual([[other], [orderId]])
    expect(billsCsv(page, { locale: 'en', withHeader: false })).toContain(`${orderId},Not readable,`)
    expect(value(await listBills(shop, by('bob'), {})).bills).toHaveLength(1)
    expect(value(await listBills(shop, by('ann'), {}))).toEqual({ bills: [], unreadable: [], next: null })
  })
})

it('a payout that cannot be read keeps no other from the account of its payee, and is named to who sees all', async () => {
  const shop = await openShop()
  const broken: Collection<JsonObject> = { ...payouts, parse: (stored) => ok(stored as JsonObject) }
  const state = { payee: 'self', currency: 'CNY', submittedAt: 1 }
  await commit(shop, [put(broken, { id: 'bad-1', version: 0, state })])
  const asked = { payee: 'self', currency: 'CNY' }
  expect(value(await showPayee(shop, byStaff(), asked))).toMatchObject({ payouts: [], unreadable: ['bad-1'] })
  const seller = { actor: { kind: 'merchant', merchantId: 'self' } } as const
  expect(value(await showPayee(shop, seller, asked))).toMatchObject({ payouts: [], unreadable: [] })
})
