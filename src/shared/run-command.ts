import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type Actor, actorName, type Denied, type Scope, type StepUpRequired } from './actor.js'
import { admit, noteRefusal } from './admit.js'
import { noteOrigin } from './audit-origin.js'
import type { AlreadyClaimed, Change } from './commit.js'
import { put } from './commit.js'
import { type Decision, decideAndCommit, type Moment, type StorageError } from './decide-and-commit.js'
import type { AlreadyDone, IdempotencyKeyReused, InvalidInput } from './errors.js'
import { canonicalJson, isWellFormed, type Json, type JsonObject } from './json.js'
import type { Operation } from './operation.js'
import { operations } from './operation.schema.js'
import type { Origin } from './origin.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import { type Asked, type Facts, type ReadPlan, row, type Stored } from './read-plan.js'

/** Who gives a command, and under which key. */
export type CommandContext = {
  readonly actor: Actor
  /** Chosen by the caller, 1 to 200 characters; the same key gives the same answer, and the command is done once. */
  readonly key: string
  /** From where the command comes, as far as the host knows; budgets and the guard of sign-ins count by it. */
  readonly origin?: Origin
}

/** Why any command may be refused, whatever it is about. */
export type CommandError =
  | Denied
  | StepUpRequired
  | InvalidInput
  | IdempotencyKeyReused
  | AlreadyDone
  | CryptoUnavailable
  | StorageError

/** The circumstances of a command: its checked input beside the moment. */
export type CommandMoment<Input> = Moment & { readonly input: Input; readonly actor: Actor }

/** A command of one commit. */
export type CommandSpec<Input, Plan extends ReadPlan, Answer extends object, Failure> = {
  /** Module and verb (`orders.place`); what the authorizer is asked and the key is bound to. */
  readonly action: string
  readonly parse: (input: unknown) => Result<Input, InvalidInput>
  readonly plan: (moment: CommandMoment<Input>) => Plan
  readonly decide: (
    facts: Facts<Plan>,
    moment: CommandMoment<Input>,
  ) => Result<Decision<Answer>, Failure> | ResultAsync<Decision<Answer>, Failure>
  readonly claimed?: (taken: AlreadyClaimed) => Result<Answer, Failure> | undefined
  /**
   * What a merchant's command moves hangs on a row of theirs and is not all theirs to read (the buyer's points): of such
   * a command everything is read, and this leaves out the row that it is about where that is not the merchant's.
   */
  readonly ofMerchant?: (facts: Facts<Plan>, merchantId: string) => Facts<Plan>
  /**
   * What it moves is the shop's as a whole and hangs on no row that a condition could be met by: it is `Denied` to whoever
   * is bound by one.
   */
  readonly ofWholeShop?: true
  /** The answer holds a secret: it is not kept, and a replay is answered with `AlreadyDone`. */
  readonly secret?: boolean
}

/** A command of several commits: the first leaves a step from which the rest can go on, also after a crash. */
export type FirstStepSpec<Input, Plan extends ReadPlan, Step extends object, Failure> = Omit<
  CommandSpec<Input, Plan, Step, Failure>,
  'claimed' | 'ofMerchant' | 'ofWholeShop' | 'secret'
> & { readonly claimed?: (taken: AlreadyClaimed) => Failure | undefined }

/** The later commit that completes a command. */
export type LastStepSpec<Plan extends ReadPlan, Answer extends object, Failure> = {
  readonly action: string
  readonly scope: Scope
  readonly plan: (moment: Moment) => Plan
  readonly decide: (
    facts: Facts<Plan>,
    moment: Moment,
  ) => Result<Decision<Answer>, Failure> | ResultAsync<Decision<Answer>, Failure>
  readonly claimed?: (taken: AlreadyClaimed) => Result<Answer, Failure> | undefined
}

/** How far a command of several commits has come. */
export type Progress<Answer, Step> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** `scope` is what the authorizer allowed; `resumed` when the first commit was made by an earlier try. */
  | { readonly kind: 'started'; readonly step: Step; readonly scope: Scope; readonly resumed: boolean }

/**
 * Does a command of one commit: authorizes, checks the input, reads, decides, commits; answers a repeated key without
 * doing it again. Refusals are not recorded.
 *
 * @errors CommandError, and whatever the decision refuses
 */
