import { okAsync, type ResultAsync } from 'neverthrow'
import type { MessageFact } from '../notify/templates.js'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { type Place, type Sealed, type SubjectKey, sealValue } from '../shared/personal-data.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { type CodeContact, challengePrefix } from './challenge.js'
import { digestCode, queueCode, type SentPurpose } from './issue-code.js'
import type { AccountsPorts } from './ports.js'
import { channelOf } from './profile.js'
import { issueChallenge } from './write-account.js'

/** A code is on its way to where it was asked for, if that is somebody's. */
export type CodeSent = {
  /** To be given back with the code. */
  readonly challengeId: string
  /** The code is void from then on. */
  readonly expiresAt: Instant
  /** Another code may be asked for from then on. */
  readonly resendAt: Instant
}

type Receiver = {
  readonly accountId: string
  /** The session epoch of the account. */
  readonly epoch: number
  readonly key: SubjectKey
}

/** Who a code is for, and the contact that it goes to; with the address or number itself where it is none of theirs yet. */
export type CodeReceiver = Receiver & { readonly sentTo: CodeContact; readonly address?: string }

/** Who a code is for that goes by push: the keyed digest of the installation, and where pushes reach it. */
export type PushReceiver = Receiver & { readonly pushedTo: string; readonly address: string }

/** A challenge as it is issued. */
export type OpenedChallenge = {
  readonly answer: CodeSent
  /** The challenge and the message that carries its code. */
  readonly changes: readonly Change[]
  /** The same challenge, whose code is sent to nobody yet. */
  readonly unsent: readonly Change[]
  /** The same challenge for nobody: its code is sent nowhere and opens nothing. */
  readonly decoy: readonly Change[]
}

/** Where the address stands that a challenge is about. */
export const challengeAddressPlace = (challengeId: string): Place => ({
  collection: 'challenge',
  id: challengeId,
  field: 'address',
})

/**
 * Opens a challenge; without a receiver it is one that nobody is sent the code of, so that whoever asked cannot tell. A key
 * of nobody is made each time and the code sealed either way: with keys kept far away, that is what takes time.
 *
 * @errors CryptoUnavailable
 */
export const openChallenge = (
  ports: AccountsPorts,
  asked: {
    readonly purpose: SentPurpose
    readonly identifierKey: string
    readonly receiver: CodeReceiver | PushReceiver | undefined
    /** What it is asked for with, where there is no receiver and it is a contact: codes count as if they went there. */
    readonly contact?: CodeContact | undefined
    /** When the registration lapses that it activates. */
    readonly activateBy?: Instant
    readonly at: Instant
  },
): ResultAsync<OpenedChallenge, CryptoUnavailable> => {
  const { purpose, identifierKey, receiver, activateBy, at } = asked
  const { contact = contactAskedWith(asked) } = asked
  const policy = ports.accountsPolicy.code
  const challengeId = ports.ids.next(challengePrefix)
  const code = ports.ids.digits(policy.digits)
  const expiresAt = Math.min(at + policy.ttlMs, activateBy ?? Number.POSITIVE_INFINITY)
  const resendAt = at + policy.resendPauseMs
  const answer: CodeSent = { challengeId, expiresAt, resendAt }
  const prepared = digestCode(ports.digests, { challengeId, purpose, round: 1, code }).andThen((codeDigest) =>
    ports.sealer.createKey(challengeId, 'passing').map((nobody) => ({ codeDigest, nobody })),
  )
  return prepared.andThen(({ codeDigest, nobody }) => {
    const until = activateBy === undefined ? {} : { activateBy }
    const facts = { challengeId, purpose, identifierKey, ...until, codeDigest, expiresAt, resendAt, at }
    const nowhere = contact === undefined ? {} : { sentTo: contact }
    const decoy = [issueChallenge({ type: 'ChallengeIssued', ...facts, ...nowhere })]
    if (receiver === undefined) {
      return sealValue(ports.sealer, nobody, challengeAddressPlace(challengeId), code).map(
        (): OpenedChallenge => ({ answer, changes: decoy, unsent: decoy, decoy }),
      )
    }
    const { accountId, epoch, key, address } = receiver
    const target = 'pushedTo' in receiver ? { pushedTo: receiver.pushedTo } : { sentTo: receiver.sentTo }
    const channel: 'email' | 'sms' | 'push' = 'pushedTo' in receiver ? 'push' : channelOf(receiver.sentTo.kind)
    const shown = address === undefined ? {} : { address }
    const sealed: ResultAsync<{ readonly address?: Sealed }, CryptoUnavailable> =
      address === undefined
        ? okAsync({})
        : sealValue(ports.sealer, key, challengeAddressPlace(challengeId), address).map((value) => ({ address: value }))
    const message = { challengeId, purpose, round: 1, code, accountId, channel, ...shown, key, at }
    const shownFacts: Readonly<Record<string, MessageFact>> = {
      expiresAt: { at: expiresAt },
      ...(activateBy === undefined ? {} : { activateBy: { at: activateBy } }),
    }
    return sealed.andThen((kept) =>
      queueCode(ports, { ...message, facts: shownFacts }).map((queued): OpenedChallenge => {
        const unsent = [issueChallenge({ type: 'ChallengeIssued', ...facts, accountId, epoch, ...target, ...kept })]
        return { answer, changes: [...unsent, queued], unsent, decoy }
      }),
    )
  })
}

const contactAskedWith = ({
  identifierKey,
  receiver,
}: {
  readonly identifierKey: string
  readonly receiver: CodeReceiver | PushReceiver | undefined
}): CodeContact | undefined =>
  receiver !== undefined && 'sentTo' in receiver && receiver.sentTo.key === identifierKey ? receiver.sentTo : undefined
