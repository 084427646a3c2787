// Spaces, control characters and backslashes are read differently by different browsers; a user name hides the host.
const addressForm = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^/?#:@\s\\\p{Cc}]+)(?::\d{1,5})?(?:[/?#][^\s\\\p{Cc}]*)?$/iu
const loopbackForm = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * The host of an address that may be given out or asked: https with a host and no user name; http of this machine alone.
 *
 * @returns in lower case; undefined of any other address
 */
export const secureHostOf = (url: string): string | undefined => {
  const [, scheme, host] = addressForm.exec(url) ?? []
  if (scheme === undefined || host === undefined) return undefined
  return scheme.toLowerCase() === 'https' || loopbackForm.test(host) ? host.toLowerCase() : undefined
}

/** Whether an address may be given out or asked. */
export const isSecureAddress = (url: string): boolean => secureHostOf(url) !== undefined
