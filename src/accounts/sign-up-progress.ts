import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import { known, row } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { challenges } from './accounts.schema.js'
import { activateByOf } from './activate-by.js'
import type { SignUpProgressInput } from './inputs.js'
import { parseSignUpProgress } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'
import { type AskedIdentifier, askedFields, type RegistrationField } from './registration-fields.js'

/** A field of the form, with what it is for. */
export type AskedField = RegistrationField & { readonly name: string }

/** Where a sign-up stands, what it lacks, and what comes after it. */
export type SignUpProgress =
  /** Nothing waits: `register`, by an address or a number, with a password and what the shop requires. */
  | {
      readonly step: 'register'
      /** By what the shop has people register. */
      readonly identifier: AskedIdentifier
      /** `email` or `phone`, or `contact` where either will do; `password`; and each field that is required. */
      readonly missing: readonly string[]
      readonly next: 'activate'
      /** Everything that is asked beside, each with its purpose. */
      readonly fields: readonly AskedField[]
    }
  /** A code is out: `activate` takes it, `resendCode` sends another, `correctContact` sends it elsewhere. */
  | {
      readonly step: 'activate'
      readonly missing: readonly ['code']
      readonly next: 'signIn'
      readonly codeExpiresAt: Instant
      readonly resendAt: Instant
      readonly activateBy: Instant
    }
  /** The account stands: `signIn`. */
  | { readonly step: 'signIn'; readonly missing: readonly []; readonly next: null }

/**
 * Says where a sign-up stands, to go on with it later or elsewhere. It tells nobody whether an address has an account: a
 * registration that nobody is sent a code of looks like one that waits.
 *
 * @errors QueryError
 */
export const showSignUpProgress = (
  ports: AccountsPorts,
  context: QueryContext,
  input: SignUpProgressInput,
): ResultAsync<SignUpProgress, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.signUpProgress',
    parse: parseSignUpProgress,
    plan: ({ input: { challengeId } }) => ({
      challenge: challengeId === undefined ? known(undefined) : row(challenges, challengeId),
    }),
    answer: ({ challenge }, { now }) => {
      const policy = ports.accountsPolicy
      const state = challenge?.state.purpose === 'activate' ? challenge.state : undefined
      if (state?.status === 'redeemed') {
        return ok<SignUpProgress, never>({ step: 'signIn', missing: [], next: null })
      }
      const activateBy = state === undefined ? 0 : activateByOf(state, policy)
      if (state?.status === 'open' && now < activateBy) {
        const { expiresAt: codeExpiresAt, resendAt } = state
        return ok<SignUpProgress, never>({
          step: 'activate',
          missing: ['code'],
          next: 'signIn',
          codeExpiresAt,
          resendAt,
          activateBy,
        })
      }
      const fields = askedFields(policy.registration).map(([name, field]): AskedField => ({ name, ...field }))
      const required = fields.filter((field) => field.required === true).map(({ name }) => name)
      const { identifier = 'either' } = policy.registration
      return ok<SignUpProgress, never>({
        step: 'register',
        identifier,
        missing: [identifier === 'either' ? 'contact' : identifier, 'password', ...required],
        next: 'activate',
        fields,
      })
    },
  })
