import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { type Actor, actorName, type Denied, type Scope, type StepUpRequired } from './actor.js'
import { auditEntry } from './audit-entry.js'
import { checkActor } from './check-actor.js'
import { claim } from './commit.js'
import type { InvalidInput } from './errors.js'
import { hoursMs } from './instant.js'
import { leaveNotes } from './leave-notes.js'
import type { Origin } from './origin.js'
import type { CorePorts } from './ports.js'

/** Who asks, and from where. */
type Asking = { readonly actor: Actor; readonly origin?: Origin }

/**
 * Asks the authorizer about an action, before anything is read. That staff or a merchant was denied one is a security event.
 *
 * @errors InvalidInput where the actor does not say who it is; Denied, StepUpRequired
 */
export const admit = (
  ports: CorePorts,
  context: Asking,
  action: string,
): ResultAsync<Scope, InvalidInput | Denied | StepUpRequired> =>
  checkActor(context.actor)
    .asyncAndThen(() => ports.authorizer.authorize(context.actor, action))
    .orElse((error) =>
      error.type === 'Denied'
        ? noteDenied(ports, context, action).andThen(() => errAsync(error))
        : errAsync<Scope, InvalidInput | Denied | StepUpRequired>(error),
    )

/**
 * Passes on why a decision refuses. Where it denies staff or a merchant what the authorizer let through, that is noted
 * before, as `admit` notes what the authorizer denies.
 */
export const noteRefusal = <Failure>(ports: CorePorts, context: Asking, error: Failure): ResultAsync<never, Failure> =>
  isDenied(error) ? noteDenied(ports, context, error.action).andThen(() => errAsync(error)) : errAsync(error)

const isDenied = (error: unknown): error is Denied =>
  typeof error === 'object' && error !== null && Reflect.get(error, 'type') === 'Denied'

const deniedSpace = 'deniedNoted'

// Once for an actor, an action and an hour, by one commit that reads nothing: whoever tries a thousand times fills no log. What
// cannot be noted is denied all the same.
const noteDenied = (ports: CorePorts, { actor, origin }: Asking, action: string): ResultAsync<void, never> => {
  if (actor.kind !== 'staff' && actor.kind !== 'merchant') return okAsync(undefined)
  const at = ports.clock.now()
  const hour = Math.floor(at / hoursMs)
  const subject = actorName(actor)
  const note = auditEntry(ports.ids, { actor, action, subject, at, outcome: 'refused', detail: 'Denied' })
  const once = { space: deniedSpace, key: `${subject}|${action}|${hour}`, owner: note.id }
  return leaveNotes(ports, origin, [claim({ ...once, expiresAt: (hour + 1) * hoursMs }), note]).orElse(() =>
    okAsync(undefined),
  )
}
