import { json, type Received, type Told } from '../loopback.js'

type Money = { readonly currency_code: string; readonly value: string }
type Order = {
  readonly invoiceId: string
  readonly customId: string
  readonly captures: readonly { readonly id: string; readonly amount: Money; readonly at: number }[]
  readonly refunds: readonly {
    readonly id: string
    readonly amount: Money
    readonly customId: string
    readonly capture: string
    readonly at: number
  }[]
}
type Movement = Readonly<Record<string, unknown>> & { readonly transaction_initiation_date: string }

const stamp = (at: number) => `${new Date(at).toISOString().slice(0, 19)}+0000`

/** PayPal's Transaction Search: what moved the balance, oldest first, by the page. */
export const createFakeReports = (world: {
  readonly now: () => number
  readonly merchantId: string
  readonly orders: ReadonlyMap<string, Order>
  readonly refuse: (status: number, issue: string) => Told
}) => {
  const { now, merchantId, orders, refuse } = world
  const others: Movement[] = []
  let lagMs = 0
  let mostItems = 10_000
  let handsOnMarks = true
  let own = { pageSize: 500, account: merchantId, missing: 0 }

  const movements = (): readonly Movement[] => {
    const all = [...orders.values()].flatMap(({ invoiceId, customId, captures, refunds }) => [
      ...captures.map(({ id, amount, at }) => ({
        transaction_id: id,
        transaction_event_code: 'T0006',
        transaction_initiation_date: stamp(at),
        transaction_amount: amount,
        fee_amount: { ...amount, value: '-0.30' },
        transaction_status: 'S',
        invoice_id: invoiceId,
        custom_field: customId,
      })),
      ...refunds.map(({ id, amount, customId: mark, capture, at }) => ({
        transaction_id: id,
        paypal_reference_id: capture,
        paypal_reference_id_type: 'TXN',
        transaction_event_code: 'T1107',
        transaction_initiation_date: stamp(at),
        transaction_amount: { ...amount, value: `-${amount.value}` },
        fee_amount: { ...amount, value: '0.10' },
        transaction_status: 'S',
        ...(handsOnMarks ? { invoice_id: invoiceId, custom_field: mark } : { custom_field: customId }),
      })),
    ])
    return [...all, ...others].sort(
      (one, other) => Date.parse(one.transaction_initiation_date) - Date.parse(other.transaction_initiation_date),
    )
  }

  return {
    /** Something else moves the balance. */
    move: (movement: Movement) => {
      others.push(movement)
    },
    /** What happened is listed so much later. */
    lag: (milliseconds: number) => {
      lagMs = milliseconds
    },
    /** More than so many are not listed at once. */
    letListsHold: (most: number) => {
      mostItems = most
    },
    /** A refund is listed with what its payment carries. */
    hideMarks: () => {
      handsOnMarks = false
    },
    be: (facts: Partial<typeof own>) => {
      own = { ...own, ...facts }
    },
    answer: ({ path }: Received): Told => {
      const asked = new URL(path, 'http://localhost').searchParams
      const [from, to] = [Date.parse(asked.get('start_date') ?? ''), Date.parse(asked.get('end_date') ?? '')]
      const page = Number(asked.get('page'))
      if (!(to - from < 31 * 86_400_000) || asked.get('balance_affecting_records_only') !== 'Y')
        return refuse(400, 'INVALID_REQUEST')
      const found = movements().filter(({ transaction_initiation_date: date }) => {
        const at = Date.parse(date)
        return at >= from && at <= to
      })
      if (found.length > mostItems) return refuse(400, 'RESULTSET_TOO_LARGE')
      const size = Math.min(own.pageSize, Number(asked.get('page_size')))
      return json(200, {
        transaction_details: found
          .slice((page - 1) * size, page * size)
          .slice(own.missing)
          .map((info) => ({ transaction_info: info })),
        account_number: own.account,
        last_refreshed_datetime: stamp(now() - lagMs),
        page,
        total_items: found.length,
        total_pages: Math.ceil(found.length / size),
      })
    },
  }
}
