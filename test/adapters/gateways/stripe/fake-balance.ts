import type { Told } from '../loopback.js'

type Intent = {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>>
  readonly received: number
  readonly bookedAt: number | null
}
type Refund = {
  readonly id: string
  readonly intent: string
  readonly amount: number
  readonly bookedAt: number | null
}
type Movement = { readonly id: string; readonly created: number }

const seconds = (at: number) => Math.floor(at / 1000)

/** What moved the balance, as Stripe lists it: newest first, by the second. */
export const createFakeBalance = <MadeIntent extends Intent, MadeRefund extends Refund>(books: {
  readonly intents: ReadonlyMap<string, MadeIntent>
  readonly refunds: ReadonlyMap<string, MadeRefund>
  readonly tell: (intent: MadeIntent) => object
  readonly tellRefund: (refund: MadeRefund) => object
  readonly idOf: (prefix: string, text: string) => string
  readonly list: (all: readonly Movement[], url: URL) => Told
  readonly feeBasisPoints: number
}) => {
  const { intents, refunds, tell, tellRefund, idOf, list, feeBasisPoints } = books
  const others: Movement[] = []
  let settled: { readonly currency: string; readonly rate: number } | undefined

  const book = (amount: number, currency: string, fee: number) =>
    settled === undefined
      ? { amount, currency, fee, net: amount - fee }
      : { amount: Math.round(amount * settled.rate), currency: settled.currency, fee: Math.round(fee * settled.rate) }
  const movements = (isWhole: boolean): readonly Movement[] => {
    const charges = [...intents.values()].flatMap((intent) => {
      const { id, received, currency, bookedAt } = intent
      if (bookedAt === null) return []
      const fee = Math.floor((received * feeBasisPoints) / 10_000)
      const charge = {
        id: idOf('ch', id),
        object: 'charge',
        amount: intent.amount,
        amount_captured: received,
        currency,
        metadata: intent.metadata,
        payment_intent: tell(intent),
      }
      const booked = { ...book(received, currency, fee), created: seconds(bookedAt) }
      return [{ id: idOf('txn', id), type: 'charge', ...booked, source: isWhole ? charge : charge.id }]
    })
    const back = [...refunds.values()].flatMap((refund) => {
      const { id, intent: intentId, amount, bookedAt } = refund
      const intent = intents.get(intentId)
      if (bookedAt === null || intent === undefined) return []
      const whole = { ...tellRefund(refund), payment_intent: tell(intent) }
      const booked = { ...book(0 - amount, intent.currency, 0), created: seconds(bookedAt) }
      return [{ id: idOf('txn', id), type: 'refund', ...booked, source: isWhole ? whole : id }]
    })
    return [...charges, ...back, ...others].sort((one, other) => other.created - one.created)
  }

  return {
    /** Something else moves it: a payout, a dispute. */
    move: (movement: Movement & { readonly type: string; readonly amount: number; readonly source?: unknown }) => {
      others.push(Object.assign({ currency: 'usd', fee: 0 }, movement))
    },
    /** Stripe pays out in one currency, whatever is paid in. */
    settleIn: (currency: string, rate: number) => {
      settled = { currency, rate }
    },
    answer: (url: URL, isWhole: boolean): Told => {
      const from = Number(url.searchParams.get('created[gte]'))
      const to = Number(url.searchParams.get('created[lt]'))
      return list(
        movements(isWhole).filter(({ created }) => created >= from && created < to),
        url,
      )
    },
  }
}
