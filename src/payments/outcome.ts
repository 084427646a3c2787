import { daysMs, type Instant, secondsMs } from '../shared/instant.js'
import { gatewayErrors } from './gateway-error.js'
import type { Payment, PaymentCommand } from './payment.js'
import type { CreatedPayment, Outcome } from './ports.js'
import type { RefundCommand } from './refund.js'
import type { PaymentSnapshot, RefundSnapshot } from './snapshot.js'

/**
 * What the answer to the request to create means for the payment.
 *
 * @param inDoubt - whether the same was asked before and nobody knows what came of it: who is turned away at the door now
 * learns nothing of that
 */
export const commandsOfCreate = (
  outcome: Outcome<CreatedPayment>,
  { at, inDoubt }: { readonly at: Instant; readonly inDoubt: boolean },
): readonly PaymentCommand[] => {
  switch (outcome.kind) {
    case 'ok': {
      const { gatewayRef, next, snapshot } = outcome.value
      const created = { type: 'RecordCreated', gatewayRef, nextKind: next.kind, at } as const
      return snapshot === null ? [created] : [created, { type: 'RecordSnapshot', snapshot }]
    }
    case 'pending':
      return [{ type: 'RecordCreated', nextKind: 'none', ...pendingOf(outcome), at }]
    case 'declined':
      return inDoubt && gatewayErrors[outcome.error.code].atTheDoor
        ? [{ type: 'RecordUnknown', cause: 'ambiguous', at }]
        : [{ type: 'RecordDeclined', code: outcome.error.code, at }]
    case 'unknown':
      return [{ type: 'RecordUnknown', cause: outcome.cause, at }]
  }
}

type Pending = Extract<Outcome<unknown>, { kind: 'pending' }>

/**
 * When whoever has accepted something wants to be asked first, milliseconds; undefined where they do not say. Of a port that
 * somebody else wrote it may be anything: it is asked neither at once nor never.
 */
export const pollOf = ({ pollAfterMs }: Pick<Pending, 'pollAfterMs'>): number | undefined =>
  typeof pollAfterMs !== 'number' || Number.isNaN(pollAfterMs)
    ? undefined
    : Math.min(Math.max(Math.floor(pollAfterMs), secondsMs), daysMs)

const pendingOf = (pending: Pending) => {
  const pollAfterMs = pollOf(pending)
  return { gatewayRef: pending.gatewayRef, ...(pollAfterMs === undefined ? {} : { pollAfterMs }) }
}

/**
 * What the answer to a question means for the payment. That the gateway has never heard of it is noted, and ends
 * nothing: a request may still be on its way. Once nobody can pay it any more, what a person said of it is held against that.
 *
 * @param at - when it was asked: what arrived since, the answer does not know of
 */
export const commandsOfQuery = (
  outcome: Outcome<PaymentSnapshot | 'notFound'>,
  { at, expiresAt, said }: { readonly at: Instant } & Pick<Payment, 'expiresAt' | 'said'>,
): readonly PaymentCommand[] => {
  const asked = { type: 'RecordAsked', at } as const
  if (outcome.kind !== 'ok') return [asked]
  if (outcome.value !== 'notFound') return [asked, { type: 'RecordSnapshot', snapshot: outcome.value, askedAt: at }]
  const isDenied = said !== undefined && at >= Math.max(expiresAt, said.at)
  return [{ ...asked, unheard: true }, ...(isDenied ? [{ type: 'WeighWord', takenMinor: 0, at } as const] : [])]
}

/**
 * What the answer to the request to take held money means; one that was lost leaves the capture under way.
 *
 * @param asked.inDoubt - as for `commandsOfCreate`
 */
