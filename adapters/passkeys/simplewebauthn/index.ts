import type { ResultAsync } from 'neverthrow'
import type { PasskeyVerifier } from 'shopwright'
import type { PackageMissing, PasskeyConfigInvalid, PasskeyOptions } from './options.js'
import { openPasskeyVerifier } from './verifier.js'

export type { PackageMissing, PasskeyConfigInvalid, PasskeyOptions } from './options.js'

/**
 * Judges passkeys by `@simplewebauthn/server`, an optional peer. The person is to be verified by the device at every use.
 *
 * @errors PackageMissing, which says what to install; PasskeyConfigInvalid
 */
export const createPasskeyVerifier = (
  options: PasskeyOptions,
): ResultAsync<PasskeyVerifier, PackageMissing | PasskeyConfigInvalid> =>
  openPasskeyVerifier(options, () => import('@simplewebauthn/server'))
