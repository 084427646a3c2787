import { okAsync, ResultAsync } from 'neverthrow'
import type { DisputePort, GatewayAnswer, NotificationReply, Outcome, PaymentGateway, SplitPort } from './ports.js'

/**
 * Wraps a gateway that somebody else wrote: what it throws, and what it rejects with, becomes an unknown outcome, for a
 * request may have gone out before it broke.
 *
 * @param gatewayId - what the shop calls it: what its payments say from then on, whatever it calls itself
 */
export const guardGateway = (gateway: PaymentGateway, gatewayId = gateway.gatewayId): PaymentGateway => {
  // Every member is named, and called on its owner: of a class they stand on the prototype and speak of `this`.
  const { merchantAccount, capabilities, disputes, splits } = gateway
  const capture = gateway.capture?.bind(gateway)
  return {
    gatewayId,
    merchantAccount,
    capabilities,
    create: (request) => guard(() => gateway.create(request)),
    query: (request) => guard(() => gateway.query(request)),
    close: (request) => guard(() => gateway.close(request)),
    refund: (request) => guard(() => gateway.refund(request)),
    queryRefund: (request) => guard(() => gateway.queryRefund(request)),
    ...(capture === undefined ? {} : { capture: (request) => guard(() => capture(request)) }),
    verifyNotification: (notification) =>
      ResultAsync.fromPromise(
        Promise.resolve().then(() => gateway.verifyNotification(notification)),
        () => ({ type: 'NotificationRejected', reason: 'malformed' }) as const,
      ).andThen((verified) => verified),
    acknowledge: (handled) => guardReply(() => gateway.acknowledge(handled)),
    ...(disputes === undefined ? {} : { disputes: guardDisputes(disputes) }),
    ...(splits === undefined ? {} : { splits: guardSplits(splits) }),
  }
}

const guardDisputes = (disputes: DisputePort): DisputePort => {
  const { mostCharacters, files } = disputes
  const submitEvidence = disputes.submitEvidence?.bind(disputes)
  const accept = disputes.accept?.bind(disputes)
  const read = disputes.read?.bind(disputes)
  const list = disputes.list?.bind(disputes)
  return {
    query: (request) => guard(() => disputes.query(request)),
    ...(submitEvidence === undefined ? {} : { submitEvidence: (request) => guard(() => submitEvidence(request)) }),
    ...(accept === undefined ? {} : { accept: (request) => guard(() => accept(request)) }),
    ...(mostCharacters === undefined ? {} : { mostCharacters }),
    ...(files === undefined ? {} : { files }),
    ...(read === undefined ? {} : { read: (request) => guard(() => read(request)) }),
    ...(list === undefined ? {} : { list: (request) => guard(() => list(request)) }),
  }
}

const guardSplits = (splits: SplitPort): SplitPort => ({
  mostBasisPoints: splits.mostBasisPoints,
  accountOf: (payee) => guard(() => splits.accountOf(payee)),
  send: (request) => guard(() => splits.send(request)),
  takeBack: (request) => guard(() => splits.takeBack(request)),
  finish: (request) => guard(() => splits.finish(request)),
})

const guard = <T>(ask: () => GatewayAnswer<T>): GatewayAnswer<T> => {
  const threw: Outcome<T> = { kind: 'unknown', cause: 'threw' }
  return ResultAsync.fromPromise(
    Promise.resolve().then(() => ask()),
    () => threw,
  )
    .andThen((answer) => answer)
    .orElse((outcome) => okAsync<Outcome<T>, never>(outcome))
}

// Who is told nothing sends again, which changes nothing.
const guardReply = (reply: () => NotificationReply): NotificationReply => {
  try {
    return reply()
  } catch {
    return { status: 500, headers: {}, body: '' }
  }
}
