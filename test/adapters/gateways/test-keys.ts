import { generateKeyPairSync } from 'node:crypto'

/** A key pair of RSA, as PEM; made anew in every run. */
export type TestKeys = { readonly publicKey: string; readonly privateKey: string }

/** Makes a key pair. */
export const makeRsaKeys = (): TestKeys =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
