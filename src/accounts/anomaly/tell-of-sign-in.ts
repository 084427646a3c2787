import { okAsync, type ResultAsync } from 'neverthrow'
import { messageIdOf, messageSecretPlace, queueMessage } from '../../notify/queue-message.js'
import type { Change } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type SubjectKey, sealValue } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import { isSecureAddress } from '../../shared/secure-address.js'
import type { Account } from '../account.js'
import { isStanding } from '../account-machine.js'
import { challengePrefix } from '../challenge.js'
import { digestCode, sealAddress } from '../issue-code.js'
import { guardIdOf } from '../known-device.js'
import type { AccountsPorts } from '../ports.js'
import { channelOf } from '../profile.js'
import { issueChallenge } from '../write-account.js'
import type { Anomaly, AnomalyResponse, SignInAnomalous } from './anomaly.js'
import { anomalyTexts } from './anomaly-texts.js'
import { contactAt } from './contact-at.js'
import type { FormerContacts } from './former-contact.js'

/** A sign-in that was found unusual, and what is done about it. */
export type UnusualSignIn = {
  readonly sessionId: string
  readonly startedAt: Instant
  /** Keyed digest of the device, where the host names devices. */
  readonly begunOn: string | undefined
  readonly account: Stored<Account>
  readonly key: SubjectKey
  readonly former: FormerContacts | undefined
  readonly anomalies: readonly Anomaly[]
  readonly response: AnomalyResponse
  readonly at: Instant
}

/**
 * Tells an owner of an unusual sign-in, with a token that says it was not they. The token is of a challenge of its own, which
 * stands until a sign-in is disowned or its time is over. The message goes to where the account was reached when the sign-in
 * began, by push where it had no contact then: whoever signed in may have changed that since.
 *
 * @errors CryptoUnavailable
 */
export const tellOfSignIn = (
  ports: AccountsPorts,
  { account, key, former, anomalies, response, sessionId, startedAt, begunOn, at }: UnusualSignIn,
  event: SignInAnomalous,
): ResultAsync<readonly Change[], CryptoUnavailable> => {
  const standing = account.state
  if (!isStanding(standing)) return okAsync([])
  const { accountId, sessionEpoch } = standing
  const { ttlMs, url } = ports.accountsPolicy.anomalies.notMe
  const purpose = 'notMe'
  const challengeId = ports.ids.next(challengePrefix)
  const code = ports.ids.secret()
  const expiresAt = at + ttlMs
  const token = `${challengeId}.${code}`
  const shown = url !== null && isSecureAddress(url) ? url.replaceAll('{token}', token) : token
  return digestCode(ports.digests, { challengeId, purpose, round: 1, code }).andThen((codeDigest) =>
    contactAt(ports, { account: standing, key, former }, startedAt).andThen((reached) => {
      const message = {
        cause: `unusual:${sessionId}`,
        accountId,
        // Whoever signed in may have added the only contact there is.
        channel: reached === undefined ? 'push' : channelOf(reached.kind),
        template: 'signInUnusual',
        facts: { at: { at: startedAt }, what: anomalyTexts(anomalies), until: { at: expiresAt } },
        at,
      } as const
      const messageId = messageIdOf(message)
      return sealValue(ports.sealer, key, messageSecretPlace(messageId), shown).andThen((secret) =>
        sealAddress(ports.sealer, key, messageId, reached?.address).map((to) => [
          issueChallenge(
            {
              type: 'ChallengeIssued',
              challengeId,
              purpose,
              accountId,
              epoch: response === 'endSessions' ? sessionEpoch + 1 : sessionEpoch,
              identifierKey: 'notMe',
              disownedFrom: startedAt,
              ...(begunOn === undefined ? {} : { disownedGuard: guardIdOf(accountId, begunOn) }),
              codeDigest,
              expiresAt,
              resendAt: expiresAt,
              at,
            },
            [event],
          ),
          queueMessage({ ...message, secret, ...to }),
        ]),
      )
    }),
  )
}
