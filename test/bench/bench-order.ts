import { adjust, type Change, commitChanges, expectRow, operations, put, type Storage } from 'shopwright'
import { stockCounters } from '../../src/inventory/stock.js'
import { type BenchCoupon, type BenchOrder, benchBooks, benchCoupons, benchOrders } from './checkout-tables.js'

/** More pieces than a run can sell. */
export const piecesOfSku = 1_000_000_000

const books = ['offers', 'shipping', 'tax']

// A buyer uses so many coupons in turn, so that none is used again while its last order is being written.
const couponsOfClient = 64

/** Writes, or throws. */
export const write = async (storage: Storage, shop: string, changes: readonly Change[]): Promise<void> => {
  const committed = await commitChanges(storage, { shop, at: Date.now(), changes })
  if (committed.isErr()) throw new Error(`a commit was refused: ${JSON.stringify(committed.error)}`)
}

const couponId = (client: number, position: number): string =>
  `${String(client).padStart(3, '0')}-${String(position).padStart(3, '0')}`

const coupon = (id: string, orderId: string | null): BenchCoupon => ({
  couponId: id,
  holderId: `holder-${id}`,
  offerId: 'offer-1',
  status: orderId === null ? 'claimed' : 'locked',
  orderId,
})

/** The write set of the pgbench script as changes; the cart it reads is part of the read, not of the commit. */
export const changesOfOrder = (
  orderId: string,
  lines: BenchOrder['lines'],
  used: { readonly id: string; readonly version: number },
  at: number,
): readonly Change[] => {
  const accountId = String(1 + Math.floor(Math.random() * 1_000))
  return [
    put(operations, {
      id: `account:${accountId}|bench.place|${orderId}`,
      version: 0,
      state: {
        status: 'answered',
        command: 'bench.place',
        actor: `account:${accountId}`,
        fingerprint: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        answer: { status: 'awaitingPayment', payableMinor: 59_970, currency: 'CNY' },
        at,
      },
    }),
    put(benchOrders, {
      id: orderId,
      version: 0,
      state: {
        orderId,
        accountId,
        status: 'awaitingPayment',
        currency: 'CNY',
        placedAt: at,
        goodsMinor: 58_970,
        shippingMinor: 1_000,
        totalMinor: 59_970,
        lines,
        price: {
          listMinor: 62_970,
          discountMinor: 4_000,
          goodsMinor: 58_970,
          shippingMinor: 1_000,
          taxMinor: 6_784,
          payableMinor: 59_970,
          pricingVersion: 1,
          offers: [{ offerId: 'offer-1', discountMinor: 4_000 }],
        },
      },
      events: [
        {
          type: 'OrderPlaced',
          currency: 'CNY',
          goodsMinor: 58_970,
          shippingMinor: 1_000,
          totalMinor: 59_970,
          lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
        } as { readonly type: string },
      ],
    }),
    ...lines.map(({ sku, quantity }) => adjust(stockCounters, { id: sku, by: -quantity })),
    put(benchCoupons, {
      id: used.id,
      version: used.version,
      state: coupon(used.id, orderId),
      events: [
        { type: 'CouponLocked', offerId: 'offer-1', discountMinor: 4_000, lockedUntil: at + 1_800_000 } as {
          readonly type: string
        },
      ],
    }),
    ...books.map((id) => expectRow(benchBooks, { id, version: 1 })),
  ]
}

/** Makes the books and, for each buyer, the coupons. */
export const fillShop = async (storage: Storage, shop: string, clients: number): Promise<void> => {
  await write(
    storage,
    shop,
    books.map((id) => put(benchBooks, { id, version: 0, state: { bookId: id, revision: 1 } })),
  )
  for (let client = 0; client < clients; client += 1) {
    const ids = Array.from({ length: couponsOfClient }, (_, position) => couponId(client, position))
    await write(
      storage,
      shop,
      ids.map((id) => put(benchCoupons, { id, version: 0, state: coupon(id, null) })),
    )
  }
}

/** What buyers know of their coupons. */
export type Wallets = {
  /** The coupon a buyer uses next, and what is to be called once it is used. */
  readonly take: (client: number) => {
    readonly used: { readonly id: string; readonly version: number }
    readonly noteUsed: () => void
  }
}

/** The wallets of buyers whose coupons `fillShop` has made. */
export const createWallets = (): Wallets => {
  const wallets = new Map<number, { readonly versions: number[]; next: number }>()
  return {
    take: (client) => {
      const wallet = wallets.get(client) ?? { versions: [], next: 0 }
      wallets.set(client, wallet)
      const position = wallet.next
      wallet.next = (position + 1) % couponsOfClient
      const version = wallet.versions[position] ?? 1
      return {
        used: { id: couponId(client, position), version },
        noteUsed: () => {
          wallet.versions[position] = version + 1
        },
      }
    },
  }
}

/** The id of an order by its number: nineteen digits that grow with time, as in the pgbench script. */
export const orderIdOf = (number: number): string => (1_000_000_000_000_000_000n + BigInt(number)).toString()
