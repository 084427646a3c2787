import { okAsync, ResultAsync } from 'neverthrow'
import { type Change, put } from '../../shared/commit.js'
import { type Decided, decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import { openValue, type Place, type Sealed, type SubjectKey, type Unreadable } from '../../shared/personal-data.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import type { ContactKind } from '../identifier.js'
import type { AccountsPorts } from '../ports.js'
import { parseText } from '../profile.js'
import { matchingStep, secretBytesOf } from './one-time-code.js'
import type {
  FactorKind,
  SecondFactor,
  SecondFactorCommand,
  SecondFactorEvent,
  SecondFactorTold,
} from './second-factor.js'
import { secondFactors } from './second-factor.schema.js'
import { type SecondFactorState, secondFactorMachine } from './second-factor-machine.js'

/** Where the secret of an authenticator app stands. */
export const factorSecretPlace = (accountId: string): Place => ({
  collection: 'secondFactor',
  id: accountId,
  field: 'secret',
})

/** The keyed digest of a recovery code: bound to its account. */
export const digestRecoveryCode = (
  digests: KeyedDigest,
  accountId: string,
  code: string,
): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('recovery-code', `${accountId}:${code.normalize('NFKC').replace(/[^0-9]/g, '')}`)

/** How many recovery codes there are, and how long they are. */
const recoveryCodes = { count: 10, digits: 16 }

/** New recovery codes, and the digests that are kept of them. */
export const drawRecoveryCodes = (
  ports: AccountsPorts,
  accountId: string,
): ResultAsync<
  { readonly codes: readonly string[]; readonly recoveryDigests: readonly string[] },
  CryptoUnavailable
> => {
  const codes = Array.from({ length: recoveryCodes.count }, () =>
    ports.ids.digits(recoveryCodes.digits).replace(/(\d{4})(?=\d)/g, '$1-'),
  )
  return ResultAsync.combine(codes.map((code) => digestRecoveryCode(ports.digests, accountId, code))).map(
    (recoveryDigests) => ({ codes, recoveryDigests }),
  )
}

/**
 * The step of time that a code of a stored secret is of; undefined when it is of none.
 *
 * @errors Unreadable, CryptoUnavailable
 */
export const stepOfCode = (
  ports: AccountsPorts,
  { accountId, secret }: { readonly accountId: string; readonly secret: Sealed },
  key: SubjectKey | undefined,
  code: string,
  at: Instant,
): ResultAsync<number | undefined, Unreadable | CryptoUnavailable> =>
  openValue(ports.sealer, key, factorSecretPlace(accountId), secret, parseText).map((text) =>
    matchingStep(secretBytesOf(text), code.normalize('NFKC').trim(), at),
  )

/** Codes that a person has at hand; the others are sent. */
export type OwnCodeKind = Exclude<FactorKind, ContactKind>

/**
 * Tries what a person shows a second time who they are by. A code is taken once: the factor is written by the commit that
 * takes it.
 *
 * @returns what is written when it is right; undefined when it is wrong, used, or there is no factor
 * @errors Unreadable, CryptoUnavailable
 */
export const tryFactor = (
  ports: AccountsPorts,
  {
    factor,
    key,
    kind,
    code,
    at,
  }: {
    readonly factor: Stored<SecondFactor> | undefined
    readonly key: SubjectKey | undefined
    readonly kind: OwnCodeKind
    readonly code: string
    readonly at: Instant
  },
): ResultAsync<Change | undefined, Unreadable | CryptoUnavailable> => {
  if (factor?.state.status !== 'enabled') return okAsync(undefined)
  const use = (command: SecondFactorCommand): Change | undefined =>
    decideNext(secondFactorMachine, factor.state, command).match(
      (decided) => putFactor(factor.id, factor.version, decided),
      () => undefined,
    )
  if (kind === 'totp') {
    const { app } = factor.state
    if (app === undefined) return okAsync(undefined)
    return stepOfCode(ports, { accountId: factor.id, secret: app.secret }, key, code, at).map((step) =>
      step === undefined ? undefined : use({ type: 'UseStep', step }),
    )
  }
  return digestRecoveryCode(ports.digests, factor.id, code).map((digest) => use({ type: 'UseRecoveryCode', digest }))
}

/** Writes a second factor; its events in the outbox hold neither its secret nor a digest. */
export const putFactor = (
  accountId: string,
  version: number,
  { state, events }: Decided<SecondFactorState, SecondFactorEvent>,
): Change =>
  put<SecondFactorState>(secondFactors, {
    id: accountId,
    version,
    state,
    events: events.map(({ type }): SecondFactorTold => ({ type, accountId })),
  })
