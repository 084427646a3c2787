import { okAsync, ResultAsync } from 'neverthrow'
import { networkOf } from './network.js'
import type { CryptoUnavailable, KeyedDigest } from './ports.js'

/** From where somebody asks. */
export type Origin = {
  /** The address of the network, IPv4 or IPv6, of the person and not of a proxy. */
  readonly address?: string
  /** An unguessable id that the host keeps on the device, in a cookie or an app's storage. */
  readonly device?: string
}

/** From where somebody comes, as far as the host says; keyed digests, so that no address of a network is kept. */
export type OriginKeys = { readonly device?: string; readonly network?: string }

/** What of an origin is text: a host without types may hand over a list of headers, or nothing. */
export const originParts = (origin: unknown): Origin => {
  const part = (name: 'address' | 'device'): string | undefined => {
    const value: unknown = typeof origin === 'object' && origin !== null ? Reflect.get(origin, name) : undefined
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [address, device] = [part('address'), part('device')]
  return { ...(address === undefined ? {} : { address }), ...(device === undefined ? {} : { device }) }
}

/**
 * The digests of where a command comes from.
 *
 * @errors CryptoUnavailable
 */
export const digestOrigin = (
  digests: KeyedDigest,
  origin: Origin | undefined,
): ResultAsync<OriginKeys, CryptoUnavailable> => {
  const { address, device: cookie } = originParts(origin)
  const network = address === undefined ? undefined : networkOf(address)
  const digest = (purpose: string, text: string | undefined) =>
    text === undefined ? okAsync<string | undefined, CryptoUnavailable>(undefined) : digests.digest(purpose, text)
  return ResultAsync.combine([digest('device', cookie), digest('network', network)]).map(
    ([device, networkKey]): OriginKeys => ({
      ...(device === undefined ? {} : { device }),
      ...(networkKey === undefined ? {} : { network: networkKey }),
    }),
  )
}
