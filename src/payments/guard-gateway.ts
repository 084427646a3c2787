import { okAsync, ResultAsync } from 'neverthrow'
import type { GatewayAnswer, Outcome, PaymentGateway } from './ports.js'

/**
 * Wraps a gateway that somebody else wrote: what it throws, and what it rejects with, becomes an unknown outcome, for a
 * request may have gone out before it broke.
 *
 * @param gatewayId - what the shop calls it: what its payments say from then on, whatever it calls itself
 */
export const guardGateway = (gateway: PaymentGateway, gatewayId = gateway.gatewayId): PaymentGateway => {
  const { capture, disputes, splits } = gateway
  const { submitEvidence, read, list } = disputes ?? {}
  return {
    ...gateway,
    gatewayId,
    create: (request) => guard(() => gateway.create(request)),
    query: (request) => guard(() => gateway.query(request)),
    close: (request) => guard(() => gateway.close(request)),
    refund: (request) => guard(() => gateway.refund(request)),
    queryRefund: (request) => guard(() => gateway.queryRefund(request)),
    verifyNotification: (notification) =>
      ResultAsync.fromPromise(
        Promise.resolve().then(() => gateway.verifyNotification(notification)),
        () => ({ type: 'NotificationRejected', reason: 'malformed' }) as const,
      ).andThen((verified) => verified),
    ...(capture === undefined ? {} : { capture: (request) => guard(() => capture(request)) }),
    ...(disputes === undefined
      ? {}
      : {
          disputes: {
            ...disputes,
            query: (request) => guard(() => disputes.query(request)),
            ...(submitEvidence === undefined
              ? {}
              : { submitEvidence: (request) => guard(() => submitEvidence(request)) }),
            ...(read === undefined ? {} : { read: (request) => guard(() => read(request)) }),
            ...(list === undefined ? {} : { list: (request) => guard(() => list(request)) }),
          },
        }),
    ...(splits === undefined
      ? {}
      : {
          splits: {
            mostBasisPoints: splits.mostBasisPoints,
            accountOf: (payee) => guard(() => splits.accountOf(payee)),
            send: (request) => guard(() => splits.send(request)),
            takeBack: (request) => guard(() => splits.takeBack(request)),
            finish: (request) => guard(() => splits.finish(request)),
          },
        }),
  }
}

const guard = <T>(ask: () => GatewayAnswer<T>): GatewayAnswer<T> => {
  const threw: Outcome<T> = { kind: 'unknown', cause: 'threw' }
  return ResultAsync.fromPromise(
    Promise.resolve().then(() => ask()),
    () => threw,
  )
    .andThen((answer) => answer)
    .orElse((outcome) => okAsync<Outcome<T>, never>(outcome))
}