export const runCommand = <Input, Plan extends ReadPlan, Answer extends object, Failure>(
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: CommandSpec<Input, Plan, Answer, Failure>,
): ResultAsync<Answer, Failure | CommandError> =>
  open(ports, context, input, spec).andThen((opened) => {
    const { scope } = opened
    const { ofMerchant } = spec
    return decideAndCommit<OperationPlan<Plan>, Answer, Failure | CommandError>(ports, {
      scope: scope.kind === 'merchant' && ofMerchant !== undefined ? { kind: 'all' } : scope,
      plan: (moment) =>
        withOperation(spec.plan({ ...moment, input: opened.input, actor: context.actor }), opened.operationId),
      decide: (facts, moment) => {
        const asked = { ...moment, input: opened.input, actor: context.actor }
        if (scope.kind === 'fields' && (spec.ofWholeShop === true || !isOfOneKind(spec.plan(asked))))
          return err({ type: 'Denied', action: spec.action })
        const before = recorded<Answer>(operationOf(facts), spec.action, opened.fingerprint)
        if (before.isErr()) return err(before.error)
        if (before.value?.kind === 'answered') return ok({ changes: [], answer: before.value.answer })
        const read = planFacts(facts)
        const theirs = scope.kind === 'merchant' && ofMerchant !== undefined ? ofMerchant(read, scope.merchantId) : read
        return withOrigin(ports, context, () => spec.decide(theirs, asked)).map(
          (decision): Decision<Answer> => ({
            answer: decision.answer,
            changes: [
              answered(opened, 0, moment.now, spec.secret === true ? null : decision.answer),
              ...decision.changes,
            ],
          }),
        )
      },
      ...(spec.claimed === undefined ? {} : { claimed: spec.claimed }),
    }).orElse((error) => noteRefusal(ports, context, error))
  })

/**
 * Makes the first commit of a command of several: its intent, before the outside world is asked. A repeated key gives
 * the step that was recorded, or the answer when the command is done.
 *
 * @errors CommandError, and whatever the decision refuses
 */
export const startCommand = <Input, Plan extends ReadPlan, Answer extends object, Step extends object, Failure>(
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: FirstStepSpec<Input, Plan, Step, Failure>,
): ResultAsync<Progress<Answer, Step>, Failure | CommandError> =>
  open(ports, context, input, spec).andThen((opened) =>
    decideAndCommit<OperationPlan<Plan>, Progress<Answer, Step>, Failure | CommandError>(ports, {
      scope: opened.scope,
      plan: (moment) =>
        withOperation(spec.plan({ ...moment, input: opened.input, actor: context.actor }), opened.operationId),
      decide: (facts, moment) => {
        const asked = { ...moment, input: opened.input, actor: context.actor }
        if (opened.scope.kind === 'fields' && !isOfOneKind(spec.plan(asked)))
          return err({ type: 'Denied', action: spec.action })
        const before = recorded<Answer, Step>(operationOf(facts), spec.action, opened.fingerprint)
        if (before.isErr()) return err(before.error)
        if (before.value !== undefined) {
          const progress: Progress<Answer, Step> =
            before.value.kind === 'answered' ? before.value : { ...before.value, scope: opened.scope, resumed: true }
          return ok({ changes: [], answer: progress })
        }
        return withOrigin(ports, context, () => spec.decide(planFacts(facts), asked)).map(
          (decision): Decision<Progress<Answer, Step>> => ({
            answer: { kind: 'started', step: decision.answer, scope: opened.scope, resumed: false },
            changes: [started(opened, moment.now, decision.answer), ...decision.changes],
          }),
        )
      },
      claimed: (taken) => {
        const refusal = spec.claimed?.(taken)
        return refusal === undefined ? undefined : err(refusal)
      },
    }).orElse((error) => noteRefusal(ports, context, error)),
  )

/**
 * Makes the last commit of a command of several and records its answer; when another try has completed it meanwhile,
 * gives that answer instead.
 *
 * @errors StorageError, CryptoUnavailable, and whatever the decision refuses
 */
export const completeCommand = <Plan extends ReadPlan, Answer extends object, Failure>(
  ports: CorePorts,
  context: CommandContext,
  spec: LastStepSpec<Plan, Answer, Failure>,
): ResultAsync<Answer, Failure | CryptoUnavailable | StorageError> =>
  decideAndCommit<OperationPlan<Plan>, Answer, Failure | CryptoUnavailable>(ports, {
    scope: spec.scope,
    plan: (moment) => withOperation(spec.plan(moment), operationIdOf(context, spec.action)),
    decide: (facts, moment) => {
      const operation = operationOf(facts)
      if (operation?.state.status === 'answered') {
        return ok({ changes: [], answer: operation.state.answer as Answer })
      }
      return withOrigin(ports, context, () => spec.decide(planFacts(facts), moment)).map((decision) => ({
        answer: decision.answer,
        changes:
          operation === undefined
            ? decision.changes
            : [
                answered(
                  { ...operation.state, operationId: operation.id },
                  operation.version,
                  moment.now,
                  decision.answer,
                ),
                ...decision.changes,
              ],
      }))
    },
    ...(spec.claimed === undefined ? {} : { claimed: spec.claimed }),
  })

// A condition on fields is met by rows one by one. What hangs on a row and does not meet it (its stock, its payments) would be
// left behind unseen, so a command that looks at rows of several collections is not for whoever is bound by one.
const isOfOneKind = (plan: ReadPlan): boolean => {
  const judged = Object.values(plan).flatMap(({ query }) =>
    query !== null && 'collection' in query && query.collection.ownership !== 'public' ? [query.collection.name] : [],
  )
  return new Set(judged).size <= 1
}

