import { okAsync, ResultAsync } from 'neverthrow'
import { networkOf } from './network.js'
import type { CryptoUnavailable, KeyedDigest } from './ports.js'
import type { Origin } from './run-command.js'

/** From where somebody comes, as far as the host says; keyed digests, so that no address of a network is kept. */
export type OriginKeys = { readonly device?: string; readonly network?: string }

/**
 * The digests of where a command comes from.
 *
 * @errors CryptoUnavailable
 */
export const digestOrigin = (
  digests: KeyedDigest,
  origin: Origin | undefined,
): ResultAsync<OriginKeys, CryptoUnavailable> => {
  const network = origin?.address === undefined ? undefined : networkOf(origin.address)
  const digest = (purpose: string, text: string | undefined) =>
    text === undefined ? okAsync<string | undefined, CryptoUnavailable>(undefined) : digests.digest(purpose, text)
  return ResultAsync.combine([digest('device', origin?.device), digest('network', network)]).map(
    ([device, networkKey]): OriginKeys => ({
      ...(device === undefined ? {} : { device }),
      ...(networkKey === undefined ? {} : { network: networkKey }),
    }),
  )
}