export const commandsOfCapture = (
  outcome: Outcome<PaymentSnapshot>,
  asked: { readonly captureId: string; readonly at: Instant; readonly inDoubt: boolean },
): readonly PaymentCommand[] => {
  const { captureId, at } = asked
  switch (outcome.kind) {
    case 'ok':
      return [{ type: 'RecordSnapshot', snapshot: outcome.value }]
    case 'declined':
      if (asked.inDoubt && gatewayErrors[outcome.error.code].atTheDoor) return [{ type: 'RecordAsked', at }]
      return [
        { type: 'FailCapture', captureId, code: outcome.error.code },
        { type: 'RecordAsked', at },
      ]
    case 'pending':
    case 'unknown':
      return [{ type: 'RecordAsked', at }]
  }
}

/**
 * What the answer to the request to close means for a payment that is closing. After `alreadyPaid`, and while it is not
 * closed, the gateway is to be asked.
 *
 * @param payment - as it stands; asked from `expiresAt` on (`at` is when it was asked), never having heard of it is the end
 */
export const commandsOfClose = (
  outcome: Outcome<'closed' | 'alreadyPaid' | 'notFound'>,
  { at, expiresAt, status, said }: { readonly at: Instant } & Pick<Payment, 'expiresAt' | 'status' | 'said'>,
): readonly PaymentCommand[] => {
  const asked = { type: 'RecordAsked', at } as const
  switch (outcome.kind) {
    case 'ok': {
      if (outcome.value === 'closed' && status === 'partlyCaptured') return [{ type: 'ConfirmReleased' }]
      // Meanwhile a person has said that it was paid.
      if (outcome.value === 'closed' && status === 'captured' && said !== undefined) {
        return [{ type: 'WeighWord', takenMinor: 0, at }]
      }
      if (outcome.value === 'closed') return [{ type: 'ConfirmClosed', evidence: 'closedByGateway', at }]
      const gone = outcome.value === 'notFound' && at >= expiresAt
      return gone ? [{ type: 'ConfirmClosed', evidence: 'notFoundAfterExpiry', at }] : [asked]
    }
    case 'pending':
    case 'declined':
      return [asked]
    case 'unknown':
      return [asked, { type: 'RecordUnknown', cause: outcome.cause, at }]
  }
}

/**
 * What the answer to the request to give money back means for the refund. Of one that was sent before, whoever is turned
 * away at the door has to ask what came of it first. Too many requests are a matter of the moment: it is sent again.
 *
 * @param asked - which try of the refund was sent (`tries`), and when its answer came
 */
export const commandsOfRefund = (
  outcome: Outcome<RefundSnapshot>,
  asked: { readonly tries: number; readonly at: Instant },
): readonly RefundCommand[] => {
  const { tries, at } = asked
  switch (outcome.kind) {
    case 'ok':
      return [{ type: 'RecordRefundSnapshot', snapshot: outcome.value, isAnswer: true, tries }]
    case 'pending':
      return [{ type: 'RecordRefundPending', tries, ...pendingOf(outcome), at }]
    case 'declined':
      if (outcome.error.code === 'RateLimited') return [{ type: 'RecordRefundUnknown', cause: 'ambiguous', at }]
      return [{ type: 'RecordRefundDeclined', tries, code: outcome.error.code, at }]
    case 'unknown':
      return [{ type: 'RecordRefundUnknown', cause: outcome.cause, at }]
  }
}

/**
 * What the answer to a question means for the refund; where the gateway has never heard of it, the same request may be
 * sent again.
 *
 * @param tries - which try of the refund was the latest when the gateway was asked
 */
export const commandsOfRefundQuery = (
  outcome: Outcome<RefundSnapshot | 'notFound'>,
  tries: number,
): readonly RefundCommand[] => {
  if (outcome.kind !== 'ok' || outcome.value === 'notFound') return []
  // A failure that is found may still be that of the try before.
  const ofThisTry = outcome.value.status === 'failed' ? {} : { isAnswer: true as const, tries }
  return [{ type: 'RecordRefundSnapshot', snapshot: outcome.value, ...ofThisTry }]
}

/** Whether a new attempt under a new key is safe after an outcome: only after a definite no. */
export const mayTryAnew = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === 'declined' && gatewayErrors[outcome.error.code].definite
