import { secureHostOf } from '../shared/secure-address.js'
import type { GatewayCapabilities, NextStep } from './ports.js'

/** Whether the payer may be sent there: a secure address, without a user name, of a host that the gateway declares. */
export const mayRedirect = ({ redirectHosts }: Pick<GatewayCapabilities, 'redirectHosts'>, url: string): boolean => {
  const host = secureHostOf(url)
  return host !== undefined && redirectHosts.some((declared) => declared.toLowerCase() === host)
}

/** What the payer is shown of a next step; a redirect to a host that the gateway does not declare is not shown. */
export const safeNextStep = (capabilities: GatewayCapabilities, next: NextStep): NextStep | null =>
  next.kind === 'redirect' && !mayRedirect(capabilities, next.url) ? null : next
