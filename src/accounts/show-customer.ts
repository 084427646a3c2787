import { errAsync, type ResultAsync } from 'neverthrow'
import type { Actor } from '../shared/actor.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { maskEmail, maskName, maskPhone } from '../shared/mask.js'
import type { Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { isShownClear } from '../shared/roles.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { Account } from './account.js'
import { isOfPerson } from './account-machine.js'
import { accounts, credentials } from './accounts.schema.js'
import type { ShowCustomerInput } from './inputs.js'
import { parseShowCustomer } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'
import { openProfile, type Profile } from './profile.js'
import { secondFactors } from './second-factor/second-factor.schema.js'

/** What staff see of an account. No password, code, secret or token of a person is within anybody's reach. */
export type CustomerView = Profile & {
  readonly accountId: string
  readonly status: Account['status']
  readonly registeredAt: Instant
  /** The fields that are shown as they are; all others are masked. */
  readonly shownClear: readonly (keyof Profile)[]
  readonly passwordSetAt: Instant | null
  readonly hasSecondFactor: boolean
}

const masks: Readonly<Record<keyof Profile, (text: string) => string>> = {
  email: maskEmail,
  phone: maskPhone,
  userName: maskName,
  name: maskName,
}
const profileFields = ['email', 'phone', 'userName', 'name'] as const

/**
 * Shows staff an account: masked, until they say for which purpose they look and one of their roles sees the field. That
 * they looked stands in the audit log.
 *
 * @errors NotFound, Unreadable, CryptoUnavailable, QueryError
 */
export const showCustomer = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ShowCustomerInput,
): ResultAsync<CustomerView, NotFound | Unreadable | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.customer',
    parse: parseShowCustomer,
    about: ({ input: { accountId } }) => accountId,
    plan: ({ input: { accountId } }) => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      credential: row(credentials, accountId),
      factor: row(secondFactors, accountId),
    }),
    answer: ({ account, key, credential, factor }, { actor, input: { accountId } }) => {
      if (account === undefined || !isOfPerson(account.state)) {
        return errAsync<CustomerView, NotFound | Unreadable | CryptoUnavailable>({
          type: 'NotFound',
          entity: 'account',
          id: accountId,
        })
      }
      const { status, registeredAt } = account.state
      return openProfile(ports.sealer, key?.state, account.state).map((profile): CustomerView => {
        const shownClear = profileFields.filter((field) => isClear(ports, actor, field))
        return {
          accountId,
          status,
          registeredAt,
          ...maskProfile(profile, shownClear),
          shownClear,
          passwordSetAt: credential?.state.setAt ?? null,
          hasSecondFactor: factor?.state.status === 'enabled',
        }
      })
    },
  })

const isClear = (ports: AccountsPorts, actor: Actor, field: keyof Profile): boolean =>
  isShownClear(ports.roles, actor, `account.${field}`)

const maskProfile = (profile: Profile, shownClear: readonly (keyof Profile)[]): Profile =>
  Object.fromEntries(
    profileFields.flatMap((field) => {
      const text = profile[field]
      return text === undefined ? [] : [[field, shownClear.includes(field) ? text : masks[field](text)]]
    }),
  )
