import { err, ok, ResultAsync } from 'neverthrow'
import { type Change, claim, release } from '../../shared/commit.js'
import { type Decided, decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import { openValue, type SubjectKey } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { claims, type IdsFrom, row, type Stored } from '../../shared/read-plan.js'
import type { AccountEvent } from '../account.js'
import { type AccountState, accountMachine, isOfPerson } from '../account-machine.js'
import { type IdentifierKind, identifierKinds } from '../identifier.js'
import { identifierSpace } from '../identify.js'
import type { AccountsPorts } from '../ports.js'
import { parseText, sealIdentifier } from '../profile.js'
import type { FormerContact, FormerContacts } from './former-contact.js'
import { formerContacts } from './former-contact.schema.js'
import { formerPlace, writeFormer } from './keep-former.js'

/** Asks for what an account was reached and found by before, and who has each of it now. */
export const formerPlan = (account: Pick<IdsFrom, 'from' | 'path'>) => ({
  former: row(formerContacts, account),
  formerOwners: claims(identifierSpace, { from: 'former', path: 'contacts.*.key' }),
})

/** The former identifiers of an account as they were read. */
export type FormerRead = {
  readonly former: Stored<FormerContacts> | undefined
  readonly formerOwners: ReadonlyMap<string, string>
}

/** An account with identifiers put back, which they are, and what is written beside the account. */
export type Restored = {
  readonly decided: Decided<AccountState, AccountEvent>
  readonly kinds: readonly IdentifierKind[]
  readonly changes: readonly Change[]
}

/**
 * Puts back the identifiers that an account had when a sign-in began: of each kind the first that was replaced or taken off
 * since. One that is somebody else's by now stays theirs, and one that cannot be opened stays where it is.
 *
 * @param undoing - `from` is undefined where the moment is not known: nothing is put back then
 * @errors CryptoUnavailable
 */
export const restoreContacts = (
  ports: AccountsPorts,
  accountId: string,
  disowned: Decided<AccountState, AccountEvent>,
  { former, formerOwners }: FormerRead,
  { from, key, at }: { readonly from: Instant | undefined; readonly key: SubjectKey | undefined; readonly at: Instant },
): ResultAsync<Restored, CryptoUnavailable> => {
  const contacts = former?.state.contacts ?? []
  const isSince = ({ replacedAt }: FormerContact): boolean => from !== undefined && replacedAt >= from
  const first = identifierKinds.flatMap((kind) =>
    contacts.filter((each) => each.kind === kind && isSince(each) && at < each.until).slice(0, 1),
  )
  const free = first.filter((each) => (formerOwners.get(each.key) ?? accountId) === accountId)
  const resealed = free.map((contact) =>
    openValue(ports.sealer, key, formerPlace(accountId, contact.formerId), contact.value, parseText)
      .andThen((value) =>
        key === undefined
          ? ok([])
          : sealIdentifier(ports.sealer, key, accountId, { kind: contact.kind, value, key: contact.key }).map(
              (bound) => [
                {
                  contact,
                  bound: { ...bound, ...(contact.boundAt === undefined ? {} : { boundAt: contact.boundAt }) },
                },
              ],
            ),
      )
      .orElse((error) => (error.type === 'Unreadable' ? ok([]) : err(error))),
  )
  return ResultAsync.combine(resealed).map((found): Restored => {
    const start: Restored = {
      decided: disowned,
      kinds: [],
      changes: writeFormer(
        former,
        accountId,
        contacts.filter((each) => !isSince(each)),
      ),
    }
    return found.flat().reduce((sofar, { contact: { kind }, bound }): Restored => {
      const { state, events } = sofar.decided
      const replaced = isOfPerson(state) ? state.identifiers[kind] : undefined
      if (replaced?.key === bound.key) return sofar
      return decideNext(accountMachine, state, { type: 'Bind', kind, identifier: bound }).match(
        (next) => ({
          decided: { state: next.state, events: [...events, ...next.events] },
          kinds: [...sofar.kinds, kind],
          changes: [
            ...sofar.changes,
            claim({ space: identifierSpace, key: bound.key, owner: accountId }),
            ...(replaced === undefined
              ? []
              : [release({ space: identifierSpace, key: replaced.key, owner: accountId })]),
          ],
        }),
        () => sofar,
      )
    }, start)
  })
}
