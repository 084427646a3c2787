import { errAsync, okAsync } from 'neverthrow'
import type { PasskeyVerifier } from 'shopwright'

/** Takes every key that is made and no signature: for tests of who may do what, not of signatures. */
export const acceptingVerifier: PasskeyVerifier = {
  rpId: 'shop.example',
  rpName: 'Shop',
  verifyAttestation: (_, { credentialId }) =>
    okAsync({ credentialId, publicKey: 'x', counter: 0, backupEligible: false, backedUp: false }),
  verifyAssertion: () => errAsync({ type: 'PasskeyInvalid', detail: 'other' }),
}
