// Spaces, control characters and backslashes are read differently by different browsers; a user name hides the host.
const addressForm = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^/?#:@\s\\\p{Cc}]+)(?::\d{1,5})?(?:[/?#][^\s\\\p{Cc}]*)?$/iu
const loopbackForm = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** Whether an address may be given out or asked: https with a host and no user name; http of this machine alone. */
export const isSecureAddress = (url: string): boolean => {
  const [, scheme, host] = addressForm.exec(url) ?? []
  if (scheme === undefined || host === undefined) return false
  return scheme.toLowerCase() === 'https' || loopbackForm.test(host)
}
