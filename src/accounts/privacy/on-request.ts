import { err, ok, type Result } from 'neverthrow'
import { type Actor, customerIdOf, purposeOf } from '../../shared/actor.js'
import type { NotFound } from '../../shared/errors.js'
import { known, row, type Stored } from '../../shared/read-plan.js'
import type { OnRequest } from './privacy-inputs.js'
import type { PrivacyRequest, PrivacyRequestKind } from './privacy-request.js'
import { privacyRequests } from './privacy-request.schema.js'

/** Nobody of the shop's staff looks at what is kept of a person without saying for what: `purpose` of the actor. */
export type PurposeMissing = { readonly type: 'PurposeMissing'; readonly action: string }

/**
 * Whether staff say for which purpose they look; of others nothing is asked.
 *
 * @errors PurposeMissing
 */
export const checkPurpose = (actor: Actor, action: string): Result<void, PurposeMissing> =>
  actor.kind === 'staff' && purposeOf(actor) === undefined ? err({ type: 'PurposeMissing', action }) : ok(undefined)

/** Whose data it is: the actor's own, or for staff that of whoever the request is about; nobody's where none is named. */
export const subjectOf = (actor: Actor, onRequest: OnRequest | undefined): string =>
  actor.kind === 'staff' ? (onRequest?.accountId ?? '') : customerIdOf(actor)

/** Asks for the request that is carried out. */
export const askRequest = (onRequest: OnRequest | undefined) =>
  onRequest === undefined
    ? known<Stored<PrivacyRequest> | undefined>(undefined)
    : row(privacyRequests, onRequest.requestId)

/**
 * Whether an actor may do with a person's data what a right of theirs is about: people by themselves, staff on an open
 * request of one of the kinds and no further. A request that is somebody else's, answered, or of another kind is as if absent.
 *
 * @errors PurposeMissing, NotFound
 */
export const checkRequest = (
  actor: Actor,
  asked: {
    readonly action: string
    readonly onRequest: OnRequest | undefined
    readonly request: Stored<PrivacyRequest> | undefined
    readonly kinds: readonly PrivacyRequestKind[]
  },
): Result<void, PurposeMissing | NotFound> => {
  const { action, onRequest, request, kinds } = asked
  const absent: NotFound = { type: 'NotFound', entity: 'privacyRequest', id: onRequest?.requestId ?? '' }
  // Nobody does by another's request what they may do of their own.
  if (actor.kind !== 'staff') return onRequest === undefined ? ok(undefined) : err(absent)
  const isMeant =
    request !== undefined &&
    request.state.status === 'open' &&
    request.state.accountId === onRequest?.accountId &&
    kinds.includes(request.state.kind)
  return checkPurpose(actor, action).andThen(() => (isMeant ? ok(undefined) : err(absent)))
}
