import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import {
  type Challenge,
  type ChallengeCommand,
  type ChallengeError,
  type ChallengeEvent,
  clockToleranceMs,
  longestChallengeMs,
} from './challenge.js'

/** A challenge, or the moment before there is one. */
export type ChallengeState = Challenge | { readonly status: 'absent' }

export type ChallengeStatus = ChallengeState['status']

/** Which command leads a challenge where. */
export const challengeTable: TransitionTable<ChallengeStatus, ChallengeCommand['type'], ChallengeEvent['type']> = [
  { from: 'absent', command: 'Issue', events: 'ChallengeIssued', to: 'open' },
  { from: 'open', command: 'Resend', events: 'CodeResent', to: 'open', guard: 'the pause is over' },
  {
    from: 'open',
    command: 'Redeem',
    events: 'ChallengeRedeemed',
    to: 'redeemed',
    guard: 'the last code, its purpose, in time, attempts left',
  },
  {
    from: 'open',
    command: 'Prove',
    events: 'ChallengeRedeemed',
    to: 'redeemed',
    guard: 'the right proof, its purpose, in time, attempts left',
  },
  { from: 'open', command: 'Revoke', events: 'ChallengeRevoked', to: 'revoked' },
]

const decide = (
  state: ChallengeState,
  command: ChallengeCommand,
): Result<readonly ChallengeEvent[], ChallengeError> => {
  if (!allowsCommand(challengeTable, { status: state.status, command: command.type })) {
    return err({ type: 'ChallengeStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Result<readonly ChallengeEvent[], ChallengeError>>()
    .with({ type: 'Issue' }, ({ type: _, ...facts }) => ok([{ type: 'ChallengeIssued', ...facts }]))
    .with({ type: 'Resend' }, ({ type: _, at, ...code }) =>
      state.status === 'open' && at < state.resendAt
        ? err({ type: 'CodeTooSoon', resendAt: state.resendAt })
        : ok([{ type: 'CodeResent', ...code, sentAt: at }]),
    )
    .with({ type: 'Redeem' }, (redeem) =>
      judge(state, redeem, state.status === 'open' && isSameDigest(state.codeDigest, redeem.codeDigest)),
    )
    .with({ type: 'Prove' }, (proof) => judge(state, proof, proof.right))
    .with({ type: 'Revoke' }, ({ at }) => ok([{ type: 'ChallengeRevoked', at }]))
    .exhaustive()
}

const judge = (
  state: ChallengeState,
  { type, purpose, attemptsLeft, at }: Extract<ChallengeCommand, { readonly type: 'Redeem' | 'Prove' }>,
  right: boolean,
): Result<readonly ChallengeEvent[], ChallengeError> => {
  if (state.status !== 'open') return err({ type: 'ChallengeStateForbids', status: state.status, command: type })
  if (state.purpose !== purpose) return err({ type: 'PurposeDiffers' })
  const expiresAt = Math.min(state.expiresAt, state.issuedAt + longestChallengeMs)
  const isToCome = at < (state.sentAt ?? state.issuedAt) - clockToleranceMs
  if (at >= expiresAt || isToCome) return err({ type: 'CodeExpired', expiresAt })
  if (attemptsLeft < 1) return err({ type: 'AttemptsUsedUp' })
  return right ? ok([{ type: 'ChallengeRedeemed', at }]) : err({ type: 'CodeWrong' })
}

/** Compares two digests in a time that does not depend on where they differ. */
export const isSameDigest = (left: string, right: string): boolean => {
  let differs = left.length ^ right.length
  for (let index = 0; index < left.length; index += 1) differs |= left.charCodeAt(index) ^ right.charCodeAt(index)
  return differs === 0
}

const evolve = (state: ChallengeState, event: ChallengeEvent): ChallengeState => {
  if (event.type === 'ChallengeIssued') {
    const { type: _, at, ...facts } = event
    return { ...facts, status: 'open', issuedAt: at, round: 1 }
  }
  if (state.status !== 'open') return state
  switch (event.type) {
    case 'CodeResent': {
      const { type: _, ...code } = event
      return { ...state, ...code, round: state.round + 1 }
    }
    case 'ChallengeRedeemed':
      return { ...factsOf(state), status: 'redeemed', redeemedAt: event.at }
    case 'ChallengeRevoked':
      return { ...factsOf(state), status: 'revoked', revokedAt: event.at }
  }
}

const factsOf = ({
  challengeId,
  purpose,
  accountId,
  epoch,
  identifierKey,
  sentTo,
  pushedTo,
  providerId,
  provenBy,
  passwordSetAt,
  disownedFrom,
  disownedGuard,
  activateBy,
  issuedAt,
}: Challenge) => ({
  challengeId,
  purpose,
  ...(accountId === undefined ? {} : { accountId }),
  ...(epoch === undefined ? {} : { epoch }),
  identifierKey,
  ...(sentTo === undefined ? {} : { sentTo }),
  ...(pushedTo === undefined ? {} : { pushedTo }),
  ...(providerId === undefined ? {} : { providerId }),
  ...(provenBy === undefined ? {} : { provenBy }),
  ...(passwordSetAt === undefined ? {} : { passwordSetAt }),
  ...(disownedFrom === undefined ? {} : { disownedFrom }),
  ...(disownedGuard === undefined ? {} : { disownedGuard }),
  ...(activateBy === undefined ? {} : { activateBy }),
  issuedAt,
})

/** The life of a challenge; the one machine behind every code. */
export const challengeMachine: Decider<ChallengeState, ChallengeCommand, ChallengeEvent, ChallengeError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
