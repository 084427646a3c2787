import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import { type NotificationRejected, notificationSkewMs } from 'shopwright/payments'

/** A key that notifications are signed with. */
export type SandboxKey = { readonly keyId: string; readonly secret: string }

/** A notification on its way: the bytes and headers of an HTTP request. */
export type SignedNotification = {
  readonly body: Uint8Array
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** HMAC-SHA-256 over the moment, a line feed and the bytes of the body. */
export const signBody = async (key: SandboxKey, body: Uint8Array, at: number): Promise<SignedNotification> => {
  const signature = await crypto.subtle.sign('HMAC', await importKey(key), messageOf(String(at), body))
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'sandbox-key': key.keyId,
      'sandbox-timestamp': String(at),
      'sandbox-signature': toHex(new Uint8Array(signature)),
    },
  }
}

/**
 * Checks the signature on the bytes as they came, and that they were signed within five minutes, either way.
 *
 * @errors NotificationRejected
 */
export const verifyBody = (
  keys: readonly SandboxKey[],
  { body, headers }: SignedNotification,
  receivedAt: number,
): ResultAsync<Uint8Array, NotificationRejected> => {
  const timestamp = headers['sandbox-timestamp']
  const signature = fromHex(headers['sandbox-signature'] ?? '')
  if (timestamp === undefined || signature === null) return reject('signatureMissing')
  if (!/^\d{1,15}$/.test(timestamp)) return reject('malformed')
  const key = keys.find((each) => each.keyId === headers['sandbox-key'])
  if (key === undefined) return reject('unknownKey')
  return ResultAsync.fromPromise(verify(key, signature, messageOf(timestamp, body)), () =>
    rejected('malformed'),
  ).andThen((holds) => {
    if (!holds) return reject('signatureInvalid')
    if (receivedAt - Number(timestamp) > notificationSkewMs) return reject('stale')
    if (Number(timestamp) - receivedAt > notificationSkewMs) return reject('fromFuture')
    return okAsync<Uint8Array, NotificationRejected>(body)
  })
}

// The runtime's own comparison takes the same time wherever the bytes differ.
const verify = async (key: SandboxKey, signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) =>
  crypto.subtle.verify('HMAC', await importKey(key), signature, message)

const importKey = ({ secret }: SandboxKey) =>
  crypto.subtle.importKey('raw', new TextEncoder().encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])

const messageOf = (timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const head = new TextEncoder().encode(`${timestamp}\n`)
  const message = new Uint8Array(head.length + body.length)
  message.set(head)
  message.set(body, head.length)
  return message
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const fromHex = (text: string): Uint8Array<ArrayBuffer> | null =>
  /^(?:[0-9a-f]{2})+$/.test(text) ? Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : null

const rejected = (reason: NotificationRejected['reason']): NotificationRejected => ({
  type: 'NotificationRejected',
  reason,
})

const reject = (reason: NotificationRejected['reason']) => errAsync<never, NotificationRejected>(rejected(reason))
