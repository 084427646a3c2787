import { okAsync, type ResultAsync } from 'neverthrow'
import {
  type MessageRequest,
  messageAddressPlace,
  messageIdOf,
  messageSecretPlace,
  queueMessage,
} from '../notify/queue-message.js'
import type { MessageFact, TemplateName } from '../notify/templates.js'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { type Sealed, type Sealer, type SubjectKey, sealValue } from '../shared/personal-data.js'
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

/** The message that carries the code of each purpose for which one goes out; the others' challenges send nobody a code. */
export const codeTemplates = {
  activate: 'activationCode',
  reset: 'resetCode',
  bind: 'bindCode',
  signIn: 'signInCode',
  secondFactor: 'secondFactorCode',
  enrolFactor: 'enrolFactorCode',
  stepUp: 'stepUpCode',
  pay: 'paymentCode',
  resetPayment: 'paymentResetCode',
} as const satisfies Partial<Record<ChallengePurpose, TemplateName>>

/** What a code is for that goes out by message. */
export type SentPurpose = keyof typeof codeTemplates

export const isSentPurpose = (purpose: ChallengePurpose): purpose is SentPurpose => purpose in codeTemplates

/** Queues the message that carries a code, sealed for its receiver. */
export const queueCode = (
  ports: AccountsPorts,
  message: {
    readonly challengeId: string
    readonly purpose: SentPurpose
    readonly round: number
    readonly code: string
    readonly accountId: string
    readonly channel: 'email' | 'sms' | 'push'
    /** The address itself, where it is none of the account's yet. */
    readonly address?: string
    readonly key: SubjectKey
    readonly facts: Readonly<Record<string, MessageFact>>
    readonly at: Instant
  },
): ResultAsync<Change, CryptoUnavailable> => {
  const request: MessageRequest = {
    cause: `${message.challengeId}:${message.round}`,
    accountId: message.accountId,
    channel: message.channel,
    template: codeTemplates[message.purpose],
    facts: message.facts,
    at: message.at,
  }
  const messageId = messageIdOf(request)
  return sealValue(ports.sealer, message.key, messageSecretPlace(messageId), message.code).andThen((secret) =>
    sealAddress(ports.sealer, message.key, messageId, message.address).map((to) =>
      queueMessage({ ...request, secret, ...to }),
    ),
  )
}

/** Seals the address that a message goes to, where it is none that the account is reached at. */
export const sealAddress = (
  sealer: Sealer,
  key: SubjectKey,
  messageId: string,
  address: string | undefined,
): ResultAsync<{ readonly to?: Sealed }, CryptoUnavailable> =>
  address === undefined
    ? okAsync({})
    : sealValue(sealer, key, messageAddressPlace(messageId), address).map((to) => ({ to }))
