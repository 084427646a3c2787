import type { ResultAsync } from 'neverthrow'
import { type MessageRequest, messageIdOf, messageSecretPlace, queueMessage } from '../notify/queue-message.js'
import type { MessageFact, TemplateName } from '../notify/templates.js'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { type Place, type SubjectKey, sealValue } from '../shared/personal-data.js'
import type { CryptoUnavailable, KeyedDigest } from '../shared/ports.js'
import type { ChallengePurpose } from './challenge.js'
import type { AccountsPorts } from './ports.js'

/** The keyed digest of a code: bound to its challenge, its purpose and its round. */
export const digestCode = (
  digests: KeyedDigest,
  code: {
    readonly challengeId: string
    readonly purpose: ChallengePurpose
    readonly round: number
    readonly code: string
  },
): ResultAsync<string, CryptoUnavailable> =>
  digests.digest(`challenge:${code.purpose}`, `${code.challengeId}:${code.round}:${code.code}`)

/** The message that carries the code of each purpose. */
export const codeTemplates = { activate: 'activationCode', reset: 'resetCode' } satisfies Record<
  ChallengePurpose,
  TemplateName
>

/** Queues the message that carries a code, sealed for its receiver. */
export const queueCode = (
  ports: AccountsPorts,
  message: {
    readonly challengeId: string
    readonly purpose: ChallengePurpose
    readonly round: number
    readonly code: string
    readonly accountId: string
    readonly key: SubjectKey
    readonly facts: Readonly<Record<string, MessageFact>>
    readonly at: Instant
  },
): ResultAsync<Change, CryptoUnavailable> => {
  const request: MessageRequest = {
    cause: `${message.challengeId}:${message.round}`,
    accountId: message.accountId,
    template: codeTemplates[message.purpose],
    facts: message.facts,
    at: message.at,
  }
  const place: Place = messageSecretPlace(messageIdOf(request))
  return sealValue(ports.sealer, message.key, place, message.code).map((secret) => queueMessage({ ...request, secret }))
}