// From where a command comes stands on every security event that it leaves.
const withOrigin = <Answer, Failure>(
  ports: CorePorts,
  { origin }: CommandContext,
  decide: () => Result<Decision<Answer>, Failure> | ResultAsync<Decision<Answer>, Failure>,
): ResultAsync<Decision<Answer>, Failure | CryptoUnavailable> =>
  okAsync<void, Failure | CryptoUnavailable>(undefined)
    .andThen(decide)
    .andThen((decision) => noteOrigin(ports, origin, decision.changes).map((changes) => ({ ...decision, changes })))

// A name no plan uses, so that the record of the key rides along in the plan's one read.
const operationName = ' operation'

type OperationPlan<Plan extends ReadPlan> = Plan & { readonly [operationName]: Asked<Stored<Operation> | undefined> }

type OperationIdentity = {
  readonly operationId: string
  readonly command: string
  readonly actor: string
  readonly fingerprint: string
}

type Opened<Input> = OperationIdentity & { readonly input: Input; readonly scope: Scope }

const open = <Input>(
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: { readonly action: string; readonly parse: (input: unknown) => Result<Input, InvalidInput> },
): ResultAsync<Opened<Input>, CommandError> =>
  admit(ports, context, spec.action)
    .andThen((scope) =>
      checkKey(context.key)
        .andThen(() => spec.parse(input))
        .map((parsed) => ({ scope, parsed })),
    )
    .andThen(({ scope, parsed }) =>
      ports.digests
        // A checked input is JSON: its schema allows nothing else.
        .digest('command-input', canonicalJson(parsed as Json))
        .map((fingerprint) => ({
          input: parsed,
          scope,
          fingerprint,
          command: spec.action,
          actor: actorName(context.actor),
          operationId: operationIdOf(context, spec.action),
        })),
    )

// The key becomes part of a stored id, so it must be text that every storage keeps; a caller without types may hand over anything.
const checkKey = (key: unknown): Result<string, InvalidInput> => {
  const refused = (code: string, message: string) =>
    err<never, InvalidInput>({ type: 'InvalidInput', issues: [{ path: 'key', code, message }] })
  if (typeof key !== 'string' || key.length < 1 || key.length > 200) {
    return refused('key_length', 'A command key has 1 to 200 characters')
  }
  return isWellFormed(key) ? ok(key) : refused('ill_formed_text', 'Text must be well-formed Unicode without U+0000')
}

const operationIdOf = (context: CommandContext, action: string): string =>
  `${actorName(context.actor)}|${action}|${context.key}`

const withOperation = <Plan extends ReadPlan>(plan: Plan, operationId: string): OperationPlan<Plan> => ({
  ...plan,
  [operationName]: row(operations, operationId),
})

// The facts of the widened plan hold those of the plan and the record; the compiler cannot see through the mapped type.
const planFacts = <Plan extends ReadPlan>(facts: Facts<OperationPlan<Plan>>): Facts<Plan> => facts as Facts<Plan>
const operationOf = <Plan extends ReadPlan>(facts: Facts<OperationPlan<Plan>>): Stored<Operation> | undefined =>
  facts[operationName] as Stored<Operation> | undefined

const recorded = <Answer, Step = never>(
  stored: Stored<Operation> | undefined,
  command: string,
  fingerprint: string,
): Result<
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'started'; readonly step: Step }
  | undefined,
  IdempotencyKeyReused | AlreadyDone
> => {
  const operation = stored?.state
  if (operation === undefined) return ok(undefined)
  if (operation.fingerprint !== fingerprint) return err({ type: 'IdempotencyKeyReused', command })
  if (operation.status === 'started') return ok({ kind: 'started', step: operation.step as Step })
  if (operation.answer === null) return err({ type: 'AlreadyDone', command })
  // What was recorded under this command and input is an answer of this command.
  return ok({ kind: 'answered', answer: operation.answer as Answer })
}

// The record of a key stands first in its commit, which is told of its first change that fails: of two tries at once the
// later is told of the key, reads again and gives the answer of the first, whatever else they both claimed.
const started = (identity: OperationIdentity, now: number, step: object): Change =>
  put(operations, {
    id: identity.operationId,
    version: 0,
    state: {
      status: 'started',
      command: identity.command,
      actor: identity.actor,
      fingerprint: identity.fingerprint,
      step: step as JsonObject,
      at: now,
    },
  })

const answered = (identity: OperationIdentity, version: number, now: number, answer: object | null): Change =>
  put(operations, {
    id: identity.operationId,
    version,
    state: {
      status: 'answered',
      command: identity.command,
      actor: identity.actor,
      fingerprint: identity.fingerprint,
      answer: answer as JsonObject | null,
      at: now,
    },
  })
