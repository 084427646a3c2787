import type { GatewayCapabilities, NextStep } from './ports.js'

/** Whether the payer may be sent there: an https address, without a user name, of a host that the gateway declares. */
export const mayRedirect = ({ redirectHosts }: Pick<GatewayCapabilities, 'redirectHosts'>, url: string): boolean => {
  // Spaces, control characters and backslashes are read differently by different browsers.
  if (/[\s\\\p{Cc}]/u.test(url)) return false
  const host = /^https:\/\/([^/?#:@]+)(?::\d{1,5})?(?:[/?#]|$)/i.exec(url)?.[1]?.toLowerCase()
  return host !== undefined && redirectHosts.some((declared) => declared.toLowerCase() === host)
}

/** What the payer is shown of a next step; a redirect to a host that the gateway does not declare is not shown. */
export const safeNextStep = (capabilities: GatewayCapabilities, next: NextStep): NextStep | null =>
  next.kind === 'redirect' && !mayRedirect(capabilities, next.url) ? null : next
