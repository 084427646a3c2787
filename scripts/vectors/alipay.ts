import * as z from 'zod'
import { isSignedByOneOf, notificationText } from '../../adapters/gateways/alipay-signature.js'
import { readMemberText } from '../../adapters/gateways/json-span.js'
import { readPublicKey } from '../../adapters/gateways/rsa.js'
import { type Check, compare, readShared, spoil } from './check.js'

const published = z.object({
  alipay: z.object({
    notifications: z.array(
      z.object({
        id: z.string(),
        params: z.record(z.string(), z.string()),
        publicKeyPem: z.string(),
        valid: z.boolean(),
        signedString: z.string().optional(),
      }),
    ),
    signStrings: z.array(
      z.object({
        id: z.string(),
        params: z.object({ rawResponse: z.string(), responseKey: z.string() }),
        expected: z.string(),
        sign: z.string().optional(),
        publicKeyPem: z.string().optional(),
      }),
    ),
  }),
})

const signed = (publicKey: string, text: string, signature: string): boolean => {
  const key = readPublicKey(publicKey)
  return key !== null && isSignedByOneOf([key], text, signature)
}

/** Notifications of Alipay, and the signed text of its answers. */
export const checkAlipay = (folder: string): readonly Check[] => {
  const { alipay } = published.parse(JSON.parse(readShared(folder, 'vectors.json')))
  const notifications = alipay.notifications.flatMap(({ id, params, publicKeyPem, valid, signedString }) => {
    const text = notificationText(params)
    const sign = params.sign ?? ''
    return [
      compare(`notification ${id}`, signed(publicKeyPem, text, sign), valid),
      ...(signedString === undefined ? [] : [compare(`text of ${id}`, text, signedString)]),
      ...spoil(text).map((other, index) =>
        compare(`${id} changed, ${index}`, signed(publicKeyPem, other, sign), false),
      ),
    ]
  })
  const answers = alipay.signStrings.flatMap(({ id, params, expected, sign, publicKeyPem }) => {
    const text = readMemberText(params.rawResponse, params.responseKey)
    const checked =
      sign === undefined || publicKeyPem === undefined
        ? []
        : [
            compare(`answer ${id} signed`, signed(publicKeyPem, text ?? '', sign), true),
            ...spoil(text ?? '').map((other, index) =>
              compare(`answer ${id} changed, ${index}`, signed(publicKeyPem, other, sign), false),
            ),
          ]
    return [compare(`text of the answer ${id}`, text, expected), ...checked]
  })
  return [...notifications, ...answers]
}
