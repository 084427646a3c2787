import { expect } from 'vitest'
import type { SandboxGateway } from '../../adapters/gateways/sandbox/index.js'
import { reconcileBill } from '../../src/orders/books/reconcile-bill.js'
import type { GatewayBillRow } from '../../src/payments/gateway-bill.js'
import type { Payment } from '../../src/payments/payment.js'
import { untakenMinor } from '../../src/payments/payment-machine.js'
import { daysMs } from '../../src/shared/instant.js'
import { localDayName, localDayOf } from '../../src/shared/local-day.js'
import type { Books, History } from './history-scene.js'
import { byStaff, value } from './open-shop.js'

const timeZone = 'Asia/Shanghai'

/** Writes down what the gateway takes, each time with its day; of what goes back its books say in the end when it did. */
export const createBillOf = (gateway: Pick<SandboxGateway, 'books'>) => {
  const taken: GatewayBillRow[] = []
  return {
    /** Looks at what has been taken since. */
    look: (): void => {
      for (const { attemptRef, gatewayRef, currency, capturedMinor, feeMinor, at } of gateway.books().payments) {
        const before = taken.filter(({ reference }) => reference === attemptRef)
        const amountMinor = before.reduce((left, row) => left - row.amountMinor, capturedMinor)
        const feeLeft = before.reduce((left, { fee }) => left - (fee?.value ?? 0), feeMinor)
        if (amountMinor <= 0) continue
        const about = { kind: 'payment', reference: attemptRef, attemptRef, gatewayRef, currency } as const
        taken.push({ ...about, status: 'succeeded', amountMinor, fee: { value: feeLeft, scale: 2 }, at })
      }
    },
    rows: (): readonly GatewayBillRow[] => [
      ...taken,
      ...gateway.books().refunds.map(
        ({ refundRef, attemptRef, gatewayRef, currency, amountMinor, status, at }): GatewayBillRow => ({
          ...{ kind: 'refund', reference: refundRef, attemptRef, gatewayRef, currency, amountMinor, status, at },
          fee: null,
        }),
      ),
    ],
  }
}

/** Whether something that was held was not taken in time, and is not held any more. */
export const isHoldEnded = (payment: Payment): boolean =>
  payment.known.restReleased === true && untakenMinor(payment) > 0

/**
 * Once everything has come to its end, the gateway's bill of every day says what the ledger says: nothing is left to be
 * learned of it, and there is nothing that a person has to look at.
 */
export const expectBillsToMatch = async ({ shop, bill }: History, { payments, ledger }: Books): Promise<void> => {
  // A shop's clock that was ahead may have booked for days that were still to come.
  shop.pass(9 * daysMs)
  const rows = bill.rows()
  const dayOf = (at: number): string => localDayName(localDayOf(at, timeZone))
  const ofShop = ledger.filter(({ body }) => body.lines.some(({ account }) => account === 'gatewayClearing:sandbox'))
  const moments = [...rows.map(({ at }) => at), ...ofShop.map(({ body }) => body.at)]
  // What moved late on a day may stand in the bill of the day after.
  const days = moments.flatMap((at) => [dayOf(at), dayOf(at + daysMs)])
  for (const day of [...new Set(days)].sort()) {
    const source = rows.filter(({ at }) => dayOf(at) === day)
    const read = value(await reconcileBill(shop, byStaff(), { gatewayId: 'sandbox', day, timeZone, source }))
    // That a hold ended before all was sent is for a person to see, on every day on which something of it was taken.
    const ended = payments.filter(({ state }) => isHoldEnded(state)).map(({ id }) => id)
    const amiss = read.findings.filter(({ kind, reference }) => kind !== 'orderDiff' || !ended.includes(reference))
    expect([day, read.learned, JSON.stringify(amiss)]).toEqual([day, 0, '[]'])
  }
}
