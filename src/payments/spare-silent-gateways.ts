import { type AskGateway, guard, guardPayouts, wrapGateway } from './guard-gateway.js'
import type { PayoutPort } from './payout.js'
import type { PaymentGateways } from './ports.js'

/** Gateways as one turn of a task asks them. */
export type SparedGateways = {
  readonly gateways: PaymentGateways
  readonly payouts: PayoutPort | undefined
  /** Whether one answers nothing: what would ask it waits for the next turn, as it is. */
  readonly isSilent: (gatewayId: string) => boolean
  /** Those that answer nothing. */
  readonly silent: () => readonly string[]
}

/** How whoever sends money to payees is called among the gateways. */
export const payoutsId = 'payouts'

// One answer that is lost says nothing of the next.
const mostUnanswered = 3

/**
 * Gateways, and whoever sends payouts, that are listened to: one that lets three questions in a row time out answers nothing. It is for whoever asks to
 * leave alone what would ask it then, before anything is written of it: what was not asked is due as before, and comes first
 * the next time.
 */
export const spareSilentGateways = (given: PaymentGateways, payouts?: PayoutPort): SparedGateways => {
  const timedOut = new Map<string, number>()
  const through =
    (gatewayId: string): AskGateway =>
    (parse, ask) =>
      guard(parse, ask).map((outcome) => {
        const hasTimedOut = outcome.kind === 'unknown' && outcome.cause === 'timeout'
        timedOut.set(gatewayId, hasTimedOut ? (timedOut.get(gatewayId) ?? 0) + 1 : 0)
        return outcome
      })
  const isSilent = (gatewayId: string): boolean => (timedOut.get(gatewayId) ?? 0) >= mostUnanswered
  return {
    gateways: Object.fromEntries(
      Object.entries(given).map(([gatewayId, gateway]) => [
        gatewayId,
        wrapGateway(gateway, gatewayId, through(gatewayId)),
      ]),
    ),
    payouts: payouts === undefined ? undefined : guardPayouts(payouts, through(payoutsId)),
    isSilent,
    silent: () => [...timedOut.keys()].filter(isSilent),
  }
}
