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
export const guardGateway = (gateway: PaymentGateway, gatewayId = gateway.gatewayId): PaymentGateway =>
  wrapGateway(gateway, gatewayId, guard)

/** How a question to a gateway is asked, and its answer read. */
export type AskGateway = <T>(parse: ParseAnswer<T>, ask: () => GatewayAnswer<T>) => GatewayAnswer<T>

/** A gateway whose every question goes through one hand. */
export const wrapGateway = (gateway: PaymentGateway, gatewayId: string, through: AskGateway): PaymentGateway => {
  // Every member is named, and called on its owner: of a class they stand on the prototype and speak of `this`.
  const { merchantAccount, capabilities, disputes, splits } = gateway
  const capture = gateway.capture?.bind(gateway)
  return {
    gatewayId,
    merchantAccount,
    capabilities,
    create: (request) => through(gatewayAnswers.create, () => gateway.create(request)),
    query: (request) => through(gatewayAnswers.query, () => gateway.query(request)),
    close: (request) => through(gatewayAnswers.close, () => gateway.close(request)),
    refund: (request) => through(gatewayAnswers.refund, () => gateway.refund(request)),
    queryRefund: (request) => through(gatewayAnswers.queryRefund, () => gateway.queryRefund(request)),
    ...(capture === undefined ? {} : { capture: (request) => through(gatewayAnswers.capture, () => capture(request)) }),
    verifyNotification: (notification) => new ResultAsync(verified(() => gateway.verifyNotification(notification))),
    acknowledge: (handled) => guardReply(() => gateway.acknowledge(handled)),
    ...(disputes === undefined ? {} : { disputes: wrapDisputes(disputes, through) }),
    ...(splits === undefined ? {} : { splits: wrapSplits(splits, through) }),
  }
}

/** Wraps whoever sends money to payees, as a gateway is wrapped. */
export const guardPayouts = (port: PayoutPort, through: AskGateway = guard): PayoutPort => ({
  send: (request) => through(gatewayAnswers.sendPayout, () => port.send(request)),
})

const wrapDisputes = (disputes: DisputePort, through: AskGateway): DisputePort => {
  const { mostCharacters, files } = disputes
  const submitEvidence = disputes.submitEvidence?.bind(disputes)
  const accept = disputes.accept?.bind(disputes)
  const read = disputes.read?.bind(disputes)
  const list = disputes.list?.bind(disputes)
  return {
    query: (request) => through(gatewayAnswers.queryDispute, () => disputes.query(request)),
    ...(submitEvidence === undefined
      ? {}
      : { submitEvidence: (request) => through(gatewayAnswers.tellDispute, () => submitEvidence(request)) }),
    ...(accept === undefined
      ? {}
      : { accept: (request) => through(gatewayAnswers.tellDispute, () => accept(request)) }),
    ...(mostCharacters === undefined ? {} : { mostCharacters }),
    ...(files === undefined ? {} : { files }),
    ...(read === undefined ? {} : { read: (request) => through(gatewayAnswers.readDispute, () => read(request)) }),
    ...(list === undefined ? {} : { list: (request) => through(gatewayAnswers.listDisputes, () => list(request)) }),
  }
}

const wrapSplits = (splits: SplitPort, through: AskGateway): SplitPort => ({
  mostBasisPoints: splits.mostBasisPoints,
  accountOf: (payee) => through(gatewayAnswers.accountOf, () => splits.accountOf(payee)),
  send: (request) => through(gatewayAnswers.moveSplit, () => splits.send(request)),
  takeBack: (request) => through(gatewayAnswers.moveSplit, () => splits.takeBack(request)),
  finish: (request) => through(gatewayAnswers.finishSplits, () => splits.finish(request)),
})

/** Asks, and makes an unknown outcome of whatever is no answer. */
export const guard = <T>(parse: ParseAnswer<T>, ask: () => GatewayAnswer<T>): GatewayAnswer<T> =>
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
