import { errAsync, type ResultAsync } from 'neverthrow'
import type { Channel } from '../notify/message.js'
import { messagePreferences } from '../notify/preference.schema.js'
import { customerIdOf } from '../shared/actor.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { Locale } from '../shared/messages.js'
import type { NoInput } from '../shared/no-input.js'
import type { Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { entries, known, row } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from '../shared/stored.schema.js'
import { isStanding } from './account-machine.js'
import { accounts, consentLog } from './accounts.schema.js'
import type { ConsentEntry } from './consent.js'
import { linkedIdentities } from './identity/linked-identity.schema.js'
import { passkeys } from './passkey/passkey.schema.js'
import { paymentPasswords } from './payment-proof/payment-password.schema.js'
import type { AccountsPorts } from './ports.js'
import { contactOf, openDetails, openProfile } from './profile.js'
import type { RealNameKind } from './real-name/real-name.js'
import { realNameProofs } from './real-name/real-name.schema.js'
import type { AgeClass } from './real-name/resident-id.js'
import type { PersonDetails } from './registration-fields.js'
import type { FactorWay } from './second-factor/second-factor.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
import { waysOf } from './second-factor/second-factor-machine.js'

/** What a person sees of their own account. */
export type AccountView = {
  readonly accountId: string
  readonly email?: string
  /** E.164. */
  readonly phone?: string
  readonly userName?: string
  readonly name?: string
  /** What the person told of what the shop asks, by the name of the field; absent where it is nothing. */
  readonly details?: PersonDetails
  readonly locale: Locale
  readonly registeredAt: Instant
  readonly activatedAt: Instant
  /** The second factor, where sign-ins ask for one. */
  readonly secondFactor?: {
    readonly enabledAt: Instant
    readonly ways: readonly FactorWay[]
    readonly recoveryCodesLeft: number
  }
  /** By which other services the person signs in, in the order they were linked. */
  readonly identities: readonly { readonly linkId: string; readonly providerId: string; readonly linkedAt: Instant }[]
  /** That the real name was proven, where it was. */
  readonly realName?: { readonly kind: RealNameKind; readonly ageClass: AgeClass; readonly provenAt: Instant }
  /** The payment password, where there is one. */
  readonly paymentPassword?: { readonly setAt: Instant }
  /** The passkeys that lead into the account, in the order they were added. */
  readonly passkeys: readonly { readonly passkeyId: string; readonly addedAt: Instant; readonly backedUp: boolean }[]
  /** What to ask the person for: an address or a number, where there is neither. Without one, nobody who forgets the password comes back. */
  readonly missing?: 'contact'
  /** The channels on which a consent to marketing stands. */
  readonly marketing: readonly Channel[]
  /** What was consented to and withdrawn, the last first; at most 50. */
  readonly consents: readonly Omit<ConsentEntry, 'accountId'>[]
}

/**
 * Shows a person their own account.
 *
 * @errors NotFound, Unreadable, CryptoUnavailable, QueryError
 */
export const myAccount = (
  ports: AccountsPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<AccountView, NotFound | Unreadable | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.myAccount',
    parse: parseNothing,
    plan: ({ actor }) => {
      const accountId = actor.kind === 'customer' ? actor.accountId : undefined
      return {
        account: accountId === undefined ? known(undefined) : row(accounts, accountId),
        key: accountId === undefined ? known(undefined) : row(subjectKeys, accountId),
        preference: accountId === undefined ? known(undefined) : row(messagePreferences, accountId),
        factor: accountId === undefined ? known(undefined) : row(secondFactors, accountId),
        links: accountId === undefined ? known(undefined) : row(linkedIdentities, accountId),
        kept: accountId === undefined ? known(undefined) : row(passkeys, accountId),
        payment: accountId === undefined ? known(undefined) : row(paymentPasswords, accountId),
        proof: accountId === undefined ? known(undefined) : row(realNameProofs, accountId),
        consents:
          accountId === undefined
            ? known([])
            : entries(consentLog, {
                where: [{ field: 'accountId', is: 'eq', value: accountId }],
                orderBy: { field: 'at', direction: 'descending' },
                limit: 50,
              }),
      }
    },
    answer: ({ account, key, preference, factor, links, kept, payment, proof, consents }, { actor }) => {
      const standing = account?.state
      if (!isStanding(standing)) {
        const id = customerIdOf(actor)
        return errAsync<AccountView, NotFound | Unreadable | CryptoUnavailable>({
          type: 'NotFound',
          entity: 'account',
          id,
        })
      }
      const opened = openDetails(ports.sealer, key?.state, standing).andThen((details) =>
        openProfile(ports.sealer, key?.state, standing).map((profile) => ({
          ...profile,
          ...(Object.keys(details).length === 0 ? {} : { details }),
        })),
      )
      return opened.map(
        (told): AccountView => ({
          accountId: standing.accountId,
          ...told,
          locale: preference?.state.locale ?? 'zh-CN',
          registeredAt: standing.registeredAt,
          activatedAt: standing.activatedAt,
          ...(factor?.state.status === 'enabled'
            ? {
                secondFactor: {
                  enabledAt: factor.state.enabledAt,
                  ways: waysOf(factor.state),
                  recoveryCodesLeft: factor.state.recoveryDigests.length,
                },
              }
            : {}),
          identities: (links?.state.links ?? []).map(({ linkId, providerId, linkedAt }) => ({
            linkId,
            providerId,
            linkedAt,
          })),
          ...(proof === undefined
            ? {}
            : {
                realName: {
                  kind: proof.state.kind,
                  ageClass: proof.state.ageClass,
                  provenAt: proof.state.provenAt,
                },
              }),
          ...(payment === undefined ? {} : { paymentPassword: { setAt: payment.state.setAt } }),
          passkeys: (kept?.state.keys ?? []).map(({ passkeyId, addedAt, backedUp }) => ({
            passkeyId,
            addedAt,
            backedUp,
          })),
          ...(contactOf(standing.identifiers) === undefined ? { missing: 'contact' as const } : {}),
          marketing: preference?.state.marketing ?? [],
          consents: consents.map(({ body: { accountId: _, ...entry } }) => entry),
        }),
      )
    },
  })
