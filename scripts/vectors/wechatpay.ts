import * as z from 'zod'
import { readPublicKey, verifiesSha256 } from '../../adapters/gateways/rsa.js'
import { openSealed } from '../../adapters/gateways/wechatpay/cipher.js'
import { openCertificates } from '../../adapters/gateways/wechatpay/platform-keys.js'
import { isSignedBy, requestText } from '../../adapters/gateways/wechatpay/signature.js'
import { type Check, compare, readShared, spoil } from './check.js'

const published = z.object({
  wechat: z.object({
    aead: z.array(
      z.object({
        id: z.string(),
        key: z.string(),
        nonce: z.string(),
        associatedData: z.string(),
        ciphertextBase64: z.string(),
        plaintext: z.string().nullable(),
        valid: z.boolean(),
      }),
    ),
    notifications: z.array(
      z.object({
        id: z.string(),
        headers: z.record(z.string(), z.string()),
        rawBody: z.string(),
        certificatePem: z.string(),
        apiV3Key: z.string(),
        expectedPlaintext: z.string(),
      }),
    ),
    certificateResponse: z.object({
      id: z.string(),
      rawBody: z.string(),
      apiV3Key: z.string(),
      expectedSerial: z.string(),
      expectedCertificatePem: z.string(),
    }),
    signatures: z.array(
      z.object({
        id: z.string(),
        message: z.string(),
        signatureBase64: z.string(),
        certificatePem: z.string().optional(),
        publicKeyPem: z.string().optional(),
        valid: z.boolean(),
      }),
    ),
    signStrings: z.array(
      z.object({
        id: z.string(),
        params: z.object({
          method: z.string(),
          url: z.string(),
          timestamp: z.string(),
          nonce: z.string(),
          body: z.string(),
        }),
        expected: z.string(),
      }),
    ),
  }),
})

const resourceOf = z.object({
  resource: z.object({ nonce: z.string(), associated_data: z.string(), ciphertext: z.string() }),
})

/** Sealed texts, signatures, a notification and a list of certificates of WeChat Pay. */
export const checkWechatPay = (folder: string): readonly Check[] => {
  const { wechat } = published.parse(JSON.parse(readShared(folder, 'vectors.json')))
  const sealed = wechat.aead.map(
    ({ id, key, nonce, associatedData, ciphertextBase64: ciphertext, plaintext, valid }) => {
      const opened = openSealed(key, { nonce, associatedData, ciphertext })
      return compare(`sealed ${id}`, opened?.toString('utf8') ?? null, valid ? plaintext : null)
    },
  )
  const signatures = wechat.signatures.map(({ id, message, signatureBase64, certificatePem, publicKeyPem, valid }) => {
    const key = readPublicKey(certificatePem ?? publicKeyPem ?? '')
    return compare(`signature ${id}`, key !== null && verifiesSha256(key, Buffer.from(message), signatureBase64), valid)
  })
  const texts = wechat.signStrings.map(({ id, params: { url: path, ...params }, expected }) =>
    compare(`text to sign ${id}`, requestText({ ...params, path }), expected),
  )
  const notifications = wechat.notifications.flatMap(
    ({ id, headers, rawBody, certificatePem, apiV3Key, expectedPlaintext }) => {
      const key = readPublicKey(certificatePem)
      const signed = (body: string) =>
        key !== null &&
        isSignedBy(key, {
          timestamp: headers['Wechatpay-Timestamp'] ?? '',
          nonce: headers['Wechatpay-Nonce'] ?? '',
          body: Buffer.from(body),
          signature: headers['Wechatpay-Signature'] ?? '',
        })
      const { nonce, associated_data: associatedData, ciphertext } = resourceOf.parse(JSON.parse(rawBody)).resource
      return [
        compare(`notification ${id}`, signed(rawBody), true),
        compare(
          `notification ${id} opened`,
          openSealed(apiV3Key, { nonce, associatedData, ciphertext })?.toString(),
          expectedPlaintext,
        ),
        ...[...spoil(rawBody), `${rawBody} `, JSON.stringify(JSON.parse(rawBody), null, 1)].map((body, index) =>
          compare(`notification ${id} changed, ${index}`, signed(body), false),
        ),
      ]
    },
  )
  const { id, rawBody, apiV3Key, expectedSerial } = wechat.certificateResponse
  const certificates = [
    compare(
      `certificates ${id}`,
      openCertificates(apiV3Key, Buffer.from(rawBody))?.map(({ serial }) => serial),
      [expectedSerial],
    ),
    compare(`certificates ${id} with another key`, openCertificates('x'.repeat(32), Buffer.from(rawBody)), null),
  ]
  return [...sealed, ...signatures, ...texts, ...notifications, ...certificates]
}
