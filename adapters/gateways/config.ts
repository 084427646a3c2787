import { err } from 'neverthrow'

/** A gateway cannot be made of these options; the value itself is not told, it may be a secret. */
export type GatewayConfigInvalid = {
  readonly type: 'GatewayConfigInvalid'
  readonly gatewayId: string
  /** The option. */
  readonly option: string
  readonly reason: 'missing' | 'malformed' | 'notHttps' | 'wrongLength' | 'notAnRsaKey'
}

/** Refuses an option of a gateway. */
export const refuseOption = (gatewayId: string, option: string, reason: GatewayConfigInvalid['reason']) =>
  err<never, GatewayConfigInvalid>({ type: 'GatewayConfigInvalid', gatewayId, option, reason })
