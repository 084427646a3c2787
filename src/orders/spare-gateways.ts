import type { ResultAsync } from 'neverthrow'
import { type SparedGateways, spareSilentGateways } from '../payments/spare-silent-gateways.js'
import type { SweepReport } from '../shared/sweep-each.js'
import type { MoneyPorts } from './ports.js'

/** Ports of a turn of several sweeps, which know together what gateways do not answer. */
export type SparingPorts = { readonly spared?: SparedGateways }

const reason = 'GatewayNotAnswering'

/**
 * A sweep that asks gateways and does not wait for one that answers nothing: its report names such a gateway, once in a turn,
 * as `GatewayNotAnswering`.
 */
export const sparing =
  <Ports extends MoneyPorts, Options, Failure>(
    sweep: (ports: Ports, options: Options) => ResultAsync<SweepReport, Failure>,
  ) =>
  (ports: Ports & SparingPorts, options: Options): ResultAsync<SweepReport, Failure> => {
    const spared = ports.spared ?? spareSilentGateways(ports.gateways)
    const before = spared.silent()
    return sweep({ ...ports, gateways: spared.gateways }, options).map(({ done, failed }) => ({
      done,
      failed: [
        ...failed,
        ...spared
          .silent()
          .filter((id) => !before.includes(id) && !failed.some((each) => each.id === id && each.reason === reason))
          .map((id) => ({ id, reason })),
      ],
    }))
  }
