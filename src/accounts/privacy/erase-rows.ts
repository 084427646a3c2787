import { messagePreferences } from '../../notify/preference.schema.js'
import { type Change, release, removeRow } from '../../shared/commit.js'
import { erasedSubjects, noteErased } from '../../shared/erased-subject.schema.js'
import type { Instant } from '../../shared/instant.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { type Facts, row, type Stored } from '../../shared/read-plan.js'
import { neverAgain } from '../../shared/subject-key.js'
import { type AccountState, isStanding } from '../account-machine.js'
import { credentials, sessions } from '../accounts.schema.js'
import { identifierKinds } from '../identifier.js'
import { identifierSpace } from '../identify.js'
import { linkedIdentities } from '../identity/linked-identity.schema.js'
import { forgetLinks } from '../identity/write-links.js'
import { sessionsOf } from '../my-sessions.js'
import { forgetPasskeys } from '../passkey/forget-passkeys.js'
import { passkeys } from '../passkey/passkey.schema.js'
import { paymentPasswords } from '../payment-proof/payment-password.schema.js'
import type { AccountsPorts } from '../ports.js'
import { secondFactors } from '../second-factor/second-factor.schema.js'
import { closeRequest, openRequestsOf, putRequest } from './close-request.js'
import { holdKey } from './held-key.schema.js'
import type { ErasurePlan } from './plan-erasure.js'
import { newRequest } from './request-privacy.js'

/** Asks for what the commit of an erasure removes by itself; what else there is, the relay removes after it. */
export const askErasedRows = (accountId: string) => ({
  key: row(subjectKeys, accountId),
  credential: row(credentials, accountId),
  preference: row(messagePreferences, accountId),
  open: sessionsOf(accountId),
  factor: row(secondFactors, accountId),
  links: row(linkedIdentities, accountId),
  kept: row(passkeys, accountId),
  payment: row(paymentPasswords, accountId),
  asked: openRequestsOf(accountId),
  noted: row(erasedSubjects, accountId),
})

/**
 * What the commit of an erasure removes beside writing the account: the key, or it is set aside; every way in; every
 * identifier. Every request that is open is answered by it, one for erasure with the verdicts; where none is, one is noted.
 */
export const eraseRows = (
  ports: AccountsPorts,
  account: Stored<AccountState>,
  facts: Facts<ReturnType<typeof askErasedRows>>,
  { verdicts, held }: Pick<ErasurePlan, 'verdicts' | 'held'>,
  { at, erasedAt = at }: { readonly at: Instant; readonly erasedAt?: Instant },
): { readonly number: string; readonly changes: readonly Change[] } => {
  const { key, credential, preference, open, factor, links, kept, payment, asked, noted } = facts
  const accountId = account.id
  const identifiers = isStanding(account.state) ? account.state.identifiers : {}
  const forErasure = asked.find(({ state }) => state.kind === 'erasure')
  const request = forErasure === undefined ? newRequest(ports, { accountId, kind: 'erasure', at }) : undefined
  return {
    number: (forErasure?.state ?? request)?.number ?? '',
    changes: [
      ...(request === undefined ? [] : putRequest({ ...request, status: 'done', answeredAt: at, verdicts })),
      ...asked.flatMap((each) =>
        closeRequest(each, each === forErasure ? { kind: 'done', verdicts } : { kind: 'done' }, at),
      ),
      ...(key === undefined || held === undefined ? [] : [holdKey(key.state, held, at)]),
      ...(key === undefined ? [] : [removeRow(subjectKeys, key)]),
      neverAgain(accountId),
      noteErased(
        {
          subjectId: accountId,
          erasedAt,
          destroyFrom: ports.sealer.destroyKey === undefined ? null : (held?.until ?? at),
        },
        noted?.version,
      ),
      ...(credential === undefined ? [] : [removeRow(credentials, credential)]),
      ...(preference === undefined ? [] : [removeRow(messagePreferences, preference)]),
      ...(factor === undefined ? [] : [removeRow(secondFactors, factor)]),
      ...forgetLinks(links),
      ...forgetPasskeys(kept),
      ...(payment === undefined ? [] : [removeRow(paymentPasswords, payment)]),
      ...open.map((session) => removeRow(sessions, session)),
      ...identifierKinds.flatMap((kind) => {
        const bound = identifiers[kind]
        return bound === undefined ? [] : [release({ space: identifierSpace, key: bound.key, owner: accountId })]
      }),
    ],
  }
}
