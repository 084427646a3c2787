import type { Instant } from '../../shared/instant.js'
import type { StandingAccount } from '../account-machine.js'
import type { ContactKind } from '../identifier.js'
import { restsOn, type Session } from '../session.js'
import type { SecondFactorState } from './second-factor-machine.js'
import { type SecondProof, secondProofsOf, withContacts } from './second-proofs.js'

/** By what its person may show within a session, once more, who they are. */
export type StepUpWays =
  /** By the password, and by codes and passkeys that are named; those first where there are some and the password does not count. */
  | { readonly kind: 'open'; readonly password: boolean; readonly proofs: readonly SecondProof[] }
  /** Nothing but a code to the contact that the session rests on: it lets its person in and proves nothing more. */
  | { readonly kind: 'entryOnly'; readonly proofs: readonly [ContactKind] }
  /** Nothing shows it that whoever reads the messages of a contact would not have too: the password, from then on. */
  | { readonly kind: 'waits'; readonly until: Instant }

/** Finds by what a session can be proved: never by that alone by which it began, where there is another way. */
export const stepUpWays = (
  session: Session,
  {
    account,
    factor,
    hasPasskeys,
    at,
  }: {
    readonly account: StandingAccount
    readonly factor: SecondFactorState | undefined
    readonly hasPasskeys: boolean
    readonly at: Instant
  },
): StepUpWays => {
  const mustProve = session.mustProve === true
  const rest = restsOn(session, at)
  const isFactorOn = factor?.status === 'enabled'
  const provenBy = rest?.contact ?? (mustProve || !isFactorOn ? session.begunBy : undefined)
  const anyContact = mustProve || (provenBy !== undefined && !isFactorOn)
  const proofs = secondProofsOf(anyContact ? withContacts(factor, account) : factor, { hasPasskeys, provenBy })
  if (rest !== undefined && proofs.length === 0) {
    return mustProve ? { kind: 'entryOnly', proofs: [rest.contact] } : { kind: 'waits', until: rest.until }
  }
  // In a session that was unusual the password was known already, unless a code began it.
  const isPasswordNew = !mustProve || session.begunBy !== undefined || proofs.length === 0
  return { kind: 'open', password: rest === undefined && !isFactorOn && isPasswordNew, proofs }
}
