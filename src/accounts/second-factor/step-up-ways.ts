import type { Instant } from '../../shared/instant.js'
import type { StandingAccount } from '../account-machine.js'
import type { ContactKind } from '../identifier.js'
import { restsOn, type Session } from '../session.js'
import type { SecondFactorState } from './second-factor-machine.js'
import { type SecondProof, secondProofsOf, withContacts } from './second-proofs.js'

/** What an account has that its person may prove by. */
export type OwnProofs = {
  readonly account: StandingAccount
  readonly factor: SecondFactorState | undefined
  readonly hasPassword: boolean
  readonly hasPasskeys: boolean
}

/** By what its person may show within a session, once more, who they are. */
export type StepUpWays =
  /**
   * By the password, and by codes and passkeys that are named; those first where there are some and the password does not
   * count. By nothing in this session where neither is: who comes by a third party alone proves it by coming anew.
   */
  | { readonly kind: 'open'; readonly password: boolean; readonly proofs: readonly SecondProof[] }
  /** Nothing but a code to the contact that the session rests on: it lets its person in and proves nothing more. */
  | { readonly kind: 'entryOnly'; readonly proofs: readonly [ContactKind] }
  /** Nothing shows it that whoever reads the messages of a contact would not have too: the password, from then on. */
  | { readonly kind: 'waits'; readonly until: Instant }

/** Finds by what a session can be proved: never by that alone by which it began, where there is another way. */
export const stepUpWays = (
  session: Session,
  { account, factor, hasPassword, hasPasskeys, at }: OwnProofs & { readonly at: Instant },
): StepUpWays => {
  const mustProve = session.mustProve === true
  const rest = restsOn(session, at)
  const isFactorOn = factor?.status === 'enabled'
  const provenBy = rest?.contact ?? (mustProve || !isFactorOn ? session.begunBy : undefined)
  const anyContact = mustProve || (provenBy !== undefined && !isFactorOn)
  const named = secondProofsOf(anyContact ? withContacts(factor, account) : factor, { hasPasskeys, provenBy })
  // A passkey counts beside a password without being named; where there is none, it is what there is.
  const proofs = named.length === 0 && !hasPassword && hasPasskeys ? (['passkey'] as const) : named
  if (rest !== undefined && proofs.length === 0) {
    return mustProve ? { kind: 'entryOnly', proofs: [rest.contact] } : { kind: 'waits', until: rest.until }
  }
  // In a session that was unusual the password was known already, unless a code began it.
  const isPasswordNew = !mustProve || session.begunBy !== undefined || proofs.length === 0
  return { kind: 'open', password: hasPassword && rest === undefined && !isFactorOn && isPasswordNew, proofs }
}

/** Whether there is nothing at all by which an account's person could prove, in whatever session, once more who they are. */
export const hasNoProof = ({ account, factor, hasPassword, hasPasskeys }: OwnProofs): boolean =>
  !hasPassword && secondProofsOf(withContacts(factor, account), { hasPasskeys }).length === 0
