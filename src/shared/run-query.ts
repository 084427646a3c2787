import { errAsync, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type Actor, type Denied, ownScope, type Scope, type StepUpRequired } from './actor.js'
import { admit, noteRefusal } from './admit.js'
import { auditEntry } from './audit-entry.js'
import type { StoredDataInvalid } from './collection.js'
import type { DecidedChange } from './commit.js'
import type { Moment } from './decide-and-commit.js'
import type { InvalidInput, StorageUnavailable } from './errors.js'
import { leaveNotes } from './leave-notes.js'
import type { Origin } from './origin.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import { readFacts } from './read-facts.js'
import type { Facts, ReadPlan } from './read-plan.js'

/** Who asks. */
export type QueryContext = {
  readonly actor: Actor
  /** From where the question comes, as far as the host knows; it stands on a security event that the question leaves. */
  readonly origin?: Origin
}

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
  /** What is written with an answer that its person is to know of: a security event, and the message of it. */
  readonly leaves?: (
    facts: Facts<Plan & Own>,
    moment: Moment & { readonly input: Input; readonly actor: Actor },
  ) => readonly DecidedChange[]
  readonly answer: (
    facts: Facts<Plan & Own>,
    moment: Moment & { readonly input: Input; readonly actor: Actor },
  ) => Result<Answer, Failure> | ResultAsync<Answer, Failure>
}

/** Notes that staff have seen something; whoever may not be noted is not answered. */
export const noteLook = (
  ports: CorePorts,
  { actor, origin }: QueryContext,
  action: string,
  subject: string | undefined,
): ResultAsync<void, CryptoUnavailable | StorageUnavailable> => {
  if (actor.kind !== 'staff' || subject === undefined) return okAsync(undefined)
  const at = ports.clock.now()
  return leaveWith(ports, origin, [auditEntry(ports.ids, { actor, action, subject, at, outcome: 'done' })])
}

// An answer that could not be noted is not given; what another question at the same time has noted is.
const leaveWith = (
  ports: CorePorts,
  origin: Origin | undefined,
  notes: readonly DecidedChange[],
): ResultAsync<void, CryptoUnavailable | StorageUnavailable> =>
  leaveNotes(ports, origin, notes).orElse((error) =>
    error.type === 'AlreadyClaimed' ? okAsync(undefined) : errAsync(error),
  )

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
  admit(ports, context, spec.action).andThen((scope): ResultAsync<Answer, Failure | QueryError> => {
    const parsed = spec.parse(input)
    if (parsed.isErr()) return errAsync(parsed.error)
    const moment = { now: ports.clock.now(), scope, input: parsed.value, actor: context.actor }
    return readBoth(ports, moment, spec.plan(moment), spec.own?.(moment))
      .andThen((facts) =>
        okAsync<void, Failure | QueryError>(undefined)
          .andThen(() => spec.answer(facts, moment))
          .orElse((error) => noteRefusal(ports, context, error))
          .andThen((answer) => leaveWith(ports, context.origin, spec.leaves?.(facts, moment) ?? []).map(() => answer)),
      )
      .andThen((answer) => noteLook(ports, context, spec.action, spec.about?.(moment)).map(() => answer))
  })
