import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import { type DecidedChange, put, removeRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row, type Stored } from '../../shared/read-plan.js'
import type { Account } from '../account.js'
import { isStanding } from '../account-machine.js'
import { accounts, credentials, sessions, signInGuards } from '../accounts.schema.js'
import type { Credential } from '../credential.js'
import { ownDeviceGuard } from '../known-device.js'
import type { Passkeys } from '../passkey/passkey.js'
import { passkeys } from '../passkey/passkey.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { SecondFactor } from '../second-factor/second-factor.js'
import { secondFactors } from '../second-factor/second-factor.schema.js'
import { hasNoProof } from '../second-factor/step-up-ways.js'
import type { Session } from '../session.js'
import type { SignInGuard } from '../sign-in-guard.js'
import { changeAccount } from '../write-account.js'
import type { SignInAnomalous } from './anomaly.js'
import { doubtTrail } from './doubt-trail.js'
import { formerContacts } from './former-contact.schema.js'
import { hardestResponse, judgeTrail } from './judge-trail.js'
import { anomalyDetail, askTrail, doubtsOf, traceOf } from './read-trail.js'
import { tellOfSignIn, type UnusualSignIn } from './tell-of-sign-in.js'

/**
 * Judges each sign-in by the trail of its account, and does what the shop's policy names about an unusual one: the hardest
 * response of the rules that apply. Its owner is told, with a token that says it was not they.
 */
export const judgeSignIn: Reaction<AccountsPorts> = {
  name: 'accounts.judgeSignIn',
  listensTo: ['session/SessionBegun'],
  react: (ports, event) => {
    const { accountId, device } = event.body
    if (typeof accountId !== 'string') return okAsync(undefined)
    return reactOnce(
      ports,
      { name: 'accounts.judgeSignIn', event },
      {
        plan: () => ({
          session: row(sessions, event.rowId),
          account: row(accounts, accountId),
          key: row(subjectKeys, accountId),
          guard: row(signInGuards, accountId),
          former: row(formerContacts, accountId),
          credential: row(credentials, accountId),
          factor: row(secondFactors, accountId),
          kept: row(passkeys, accountId),
          deviceGuard: ownDeviceGuard(accountId, typeof device === 'string' ? device : undefined),
          ...askTrail(accountId, event.at, ports.accountsPolicy.anomalies),
        }),
        decide: (found, { now: at }) => {
          const { session, account, key, guard, deviceGuard, former, done, after, refused } = found
          const nothing = ok<Decision<void>, CryptoUnavailable>({ changes: [], answer: undefined })
          if (account === undefined || key === undefined) return nothing
          // Whoever has signed out meanwhile is judged all the same; only the response has no session to end.
          const begunOn = typeof device === 'string' ? device : session?.state.device
          const since = done.findIndex(
            ({ body }) =>
              body.at === event.at &&
              traceOf(body) !== undefined &&
              (begunOn === undefined || body.origin?.device === begunOn),
          )
          const [entered, ...earlier] = done.slice(Math.max(since, 0)).flatMap(({ body }) => traceOf(body) ?? [])
          if (since < 0 || entered === undefined) return nothing
          const failed = refused.flatMap(({ body }) => traceOf(body) ?? [])
          const trail = [...failed, ...earlier].sort((one, other) => other.at - one.at)
          const policy = ports.accountsPolicy.anomalies
          const before = doubtTrail(policy, trail, doubtsOf(after.map(({ body }) => body)), event.at)
          const anomalies = judgeTrail(policy, entered, before)
          const hardest = hardestResponse(anomalies)
          if (hardest === undefined) return nothing
          const response = hardest === 'challenge' && canProveNothing(ports, account.state, found) ? 'allow' : hardest
          const facts = {
            sessionId: event.rowId,
            startedAt: event.at,
            begunOn,
            session,
            account,
            guard,
            deviceGuard,
            former: former?.state,
            anomalies,
            response,
            at,
          }
          return answerTo(ports, { ...facts, key: key.state }).map((changes) => ({ changes, answer: undefined }))
        },
      },
    )
  },
}

// Whom a third party alone lets in would be asked for a proof that there is none of, now and at every sign-in to come: they
// are told of the sign-in, and may disown it.
const canProveNothing = (
  ports: AccountsPorts,
  account: Account,
  {
    credential,
    factor,
    kept,
  }: {
    readonly credential: Stored<Credential> | undefined
    readonly factor: Stored<SecondFactor> | undefined
    readonly kept: Stored<Passkeys> | undefined
  },
): boolean =>
  isStanding(account) &&
  hasNoProof({
    account,
    factor: factor?.state,
    hasPassword: credential !== undefined,
    hasPasskeys: ports.passkeys !== undefined && (kept?.state.keys.length ?? 0) > 0,
  })

type Unusual = UnusualSignIn & {
  /** Absent where it has ended meanwhile. */
  readonly session: Stored<Session> | undefined
  readonly guard: Stored<SignInGuard> | undefined
  /** That of the device that it was at, where the account knows it. */
  readonly deviceGuard: Stored<SignInGuard> | undefined
}

const answerTo = (ports: AccountsPorts, unusual: Unusual): ResultAsync<readonly DecidedChange[], CryptoUnavailable> => {
  const { account, sessionId, startedAt, begunOn, anomalies, response, at } = unusual
  const accountId = account.id
  const note = auditEntry(ports.ids, {
    actor: { kind: 'system', reason: 'anomaly' },
    action: 'accounts.anomaly',
    subject: accountId,
    at,
    outcome: 'done',
    detail: anomalyDetail(anomalies, response, startedAt),
    ...(begunOn === undefined ? {} : { origin: { device: begunOn } }),
  })
  const event: SignInAnomalous = {
    type: 'SignInAnomalous',
    accountId,
    sessionId,
    rules: anomalies.map(({ rule }) => rule),
    response,
  }
  return tellOfSignIn(ports, unusual, event).map((told) => [...respond(ports, unusual), ...told, note])
}

const respond = (
  ports: AccountsPorts,
  { account, session, guard, deviceGuard, response, at }: Unusual,
): readonly DecidedChange[] => {
  const ended = session === undefined ? [] : [removeRow(sessions, session)]
  // By a sign-in that was unusual the account knows no device, were it one that it knew: a proof makes it known again.
  const unknown = deviceGuard === undefined ? [] : [removeRow(signInGuards, deviceGuard)]
  switch (response) {
    case 'allow':
      return []
    case 'challenge':
      return [
        ...unknown,
        ...(session === undefined
          ? []
          : [
              put(sessions, { id: session.id, version: session.version, state: { ...session.state, mustProve: true } }),
            ]),
      ]
    case 'lock': {
      const until = at + ports.accountsPolicy.guard.longestLockMs
      const none = { accountId: account.id, restsSince: at, failures: 0, consecutive: 0, lastFailureAt: at }
      const before: SignInGuard = guard?.state ?? { ...none, lockedUntil: at }
      const locked: SignInGuard = {
        ...before,
        ...(before.restsSince === undefined ? {} : { restsSince: at }),
        lastFailureAt: at,
        lockedUntil: Math.max(before.lockedUntil, until),
      }
      return [...ended, ...unknown, put(signInGuards, { id: account.id, version: guard?.version ?? 0, state: locked })]
    }
    case 'endSessions':
      return [
        ...ended,
        ...unknown,
        ...changeAccount(account, { type: 'EndSessions' }).match(
          (change) => [change],
          () => [],
        ),
      ]
  }
}
