import { okAsync } from 'neverthrow'
import { type AskGateway, guard, wrapGateway } from './guard-gateway.js'
import type { Outcome, PaymentGateways } from './ports.js'

/** Gateways as one turn of upkeep asks them. */
export type SparedGateways = {
  readonly gateways: PaymentGateways
  /** Those that are asked no more, in the order in which that came. */
  readonly silent: () => readonly string[]
}

// One answer that is lost says nothing of the next.
const mostUnanswered = 3

const unanswered: Outcome<never> = { kind: 'unknown', cause: 'timeout' }

/**
 * Gateways of which one that has let three questions in a row time out is asked no more, so that it holds up its own rows
 * alone: what is asked of it then is unknown at once, and asked again when it is due.
 */
export const spareSilentGateways = (given: PaymentGateways): SparedGateways => {
  const timedOut = new Map<string, number>()
  const isSilent = (gatewayId: string): boolean => (timedOut.get(gatewayId) ?? 0) >= mostUnanswered
  const through =
    (gatewayId: string): AskGateway =>
    (parse, ask) =>
      isSilent(gatewayId)
        ? okAsync(unanswered)
        : guard(parse, ask).map((outcome) => {
            const hasTimedOut = outcome.kind === 'unknown' && outcome.cause === 'timeout'
            timedOut.set(gatewayId, hasTimedOut ? (timedOut.get(gatewayId) ?? 0) + 1 : 0)
            return outcome
          })
  return {
    gateways: Object.fromEntries(
      Object.entries(given).map(([gatewayId, gateway]) => [
        gatewayId,
        wrapGateway(gateway, gatewayId, through(gatewayId)),
      ]),
    ),
    silent: () => [...timedOut.keys()].filter(isSilent),
  }
}
