import { err, ok, type Result } from 'neverthrow'

/** An identity provider cannot be made of these options; the value itself is not told, it may be a secret. */
export type IdentityConfigInvalid = {
  readonly type: 'IdentityConfigInvalid'
  /** The option. */
  readonly option: string
  readonly reason: 'missing' | 'malformed' | 'notHttps'
}

/** Refuses an option of a provider. */
export const refuseOption = (option: string, reason: IdentityConfigInvalid['reason']) =>
  err<never, IdentityConfigInvalid>({ type: 'IdentityConfigInvalid', option, reason })

/** A text that has to be there. */
export const readText = (option: string, text: string): Result<string, IdentityConfigInvalid> =>
  text.trim() === '' || /[\p{Cc}\s]/u.test(text) ? refuseOption(option, 'missing') : ok(text)

/** An address that browsers are sent to or come back to: https, or http on this machine; as it was given, byte for byte. */
export const readAddress = (option: string, text: string): Result<string, IdentityConfigInvalid> => {
  if (!URL.canParse(text)) return refuseOption(option, 'malformed')
  const { protocol, hostname, username, password, hash } = new URL(text)
  if (`${username}${password}${hash}` !== '') return refuseOption(option, 'malformed')
  const own = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && own) ? ok(text) : refuseOption(option, 'notHttps')
}
