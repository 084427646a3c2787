import type { ResultAsync } from 'neverthrow'
import type { PaymentGateways } from '../payments/ports.js'
import { type SparedGateways, spareSilentGateways } from '../payments/spare-silent-gateways.js'
import type { SweepReport } from '../shared/sweep-each.js'

/** Ports of a task that asks gateways; `isSilent` where it is a turn of upkeep, which spares those that answer nothing. */
export type AskingPorts = { readonly gateways: PaymentGateways } & Partial<Pick<SparedGateways, 'isSilent'>>

/**
 * A sweep that asks gateways and does not wait for one that answers nothing: what would ask it is left as it is, and the
 * report names the gateway, as `GatewayNotAnswering`.
 */
export const sparing =
  <Ports extends AskingPorts, Options, Failure>(
    sweep: (ports: Ports, options: Options) => ResultAsync<SweepReport, Failure>,
  ) =>
  (ports: Ports, options: Options): ResultAsync<SweepReport, Failure> => {
    const { gateways, isSilent, silent } = spareSilentGateways(ports.gateways)
    return sweep({ ...ports, gateways, isSilent }, options).map(({ done, failed }) => ({
      done,
      failed: [...failed, ...silent().map((id) => ({ id, reason: 'GatewayNotAnswering' }))],
    }))
  }
