import type { ResultAsync } from 'neverthrow'
import type { PayoutPort } from '../payments/payout.js'
import type { PaymentGateways } from '../payments/ports.js'
import { spareSilentGateways } from '../payments/spare-silent-gateways.js'
import type { SweepReport } from '../shared/sweep-each.js'

/** What asking gateways needs of the world. */
export type AskingPorts = {
  readonly gateways: PaymentGateways
  /** Whether one answers nothing in this turn of upkeep; absent where somebody asks for themselves. */
  readonly isSilent?: (gatewayId: string) => boolean
}

type WithPayouts = { readonly payouts?: PayoutPort }

/**
 * A sweep that asks gateways and does not wait for one that answers nothing: what would ask it is left as it is, and the
 * report names the gateway, as `GatewayNotAnswering`.
 */
export const sparing =
  <Ports extends AskingPorts & WithPayouts, Options, Failure>(
    sweep: (ports: Ports, options: Options) => ResultAsync<SweepReport, Failure>,
  ) =>
  (ports: Ports, options: Options): ResultAsync<SweepReport, Failure> => {
    const { gateways, payouts, isSilent, silent } = spareSilentGateways(ports.gateways, ports.payouts)
    const spared = { ...ports, gateways, isSilent, ...(payouts === undefined ? {} : { payouts }) }
    return sweep(spared, options).map(({ done, failed }) => ({
      done,
      failed: [...failed, ...silent().map((id) => ({ id, reason: 'GatewayNotAnswering' }))],
    }))
  }
