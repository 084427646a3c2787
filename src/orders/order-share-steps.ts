import { err, ok, type Result } from 'neverthrow'
import type { Order, OrderPayer } from './order.js'
import type { OrderCommand } from './order-command.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'

type Decision = Result<readonly OrderEvent[], OrderError>

/** Whether one of several has paid their part. */
export const hasPaidShare = ({ payers = [] }: Order): boolean => payers.some(({ paidBy }) => paidBy !== null)

/** Shares what is to be paid: the parts are the whole, each above zero, and none is paid yet. */
export const sharePayment = (
  order: Order,
  { payers, at }: Extract<OrderCommand, { type: 'SharePayment' }>,
): Decision => {
  const { orderId, totals } = order
  if (hasPaidShare(order)) return err({ type: 'PaymentShared', orderId })
  const actualMinor = payers.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  return actualMinor === totals.payableMinor && payers.every(({ amountMinor }) => amountMinor > 0)
    ? ok([{ type: 'PaymentShared', payers, at }])
    : err({ type: 'SharesDiffer', orderId, expectedMinor: totals.payableMinor, actualMinor })
}

/** Notes that one of several has paid; once for each. */
export const payShare = (
  order: Order,
  { type, payerId, paymentId, at }: Extract<OrderCommand, { type: 'PayShare' }>,
): Decision => {
  const payer = order.payers?.find((each) => each.payerId === payerId)
  if (payer === undefined || payer.paidBy !== null) return err({ type: 'NothingToDo', command: type })
  return ok([{ type: 'SharePaid', payerId, paymentId, amountMinor: payer.amountMinor, at }])
}

/** Makes a part of its own of too little that came for all of an order, or for the part of one of several. */
export const acceptPart = (
  { orderId, accountId, totals, payers }: Order,
  { type, paymentId, amountMinor, payerIds, at }: Extract<OrderCommand, { type: 'AcceptPart' }>,
): Decision => {
  const whole =
    payers === undefined
      ? { payerId: payerIds.rest, accountId, amountMinor: totals.payableMinor }
      : payers.find(({ paymentIds, paidBy }) => paidBy === null && paymentIds.includes(paymentId))
  if (whole === undefined) return err({ type: 'NothingToDo', command: type })
  const { payerId, accountId: by, amountMinor: expectedMinor } = whole
  if (amountMinor <= 0 || amountMinor >= expectedMinor) {
    return err({ type: 'SharesDiffer', orderId, expectedMinor, actualMinor: amountMinor })
  }
  const part = { payerId: payerIds.part, accountId: by, amountMinor }
  const rest = { payerId, accountId: by, amountMinor: expectedMinor - amountMinor }
  return ok([{ type: 'PartAccepted', paymentId, part, rest, at }])
}

/** An order of which a payment is tried; of several payers, by one of them. */
export const attempted = (
  order: Order,
  { paymentId, payerId }: Extract<OrderEvent, { type: 'AttemptStarted' }>,
): Order => {
  const begun = { ...order, paymentIds: [...order.paymentIds, paymentId] }
  if (order.payers === undefined) return begun
  return {
    ...begun,
    payers: order.payers.map((payer) =>
      payer.payerId === payerId ? { ...payer, paymentIds: [...payer.paymentIds, paymentId] } : payer,
    ),
  }
}

/** An order with those who pay it together, as they stand now. */
export const shared = (order: Order, event: Extract<OrderEvent, { type: 'PaymentShared' | 'SharePaid' }>): Order =>
  event.type === 'PaymentShared'
    ? { ...order, payers: event.payers.map((payer) => ({ ...payer, paymentIds: [], paidBy: null })) }
    : { ...order, payers: withPaid(order.payers ?? [], event) }

// Where a part of it was accepted of the same payment before, the two are one again.
const withPaid = (
  payers: readonly OrderPayer[],
  { payerId, paymentId }: Extract<OrderEvent, { type: 'SharePaid' }>,
): readonly OrderPayer[] => {
  const part = payers.find(({ paidBy }) => paidBy === paymentId)
  return payers
    .filter((payer) => payer !== part)
    .map((payer) =>
      payer.payerId === payerId
        ? {
            ...payer,
            amountMinor: payer.amountMinor + (part?.amountMinor ?? 0),
            paymentIds: [...(part?.paymentIds ?? []), ...payer.paymentIds],
            paidBy: paymentId,
          }
        : payer,
    )
}

/** An order of which too little counts as a part: what is left is due in its place. */
export const withPart = (
  order: Order,
  { paymentId, part, rest }: Extract<OrderEvent, { type: 'PartAccepted' }>,
): Order => {
  const { payers = [{ ...rest, paymentIds: [], paidBy: null }] } = order
  const left = payers.map((payer) =>
    payer.payerId === rest.payerId
      ? { ...payer, ...rest, paymentIds: payer.paymentIds.filter((each) => each !== paymentId) }
      : payer,
  )
  return { ...order, payers: [...left, { ...part, paymentIds: [paymentId], paidBy: paymentId, partOf: rest.payerId }] }
}
