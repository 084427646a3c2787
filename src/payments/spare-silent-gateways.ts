import { okAsync } from 'neverthrow'
import { type AskGateway, guard, wrapGateway } from './guard-gateway.js'
import type { Outcome, PaymentGateways } from './ports.js'

/** Gateways as one turn of upkeep asks them. */
export type SparedGateways = {
  readonly gateways: PaymentGateways
  /** Those that are not asked everything any more, each once. */
  readonly silent: () => readonly string[]
}

// One answer that is lost says nothing of the next.
const mostUnanswered = 3

const unanswered: Outcome<never> = { kind: 'unknown', cause: 'timeout' }

/**
 * Gateways of which none is asked again what it has let time out three times in a row, so that it holds up alone what waits
 * for such an answer: what is asked of it then is unknown at once, and asked again when it is due. Other kinds of questions
 * are asked as ever: a gateway that does not tell of payments may well take refunds.
 */
export const spareSilentGateways = (given: PaymentGateways): SparedGateways => {
  const timedOut = new Map<string, Map<unknown, number>>()
  const through = (gatewayId: string): AskGateway => {
    // Each kind of question has one reader of its answers.
    const ofKind = new Map<unknown, number>()
    timedOut.set(gatewayId, ofKind)
    return (parse, ask) => {
      const before = ofKind.get(parse) ?? 0
      if (before >= mostUnanswered) return okAsync(unanswered)
      return guard(parse, ask).map((outcome) => {
        const hasTimedOut = outcome.kind === 'unknown' && outcome.cause === 'timeout'
        ofKind.set(parse, hasTimedOut ? (ofKind.get(parse) ?? 0) + 1 : 0)
        return outcome
      })
    }
  }
  return {
    gateways: Object.fromEntries(
      Object.entries(given).map(([gatewayId, gateway]) => [
        gatewayId,
        wrapGateway(gateway, gatewayId, through(gatewayId)),
      ]),
    ),
    silent: () =>
      [...timedOut].flatMap(([gatewayId, ofKind]) =>
        [...ofKind.values()].some((times) => times >= mostUnanswered) ? [gatewayId] : [],
      ),
  }
}
