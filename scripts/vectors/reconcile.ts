import { readTradeBill } from '../../adapters/gateways/wechatpay/trade-bill.js'
import type { GatewayBillRow } from '../../src/payments/gateway-bill.js'
import { reconcile } from '../../src/payments/reconcile.js'
import { compareRows, feeMinorOf, type LedgerRow } from '../../src/payments/reconcile-row.js'
import { type Check, compare, readShared } from './check.js'

const day = { from: Date.UTC(2019, 1, 18, 16), to: Date.UTC(2019, 1, 19, 16) }

/** What a ledger would hold that had booked just what the bill says. */
const bookedAs = ({ kind, reference, attemptRef, currency, amountMinor, fee, at }: GatewayBillRow): LedgerRow => ({
  kind,
  reference,
  orderId: attemptRef,
  status: 'succeeded',
  currency,
  amountMinor,
  feeMinor: fee === null ? null : feeMinorOf(fee, currency).unwrapOr(null),
  at,
  payable: null,
})

/** The published trade bill of WeChat Pay against a ledger that fits it: whole, and damaged in three ways. */
export const checkReconcile = async (folder: string): Promise<readonly Check[]> => {
  const read = readTradeBill(readShared(folder, 'wechat-bill.ALL.csv')).unwrapOr([])
  const done = read.filter(({ status }) => status === 'succeeded').sort(compareRows)
  const ledger = done.map(bookedAs)
  const findings = async (bill: readonly GatewayBillRow[]): Promise<readonly string[]> => {
    const found: string[] = []
    const tell = ({ kind }: { readonly kind: string }) => {
      if (kind !== 'matched') found.push(kind)
    }
    const totals = await reconcile({ ledger, bill, day, tell })
    return totals.isOk() ? found.sort() : [totals.error.type]
  }
  const damaged = done.flatMap((row, place) => {
    if (place === 3) return []
    if (place === 17) return [{ ...row, amountMinor: row.amountMinor + 1 }]
    return place === 29 ? [row, row] : [row]
  })
  return [
    compare('reconcile: the rows of the published bill', done.length, 45),
    compare('reconcile: the bill against its own ledger', await findings(done), []),
    compare('reconcile: a row deleted, a cent more, a row twice', await findings(damaged), [
      'amountDiff',
      'duplicate',
      'missingInBill',
    ]),
  ]
}
