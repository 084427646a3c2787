import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { endUndelivered } from '../orders/on-delivery/end-undelivered.js'
import { parcels } from '../orders/order.collection.schema.js'
import {
  askRefundableOrder,
  closeDraft,
  draftOrder,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from '../orders/order-draft.js'
import type { OrderRow } from '../orders/order-row.js'
import type { Parcel } from '../orders/parcels/parcel.js'
import { type Change, type DecidedChange, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { InvalidInput, NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { row, rows, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, type CommandMoment, runCommand } from '../shared/run-command.js'
import { returnRequests } from './return.collection.schema.js'
import { returnRow } from './return-end.js'
import { isReturnSettled, type ReturnState, returnMachine } from './return-machine.js'
import type { ReturnCommand, ReturnError, ReturnEvent, ReturnRequest, ReturnRow } from './return-request.js'

/** Where a return stands. */
export type ReturnStanding = {
  readonly returnId: string
  readonly orderId: string
  readonly status: ReturnRequest['status']
}

/** Why a return is not moved. */
export type ChangeReturnError = ReturnError | NotFound | OrderMoveError

/** A return in a decision, beside the order that it is of. */
export type MovingReturn = {
  readonly stored: Stored<ReturnRow>
  /** As it stands once the commands were decided. */
  readonly state: ReturnRequest
  readonly draft: OrderDraft
  /** The parcels of the order. */
  readonly sent: readonly Stored<Parcel>[]
  readonly now: Instant
}

/**
 * Runs a command on a return and its order: one read, one commit.
 *
 * @param spec.follow - what else the commands bring about, on the draft of the order
 * @errors ChangeReturnError, CommandError, and whatever the command refuses
 */
export const changeReturn = <Input extends { readonly returnId: string }, Answer extends object, Failure>(
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly parse: (input: unknown) => Result<Input, InvalidInput>
    readonly commands: (moment: CommandMoment<Input>, order: OrderRow, state: ReturnRequest) => readonly ReturnCommand[]
    readonly follow: (moving: MovingReturn) => Result<Answer, Failure>
  },
): ResultAsync<Answer, Failure | ChangeReturnError | CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: ({ input: { returnId } }) => ({
      request: row(returnRequests, returnId),
      ...askRefundableOrder({ from: 'request', path: 'orderId' }),
      sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
    }),
    decide: (
      { request, sent, ...read },
      moment,
    ): Result<{ changes: readonly DecidedChange[]; answer: Answer }, Failure | ChangeReturnError> => {
      const { returnId } = moment.input
      if (request === undefined) return err({ type: 'NotFound', entity: 'returnRequest', id: returnId })
      return safeTry<{ changes: readonly DecidedChange[]; answer: Answer }, Failure | ChangeReturnError>(function* () {
        const draft = yield* openDraft(read, request.state.orderId, moment.now)
        const order = yield* orderIn(draft)
        const moved = yield* moveReturn(request.state, spec.commands(moment, order, request.state))
        yield* followInOrder(draft, request.state, moved.state)
        const answer = yield* spec.follow({ stored: request, state: moved.state, draft, sent, now: moment.now })
        return ok({ changes: [...closeDraft(draft), ...putReturn(request, moved)], answer })
      })
    },
  })

/** A return after commands, with what happened. */
export type MovedReturn = { readonly state: ReturnRequest; readonly events: readonly ReturnEvent[] }

/**
 * Puts commands to a return one after another.
 *
 * @errors ReturnError of the first that is refused
 */
export const moveReturn = (from: ReturnState, commands: readonly ReturnCommand[]): Result<MovedReturn, ReturnError> =>
  commands
    .reduce<Result<{ readonly state: ReturnState; readonly events: readonly ReturnEvent[] }, ReturnError>>(
      (sofar, command) =>
        sofar.andThen(({ state, events }) =>
          decideNext(returnMachine, state, command).map((next) => ({
            state: next.state,
            events: [...events, ...next.events],
          })),
        ),
      ok({ state: from, events: [] }),
    )
    .andThen(({ state, events }) =>
      state.status === 'absent'
        ? err<never, ReturnError>({ type: 'ReturnStateForbids', status: 'absent', command: 'Request' })
        : ok({ state, events }),
    )

/** Writes a return as it stands now; nothing where nothing happened. */
export const putReturn = (
  before: Pick<Stored<Pick<ReturnRow, 'details'>>, 'id' | 'version' | 'state'>,
  { state, events }: MovedReturn,
): readonly Change[] => {
  if (events.length === 0) return []
  const next = returnRow(state, before.state.details)
  return [put(returnRequests, { id: before.id, version: before.version, state: next, events })]
}

/**
 * Tells the order whether a return of it is open, so that it does not complete under it. Where nothing arrived and nothing is
 * owed, it is at its end with the last.
 */
export const followInOrder = (
  draft: OrderDraft,
  before: Pick<ReturnState, 'status'>,
  after: ReturnRequest,
): Result<void, OrderMoveError> => {
  const wasOpen = before.status !== 'absent' && !isReturnSettled(before)
  const open = !isReturnSettled(after)
  if (wasOpen === open) return ok(undefined)
  return orderIn(draft).andThen((order) => {
    const { at } = draft
    const signedAt = 'signedAt' in order ? order.signedAt : at
    const advanceAt = Math.max(at, signedAt + order.details.policy.completedAfterMs)
    return draftOrder(draft, {
      type: 'RecordReturn',
      returnId: after.returnId,
      lines: after.lines,
      open,
      at,
      advanceAt,
    }).andThen(() => (open ? ok(undefined) : endUndelivered(draft, 'clock')))
  })
}

/** Where a return stands in a decision. */
export const standingOf = ({ state }: Pick<MovingReturn, 'state'>): ReturnStanding => ({
  returnId: state.returnId,
  orderId: state.orderId,
  status: state.status,
})
