import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { type HeldReceipt, settleReceipt } from '../../payments/held-receipt.js'
import { heldReceipts } from '../../payments/held-receipt.schema.js'
import { payments } from '../../payments/payment.schema.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { claim, type DecidedChange } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import { claims, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { noticeReturned } from '../notices/notice-returned.js'
import { orders } from '../order.collection.schema.js'
import type { HoldReceiptInput, ReturnReceiptInput } from '../order-inputs.js'
import { parseHoldReceipt, parseReturnReceipt } from '../order-inputs.schema.js'
import { askPastGateway, checkGatewayOfBooks } from '../paying/past-gateway.js'
import type { GatewayUnknown } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import {
  checkHeld,
  holdReceipt as heldChanges,
  partsKeyOf,
  type ReceiptSettled,
  receiptKeyOf,
  receiptSpace,
  releaseReceipt,
} from './hold-money.js'
import type { ReceiptReferenceUsed } from './record-receipt.js'

/** Why a line of a statement is not held. */
export type HoldReceiptError = GatewayUnknown | ReceiptReferenceUsed | CommandError

type Decided<Answer, Failure> = Result<{ readonly changes: readonly DecidedChange[]; readonly answer: Answer }, Failure>

/**
 * Records a line of a statement of which nobody knows what it is for: it is booked, in suspense. Once somebody knows,
 * `recordReceipt` of the same line puts it to its payment; else `returnReceipt` says that it was sent back. A line
 * counts once. The shop may have the gateway no more.
 *
 * @errors GatewayUnknown where nobody ever paid by it either, ReceiptReferenceUsed when the line, or a parcel of it, was recorded before as something else,
 *   CommandError
 */
export const holdReceipt = (
  ports: MoneyPorts,
  context: CommandContext,
  input: HoldReceiptInput,
): ResultAsync<HeldReceipt, HoldReceiptError> =>
  runCommand(ports, context, input, {
    action: 'orders.holdReceipt',
    ofWholeShop: true,
    parse: parseHoldReceipt,
    plan: ({ input: line }) => ({
      takenBy: claims(receiptSpace, [receiptKeyOf(line), partsKeyOf(line)]),
      found: row(heldReceipts, receiptKeyOf(line)),
      ...askPastGateway(ports, line.gatewayId),
    }),
    decide: ({ takenBy, found, ...past }, { input: line, actor, now }): Decided<HeldReceipt, HoldReceiptError> => {
      const { gatewayId, reference, amountMinor, currency } = line
      const gateway = checkGatewayOfBooks(ports, gatewayId, past)
      if (gateway.isErr()) return err(gateway.error)
      const key = receiptKeyOf(line)
      const partsKey = partsKeyOf(line)
      const owner = takenBy.get(key) ?? takenBy.get(partsKey)
      if (owner !== undefined) {
        return owner === key && found !== undefined && isSameLine(found.state, line)
          ? ok({ changes: [], answer: found.state })
          : err({
              type: 'ReceiptReferenceUsed',
              reference,
              paymentId: owner === key || owner === partsKey ? (found?.state.paymentId ?? null) : owner,
            })
      }
      const receipt: HeldReceipt = {
        ...{ receiptId: key, gatewayId, reference, paymentId: null, orderId: null },
        ...{ reason: 'unexplained', currency, amountMinor, recordedAt: now, status: 'held' },
      }
      return ok({
        changes: [
          ...heldChanges(receipt),
          claim({ space: receiptSpace, key, owner: key }),
          claim({ space: receiptSpace, key: partsKey, owner: key }),
          auditEntry(ports.ids, {
            ...{ actor, action: 'orders.holdReceipt', subject: key, at: now, outcome: 'done' },
            detail: `${currency} ${amountMinor}`,
          }),
        ],
        answer: receipt,
      })
    },
  })

const isSameLine = (
  { amountMinor, appliedMinor = 0, currency }: HeldReceipt,
  line: Pick<HoldReceiptInput, 'amountMinor' | 'currency'>,
): boolean => amountMinor + appliedMinor === line.amountMinor && currency === line.currency

/** Why held money is not said to be sent back. */
export type ReturnReceiptError = NotFound | ReceiptSettled | CommandError

/**
 * Records that a person has sent money of a statement back that fits nothing that was asked for: whole, to where it came
 * from. Whoever paid it is told, once. Or that it never came, as its line was mistyped, of which nobody is told. Saying
 * either again changes nothing.
 *
 * @errors NotFound; ReceiptSettled where it went to its payment meanwhile; CommandError
 */
export const returnReceipt = (
  ports: MoneyPorts,
  context: CommandContext,
  input: ReturnReceiptInput,
): ResultAsync<HeldReceipt, ReturnReceiptError> =>
  runCommand(ports, context, input, {
    action: 'orders.returnReceipt',
    parse: parseReturnReceipt,
    plan: ({ input: { receiptId } }) => ({
      found: row(heldReceipts, receiptId),
      payment: row(payments, { from: 'found', path: 'paymentId' }),
      order: row(orders, { from: 'found', path: 'orderId' }),
    }),
    decide: (
      { found, payment, order },
      { input: { receiptId, mistyped }, actor, now },
    ): Decided<HeldReceipt, ReturnReceiptError> => {
      if (found === undefined) return err({ type: 'NotFound', entity: 'receipt', id: receiptId })
      if (found.state.status === 'returned') return ok({ changes: [], answer: found.state })
      const end = { status: 'returned', ...(mistyped === undefined ? {} : { mistyped }) } as const
      return checkHeld(found).map((held) => ({
        changes: [
          ...releaseReceipt(held, { ...end, at: now }),
          ...(mistyped === true
            ? []
            : noticeReturned({ id: `receiptReturned/${receiptId}`, at: now }, order?.state, payment?.state, {
                minor: held.state.amountMinor,
                currency: held.state.currency,
              })),
          auditEntry(ports.ids, {
            ...{ actor, action: 'orders.returnReceipt', subject: receiptId, at: now, outcome: 'done' },
            detail: `${held.state.currency} ${held.state.amountMinor}${mistyped === true ? ' mistyped' : ''}`,
          }),
        ],
        answer: settleReceipt(held.state, end, now),
      }))
    },
  })
