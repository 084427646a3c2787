import type { Instant } from '../shared/instant.js'
import { joinPoll, joinText, laterFailure } from './known-facts.js'
import type { KnownRefundFacts, Refund, RefundFailure } from './refund.js'
import type { RefundSnapshot } from './snapshot.js'

/** Before the gateway has said anything of a try. */
export const nothingKnownOfRefund: KnownRefundFacts = {
  gatewayRef: null,
  accepted: false,
  succeededAt: null,
  confirmedAt: null,
  failure: null,
}

/**
 * What the gateway tells unasked of a refund. Only the word that it is under way counts as taken note of: the end of an earlier
 * try says nothing about this one.
 */
export const readSnapshot = ({ gatewayRef, status, failure, goneMinor, at }: RefundSnapshot): KnownRefundFacts => {
  switch (status) {
    case 'pending':
      return { ...nothingKnownOfRefund, gatewayRef, accepted: true }
    case 'succeeded':
      return { ...nothingKnownOfRefund, gatewayRef, succeededAt: at }
    case 'failed':
      return {
        ...nothingKnownOfRefund,
        gatewayRef,
        failure: { code: failure ?? 'InstrumentDeclined', at, ...(goneMinor === undefined ? {} : { goneMinor }) },
      }
  }
}

/** What the gateway answers of a refund that was sent, or asked about. */
export const readAnswer = (state: Refund, snapshot: RefundSnapshot): KnownRefundFacts => {
  if (snapshot.status === 'failed') return readSnapshot({ ...snapshot, at: afterLastFailure(state, snapshot.at) })
  const facts = readSnapshot(snapshot)
  return { ...facts, confirmedAt: facts.succeededAt }
}

// What is answered to this try is its own, even where a clock has not moved since the try before failed, or was behind then.
const afterLastFailure = ({ past }: Refund, at: Instant): Instant => Math.max(at, (endedAt(past) ?? -1) + 1)

/** When the try before failed, or a person said that it had not moved: what failed until then is no word on this one. */
export const endedAt = ({ failedAt, decidedAt }: Refund['past']): Instant | null => laterOf(failedAt, decidedAt ?? null)

/** Adds what is known on one side to what is known on the other; commutes, associates, and changes nothing twice. */
export const joinRefundFacts = (left: KnownRefundFacts, right: KnownRefundFacts): KnownRefundFacts => ({
  gatewayRef: joinText(left.gatewayRef, right.gatewayRef),
  accepted: left.accepted || right.accepted,
  ...joinPoll(left, right),
  succeededAt: laterOf(left.succeededAt, right.succeededAt),
  confirmedAt: laterOf(left.confirmedAt, right.confirmedAt),
  failure: laterFailure(left.failure, right.failure),
  ...declinedOf(laterFailure(left.declined ?? null, right.declined ?? null)),
  ...decidedOf(left.decided ?? right.decided),
})

const decidedOf = (decided: KnownRefundFacts['decided']): Pick<KnownRefundFacts, 'decided'> =>
  decided === undefined ? {} : { decided }

const declinedOf = (declined: RefundFailure | null): Pick<KnownRefundFacts, 'declined'> =>
  declined === null ? {} : { declined }

/** Of two moments the later, where there are two. */
export const laterOf = (left: Instant | null, right: Instant | null): Instant | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right)
