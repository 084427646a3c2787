import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { ServiceClass } from '../membership/level.js'
import { members } from '../membership/member.collection.schema.js'
import { membershipBookId } from '../membership/membership-terms.js'
import { membershipBooks } from '../membership/membership-terms.schema.js'
import { serviceOf } from '../membership/service-class.js'
import { newRefundOf, type ReckonRefundError } from '../orders/money/refund-shares.js'
import {
  askRefundableOrder,
  closeDraft,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from '../orders/order-draft.js'
import type { PlaceOrderPorts } from '../orders/ports.js'
import { book } from '../shared/books.js'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { type Sealed, type SubjectKey, sealValue } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { useKey } from '../shared/subject-key.js'
import { followInOrder, moveReturn, putReturn } from './change-return.js'
import { askOpenReturns, statesOf } from './open-returns.js'
import type { RequestReturnInput } from './return-inputs.js'
import { parseRequestReturn } from './return-inputs.schema.js'
import {
  approvesAlone,
  findReturnObstacle,
  freightPayerOf,
  type ReturnNotPossible,
  refundDeadline,
  sendDeadline,
} from './return-policy.js'
import type { FreightPayer, ReturnCommand, ReturnError, ReturnRequest } from './return-request.js'
import { type ReturnTooLarge, refundOfReturn, withinReach } from './return-worth.js'

/** A return that was asked for. */
export type RequestedReturn = {
  readonly returnId: string
  readonly orderId: string
  /** `approved` at once where the shop's terms need no person; they never refuse by themselves. */
  readonly status: ReturnRequest['status']
  readonly freightPayer: FreightPayer
  /** What would go back for these pieces, minor units of the order's currency. */
  readonly cashMinor: number
  readonly points: number
}

/** Why a return cannot be asked for. */
export type RequestReturnError =
  | ReturnNotPossible
  | ReturnTooLarge
  | ReturnError
  | NotFound
  | OrderMoveError
  | ReckonRefundError

/**
 * Asks to give goods back, or to have money for them, by line and quantity; what the terms approve by themselves is
 * approved at once, everything else waits for a person. Staff ask for a buyer, also once the days to return are over, or for
 * goods that come back without a reason only by their leave.
 *
 * @errors RequestReturnError, CommandError
 */
export const requestReturn = (
  ports: PlaceOrderPorts,
  context: CommandContext,
  input: RequestReturnInput,
): ResultAsync<RequestedReturn, RequestReturnError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'aftersales.requestReturn',
    parse: parseRequestReturn,
    plan: ({ input: { orderId }, now }) => ({
      ...askRefundableOrder(orderId),
      open: askOpenReturns,
      member: row(members, { from: 'order', path: 'accountId' }),
      membership: book(ports.books, membershipBooks, membershipBookId, now),
      key: row(subjectKeys, { from: 'order', path: 'accountId' }),
    }),
    decide: ({ key, member, membership, open, ...read }, { actor, input: { description, ...asked }, now }) => {
      // Whose order it is has a key until they are erased; from then on only staff opens business for them.
      if (key === undefined && read.order !== undefined && actor.kind !== 'staff') {
        return err<never, RequestReturnError>({ type: 'NotFound', entity: 'account', id: read.order.state.accountId })
      }
      const returnId = ports.ids.next('ret')
      return openDraft(read, asked.orderId, now).asyncAndThen((draft) =>
        sealDescription(ports, key, returnId, description).andThen((sealed) =>
          decideRequest(draft, {
            ...asked,
            service: serviceOf({ member, membership }, now),
            returnId,
            byStaff: actor.kind === 'staff',
            sealed,
            open: statesOf(open),
            now,
          }),
        ),
      )
    },
  })

type SealedDescription = { readonly description: Sealed | null; readonly changes: readonly Change[] }

const sealDescription = (
  { sealer }: PlaceOrderPorts,
  key: Stored<SubjectKey> | undefined,
  returnId: string,
  description: string | undefined,
): ResultAsync<SealedDescription, CryptoUnavailable> =>
  description === undefined || key === undefined
    ? okAsync({ description: null, changes: key === undefined ? [] : [useKey(key)] })
    : sealValue(
        sealer,
        key.state,
        { collection: 'returnRequest', id: returnId, field: 'description' },
        description,
      ).map((sealed) => ({ description: sealed, changes: [useKey(key)] }))

type Request = Omit<RequestReturnInput, 'description'> & {
  readonly returnId: string
  readonly byStaff: boolean
  readonly service: ServiceClass
  readonly sealed: SealedDescription
  /** The returns of its order that are open. */
  readonly open: readonly ReturnRequest[]
  readonly now: Instant
}

const decideRequest = (draft: OrderDraft, request: Request): Result<Decision<RequestedReturn>, RequestReturnError> =>
  safeTry(function* () {
    const { returnId, orderId, kind, reason, byStaff, service, sealed, open, now } = request
    const order = yield* orderIn(draft)
    const lines = yield* withinReach(order, request.lines)
    const obstacle = findReturnObstacle(order, { kind, reason, lines, byStaff }, open, now)
    if (obstacle !== undefined) return err<never, RequestReturnError>(obstacle)
    const asksFor = refundOfReturn(order, { refundId: returnId, reason, lines })
    const worth = yield* newRefundOf({ order, books: draft.read.books }, asksFor)
    const freightPayer = freightPayerOf(reason)
    const { policy } = order.details
    const asked: ReturnCommand = {
      type: 'Request',
      returnId,
      orderId,
      accountId: order.accountId,
      merchantId: order.merchantId,
      kind,
      reason,
      lines,
      freightPayer,
      service,
      requestedAt: now,
    }
    const alone = approvesAlone(policy, {
      kind,
      reason,
      amount: { minor: worth.cashMinor + worth.pointsMinor, currency: order.currency },
    })
    const approved: readonly ReturnCommand[] = alone
      ? [
          {
            type: 'Approve',
            by: 'rule',
            refundBy: refundDeadline(now, policy),
            sendBy: sendDeadline(now, policy),
            at: now,
          },
        ]
      : []
    const moved = yield* moveReturn({ status: 'absent' }, [asked, ...approved])
    yield* followInOrder(draft, { status: 'absent' }, moved.state)
    const details = { description: sealed.description }
    return ok({
      changes: [
        ...closeDraft(draft),
        ...putReturn({ id: returnId, version: 0, state: { details } }, moved),
        ...sealed.changes,
      ],
      answer: {
        returnId,
        orderId,
        status: moved.state.status,
        freightPayer,
        cashMinor: worth.cashMinor,
        points: worth.points,
      },
    })
  })
