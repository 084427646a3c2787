import type { StandingAccount } from '../account-machine.js'
import type { Challenge } from '../challenge.js'
import { type ContactKind, contactKinds } from '../identifier.js'
import type { FactorKind } from './second-factor.js'
import { type SecondFactorState, waysOf } from './second-factor-machine.js'

/** By what a second proof can be given: a code, or a passkey of the account. */
export type SecondProof = FactorKind | 'passkey'

/**
 * By what an account can show a second time whose it is. A code is none where the first proof came the same way: who reads
 * somebody's mail would have given both.
 */
export const secondProofsOf = (
  factor: SecondFactorState | undefined,
  { provenBy, hasPasskeys }: { readonly provenBy?: ContactKind | undefined; readonly hasPasskeys: boolean },
): readonly SecondProof[] =>
  factor?.status !== 'enabled'
    ? []
    : [
        ...waysOf(factor).filter((way) => way !== provenBy),
        ...(factor.recoveryDigests.length === 0 ? [] : (['recoveryCode'] as const)),
        ...(hasPasskeys ? (['passkey'] as const) : []),
      ]

/** Whether a code that goes to a contact may answer a challenge. */
export const takesContact = (
  factor: SecondFactorState | undefined,
  { provenBy }: Challenge,
  contact: ContactKind,
): boolean => secondProofsOf(factor, { provenBy, hasPasskeys: false }).includes(contact)

/** A factor as it would be if every contact of the account were a way of it: for a sign-in that has to be proved. */
export const withContacts = (
  factor: SecondFactorState | undefined,
  { accountId, identifiers }: StandingAccount,
): SecondFactorState => {
  const contacts = contactKinds.filter((kind) => identifiers[kind] !== undefined)
  return factor?.status === 'enabled'
    ? { ...factor, contacts }
    : { status: 'enabled', accountId, enabledAt: 0, contacts, recoveryDigests: [] }
}
