import { err, ok, type Result } from 'neverthrow'
import { type HeldReceipt, type HeldReceiptFacts, type ReceiptEnd, settleReceipt } from '../../payments/held-receipt.js'
import { heldReceipts } from '../../payments/held-receipt.schema.js'
import { appendEntries } from '../../payments/move-payment.js'
import { postSuspended, postSuspenseMove, postSuspenseReturn } from '../../payments/posting.js'
import { type Change, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'

/** The space that says what a line of a statement was recorded as: the id of its payment, or of what is held of it. */
export const receiptSpace = 'offlineReceipt'

/** The space that says what a line that was put to a payment, or the part of it that a parcel brought, came to. */
export const receiptAmountSpace = 'offlineReceiptAmount'

/** The key of a line of a gateway's statement. */
export const receiptKeyOf = ({ gatewayId, reference }: Pick<HeldReceiptFacts, 'gatewayId' | 'reference'>): string =>
  `${gatewayId}:${reference}`

/** The key of what is recorded of a line parcel by parcel: held by its first parcel, or by the line where it is held whole. */
export const partsKeyOf = (line: Pick<HeldReceiptFacts, 'gatewayId' | 'reference'>): string => `${receiptKeyOf(line)}:*`

/** Writes down money that fits nothing, and books it: it is the gateway's to pay out, and in suspense. */
export const holdReceipt = (receipt: HeldReceipt): readonly Change[] => {
  const { receiptId, gatewayId, currency, amountMinor, recordedAt: at } = receipt
  return [
    put(heldReceipts, { id: receiptId, version: 0, state: receipt }),
    ...appendEntries(postSuspended({ reference: receiptId, gatewayId, currency, amountMinor, at })),
  ]
}

/** Takes held money out of suspense: to what it is for, which books it as it comes in, or back to who sent it. */
export const releaseReceipt = (
  { id, version, state }: Stored<HeldReceipt>,
  { at, ...end }: ReceiptEnd & { readonly at: Instant },
): readonly Change[] => {
  const { gatewayId, currency, amountMinor } = state
  const money = { reference: id, gatewayId, currency, amountMinor, at }
  return [
    put(heldReceipts, { id, version, state: settleReceipt(state, end, at) }),
    ...appendEntries(end.status === 'applied' ? postSuspenseMove(money) : postSuspenseReturn(money)),
  ]
}

/** Takes what a parcel has brought out of the held remittance that it is a part of; with the last of it that is settled. */
export const releasePart = (
  { id, version, state }: Stored<HeldReceipt>,
  { parcelId, amountMinor, at }: { readonly parcelId: string; readonly amountMinor: number; readonly at: Instant },
): readonly Change[] => {
  const { gatewayId, currency, appliedMinor = 0 } = state
  const leftMinor = state.amountMinor - amountMinor
  const left: HeldReceipt =
    leftMinor > 0
      ? { ...state, amountMinor: leftMinor, appliedMinor: appliedMinor + amountMinor }
      : settleReceipt(state, { status: 'applied' }, at)
  const money = { reference: `${id}:${parcelId}`, gatewayId, currency, amountMinor, at }
  return [put(heldReceipts, { id, version, state: left }), ...appendEntries(postSuspenseMove(money))]
}

/** The money has left suspense: it went to what it was for, or was sent back. */
export type ReceiptSettled = {
  readonly type: 'ReceiptSettled'
  readonly receiptId: string
  readonly status: HeldReceipt['status']
}

/**
 * Money that stands in suspense still.
 *
 * @errors ReceiptSettled
 */
export const checkHeld = (found: Stored<HeldReceipt>): Result<Stored<HeldReceipt>, ReceiptSettled> => {
  const { receiptId, status } = found.state
  return status === 'held' || status === 'owedBack' ? ok(found) : err({ type: 'ReceiptSettled', receiptId, status })
}
