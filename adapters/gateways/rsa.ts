import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'

/** An RSA private key in PEM, or in base64 without the lines around it; null where it is none. */
export const readPrivateKey = (text: string): KeyObject | null => {
  const body = text.trim()
  if (body.includes('-----BEGIN')) return rsaOnly(() => createPrivateKey(body))
  const key = Buffer.from(body, 'base64')
  return (
    rsaOnly(() => createPrivateKey({ key, format: 'der', type: 'pkcs8' })) ??
    rsaOnly(() => createPrivateKey({ key, format: 'der', type: 'pkcs1' }))
  )
}

/** An RSA public key or certificate in PEM, or a key in base64 without the lines around it; null where it is none. */
export const readPublicKey = (text: string): KeyObject | null => {
  const body = text.trim()
  if (body.includes('-----BEGIN CERTIFICATE')) return rsaOnly(() => new X509Certificate(body).publicKey)
  // A private key would be read as the public one that it holds, and a secret does not belong here.
  if (body.includes('PRIVATE KEY')) return null
  if (body.includes('-----BEGIN')) return rsaOnly(() => createPublicKey(body))
  return rsaOnly(() => createPublicKey({ key: Buffer.from(body, 'base64'), format: 'der', type: 'spki' }))
}

const rsaOnly = (read: () => KeyObject): KeyObject | null => {
  try {
    const key = read()
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : null
  } catch {
    return null
  }
}

/** RSA PKCS#1 v1.5 with SHA-256, in base64. */
export const signSha256 = (key: KeyObject, message: string): string =>
  sign('sha256', Buffer.from(message), key).toString('base64')

/** Whether a signature in base64 is RSA PKCS#1 v1.5 with SHA-256 over the message. */
export const verifiesSha256 = (key: KeyObject, message: Uint8Array, signature: string): boolean => {
  const bytes = readBase64(signature)
  if (bytes === null || bytes.length === 0) return false
  try {
    return verify('sha256', message, key, bytes)
  } catch {
    return false
  }
}

/** Opens a text in base64 that was sealed for a key by RSA-OAEP with SHA-1; null where it was sealed for none, or another. */
export const openOaep = (key: KeyObject, sealed: string): string | null => {
  const bytes = readBase64(sealed)
  if (bytes === null || bytes.length === 0) return null
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, bytes).toString('utf8')
  } catch {
    return null
  }
}

/** The bytes of a base64 text with nothing else in it; null where it is none. */
export const readBase64 = (text: string): Buffer | null => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}
