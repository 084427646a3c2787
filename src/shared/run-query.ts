import { errAsync, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type Actor, type Denied, ownScope, type Scope, type StepUpRequired } from './actor.js'
import { auditEntry } from './audit-entry.js'
import { checkActor } from './check-actor.js'
import type { StoredDataInvalid } from './collection.js'
import type { Moment } from './decide-and-commit.js'
import type { InvalidInput, StorageUnavailable } from './errors.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import { readFacts } from './read-facts.js'
import type { Facts, ReadPlan } from './read-plan.js'
import { signAudit } from './sign-audit.js'
import { commitChanges } from './storage.js'

/** Who asks. */
export type QueryContext = { readonly actor: Actor }

/** Why any query may be refused, whatever it is about. */
export type QueryError =
  | Denied
  | StepUpRequired
  | InvalidInput
  | CryptoUnavailable
  | StorageUnavailable
  | StoredDataInvalid

type NoPlan = Readonly<Record<never, never>>

/** A question of one read. */
export type QuerySpec<Input, Plan extends ReadPlan, Answer, Failure, Own extends ReadPlan = NoPlan> = {
  /** Module and verb (`orders.page`); what the authorizer is asked. */
  readonly action: string
  readonly parse: (input: unknown) => Result<Input, InvalidInput>
  readonly plan: (moment: Moment & { readonly input: Input; readonly actor: Actor }) => Plan
  /** What is asked for beside it of the actor's own, of which a scope of the host over other rows says nothing. */
  readonly own?: (moment: Moment & { readonly input: Input; readonly actor: Actor }) => Own
  /** Whom or what it is about, where the answer may hold personal data: that staff asked stands in the audit log. */
  readonly about?: (moment: Moment & { readonly input: Input; readonly actor: Actor }) => string
  readonly answer: (
    facts: Facts<Plan & Own>,
    moment: Moment & { readonly input: Input; readonly actor: Actor },
  ) => Result<Answer, Failure> | ResultAsync<Answer, Failure>
}

// An answer that could not be noted is not given.
const noteLook = (
  ports: CorePorts,
  action: string,
  actor: Actor,
  subject: string | undefined,
): ResultAsync<void, CryptoUnavailable | StorageUnavailable> => {
  if (actor.kind !== 'staff' || subject === undefined) return okAsync(undefined)
  const at = ports.clock.now()
  return signAudit(ports, [auditEntry(ports.ids, { actor, action, subject, at, outcome: 'done' })])
    .andThen((changes) => commitChanges(ports.storage, { shop: ports.shop, at, changes }))
    .map(() => undefined)
    .mapErr((error) =>
      error.type === 'StorageUnavailable' || error.type === 'CryptoUnavailable'
        ? error
        : { type: 'StorageUnavailable', detail: error.type },
    )
}

const readBoth = <Plan extends ReadPlan, Own extends ReadPlan>(
  ports: CorePorts,
  { scope, actor, now }: Moment & { readonly actor: Actor },
  plan: Plan,
  own: Own | undefined,
): ResultAsync<Facts<Plan & Own>, StorageUnavailable | StoredDataInvalid> => {
  const read = <Asked extends ReadPlan>(asked: Asked, within: Scope) =>
    readFacts(ports.storage, { shop: ports.shop, scope: within, at: now, plan: asked })
  // A plan without questions of the actor's own is the whole of both.
  if (own === undefined) return read(plan as Plan & Own, scope)
  if (scope.kind === 'all' || scope.kind === 'own') return read({ ...plan, ...own }, scope)
  return read(plan, scope).andThen((facts) =>
    // No name stands in both.
    read(own, ownScope(actor)).map((theirs) => ({ ...facts, ...theirs }) as Facts<Plan & Own>),
  )
}

/**
 * Answers a question: authorizes, checks the input, reads once within the actor's scope (and within their own, where that is
 * another and something of their own is asked for), and notes that staff have seen
 * personal data.
 *
 * @errors QueryError, and whatever the question refuses
 */
export const runQuery = <Input, Plan extends ReadPlan, Answer, Failure, Own extends ReadPlan = NoPlan>(
  ports: CorePorts,
  context: QueryContext,
  input: unknown,
  spec: QuerySpec<Input, Plan, Answer, Failure, Own>,
): ResultAsync<Answer, Failure | QueryError> =>
  checkActor(context.actor)
    .mapErr((error): Failure | QueryError => error)
    .asyncAndThen(() =>
      ports.authorizer.authorize(context.actor, spec.action).mapErr((error): Failure | QueryError => error),
    )
    .andThen((scope): ResultAsync<Answer, Failure | QueryError> => {
      const parsed = spec.parse(input)
      if (parsed.isErr()) return errAsync(parsed.error)
      const moment = { now: ports.clock.now(), scope, input: parsed.value, actor: context.actor }
      return readBoth(ports, moment, spec.plan(moment), spec.own?.(moment))
        .mapErr((error): Failure | QueryError => error)
        .andThen((facts) => spec.answer(facts, moment))
        .andThen((answer) => noteLook(ports, spec.action, context.actor, spec.about?.(moment)).map(() => answer))
    })
