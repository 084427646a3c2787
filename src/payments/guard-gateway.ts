import { err, ok, type Result, ResultAsync } from 'neverthrow'
import { gatewayAnswers, type ParseAnswer, parseRejected, parseVerified } from './gateway-answer.schema.js'
import type { PayoutPort } from './payout.js'
import type {
  DisputePort,
  GatewayAnswer,
  NotificationRejected,
  NotificationReply,
  Outcome,
  PaymentGateway,
  SplitPort,
  VerifiedNotification,
} from './ports.js'

/**
 * Wraps a gateway that somebody else wrote: what it throws, and what it rejects with, becomes an unknown outcome, for a
 * request may have gone out before it broke. So does an answer that is not as the port has it (an unknown code, a time that
 * is no whole number of milliseconds): `unparsable`. A notification with such facts is `unverifiable`.
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
    create: (request) => guard(gatewayAnswers.create, () => gateway.create(request)),
    query: (request) => guard(gatewayAnswers.query, () => gateway.query(request)),
    close: (request) => guard(gatewayAnswers.close, () => gateway.close(request)),
    refund: (request) => guard(gatewayAnswers.refund, () => gateway.refund(request)),
    queryRefund: (request) => guard(gatewayAnswers.queryRefund, () => gateway.queryRefund(request)),
    ...(capture === undefined ? {} : { capture: (request) => guard(gatewayAnswers.capture, () => capture(request)) }),
    verifyNotification: (notification) => new ResultAsync(verified(() => gateway.verifyNotification(notification))),
    acknowledge: (handled) => guardReply(() => gateway.acknowledge(handled)),
    ...(disputes === undefined ? {} : { disputes: guardDisputes(disputes) }),
    ...(splits === undefined ? {} : { splits: guardSplits(splits) }),
  }
}

/** Wraps whoever sends money to payees, as a gateway is wrapped. */
export const guardPayouts = (port: PayoutPort): PayoutPort => ({
  send: (request) => guard(gatewayAnswers.sendPayout, () => port.send(request)),
})

const guardDisputes = (disputes: DisputePort): DisputePort => {
  const { mostCharacters, files } = disputes
  const submitEvidence = disputes.submitEvidence?.bind(disputes)
  const accept = disputes.accept?.bind(disputes)
  const read = disputes.read?.bind(disputes)
  const list = disputes.list?.bind(disputes)
  return {
    query: (request) => guard(gatewayAnswers.queryDispute, () => disputes.query(request)),
    ...(submitEvidence === undefined
      ? {}
      : { submitEvidence: (request) => guard(gatewayAnswers.tellDispute, () => submitEvidence(request)) }),
    ...(accept === undefined ? {} : { accept: (request) => guard(gatewayAnswers.tellDispute, () => accept(request)) }),
    ...(mostCharacters === undefined ? {} : { mostCharacters }),
    ...(files === undefined ? {} : { files }),
    ...(read === undefined ? {} : { read: (request) => guard(gatewayAnswers.readDispute, () => read(request)) }),
    ...(list === undefined ? {} : { list: (request) => guard(gatewayAnswers.listDisputes, () => list(request)) }),
  }
}

const guardSplits = (splits: SplitPort): SplitPort => ({
  mostBasisPoints: splits.mostBasisPoints,
  accountOf: (payee) => guard(gatewayAnswers.accountOf, () => splits.accountOf(payee)),
  send: (request) => guard(gatewayAnswers.moveSplit, () => splits.send(request)),
  takeBack: (request) => guard(gatewayAnswers.moveSplit, () => splits.takeBack(request)),
  finish: (request) => guard(gatewayAnswers.finishSplits, () => splits.finish(request)),
})

const guard = <T>(parse: ParseAnswer<T>, ask: () => GatewayAnswer<T>): GatewayAnswer<T> =>
  new ResultAsync(heard(parse, ask))

const heard = async <T>(parse: ParseAnswer<T>, ask: () => GatewayAnswer<T>): Promise<Result<Outcome<T>, never>> => {
  try {
    const answer = await ask()
    // Nothing of what cannot be written down is known.
    return ok(answer.isOk() ? parse(answer.value).unwrapOr({ kind: 'unknown', cause: 'unparsable' }) : threw)
  } catch {
    return ok(threw)
  }
}

const verified = async (
  verify: () => ReturnType<PaymentGateway['verifyNotification']>,
): Promise<Result<VerifiedNotification, NotificationRejected>> => {
  try {
    const answer = await verify()
    if (answer.isOk()) return parseVerified(answer.value).mapErr(() => rejection('unverifiable'))
    return err(parseRejected(answer.error).unwrapOr(rejection('malformed')))
  } catch {
    return err(rejection('malformed'))
  }
}

const threw: Outcome<never> = { kind: 'unknown', cause: 'threw' }

const rejection = (reason: NotificationRejected['reason']): NotificationRejected => ({
  type: 'NotificationRejected',
  reason,
})

// Who is told nothing sends again, which changes nothing.
const guardReply = (reply: () => NotificationReply): NotificationReply => {
  try {
    return reply()
  } catch {
    return { status: 500, headers: {}, body: '' }
  }
}
