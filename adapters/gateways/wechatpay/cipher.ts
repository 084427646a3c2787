import { createDecipheriv } from 'node:crypto'
import { readBase64 } from '../rsa.js'

/** What WeChat Pay sends sealed. */
export type SealedText = {
  readonly nonce: string
  readonly associatedData: string
  /** Base64; the last 16 bytes are the tag. */
  readonly ciphertext: string
}

const tagBytes = 16

/**
 * Opens what is sealed with AES-GCM; the length of the key says whether with 128 or 256 bits.
 *
 * @returns null where a byte of it is not what was sealed
 */
export const openSealed = (key: string, { nonce, associatedData, ciphertext }: SealedText): Buffer | null => {
  const keyBytes = Buffer.from(key)
  const sealed = readBase64(ciphertext)
  if (sealed === null || sealed.length < tagBytes) return null
  if (keyBytes.length !== 16 && keyBytes.length !== 32) return null
  try {
    const cipher = createDecipheriv(
      keyBytes.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm',
      keyBytes,
      Buffer.from(nonce),
      {
        authTagLength: tagBytes,
      },
    )
    cipher.setAAD(Buffer.from(associatedData))
    cipher.setAuthTag(sealed.subarray(-tagBytes))
    return Buffer.concat([cipher.update(sealed.subarray(0, -tagBytes)), cipher.final()])
  } catch {
    return null
  }
}
