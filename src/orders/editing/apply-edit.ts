import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { keyInUse, refuseErased } from '../../shared/subject-key.js'
import { sealRecipient } from '../addresses/recipient-seal.js'
import type { OrderRefund } from '../order.js'
import { closeDraft } from '../order-draft.js'
import type { ApplyEditInput } from '../order-inputs.js'
import type { OrderPorts } from '../ports.js'
import { sendOn } from '../refunds/refund-order.js'
import { parseApplyEdit } from './edit-order.schema.js'
import type { EditOutcome } from './order-edit.js'
import {
  askEdit,
  type EditPreview,
  type EditRead,
  type ReckonEditError,
  type ReckonedEdit,
  reckonEdit,
} from './reckon-edit.js'

/** An order that was changed, and what it came to. */
export type EditedOrder = EditOutcome & {
  /** The refund that it began; null where nothing goes back. */
  readonly refundId: string | null
  /** Where that stands; `succeeded` where nothing goes back in money. */
  readonly refundStatus: OrderRefund['status']
}

/** The order, or what the change comes to, is not what the preview showed; nothing was changed. */
export type EditOutdated = {
  readonly type: 'EditOutdated'
  readonly orderId: string
  /** What it would come to now, and the hash to apply that by. */
  readonly now: EditPreview
}

/** Why an order is not changed. */
export type ApplyEditError = ReckonEditError | EditOutdated

/**
 * Changes an order just as it was previewed, in one commit: who gets it is sealed anew, pieces come free, what goes back
 * has begun. The same command key sends on what a crash left unsent.
 *
 * @errors EditOutdated with what it would come to now; ApplyEditError, CommandError
 */
export const applyEdit = (
  ports: OrderPorts,
  context: CommandContext,
  input: ApplyEditInput,
): ResultAsync<EditedOrder, ApplyEditError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.applyEdit',
    parse: parseApplyEdit,
    plan: ({ actor, input: { hash: _, ...asked } }) => askEdit(ports, actor, asked),
    decide: (read, { actor, input: { hash, ...asked }, now }) =>
      reckonEdit(ports, read, asked, { actor, now, editId: ports.ids.next('ref') })
        .andThen((reckoned) =>
          reckoned.preview.hash === hash
            ? ok(reckoned)
            : err<never, ApplyEditError>({ type: 'EditOutdated', orderId: asked.orderId, now: reckoned.preview }),
        )
        .andThen((reckoned) => write(ports, read, reckoned)),
    claimed: refuseErased,
  }).andThen((edited) => sendRefund(ports, edited))

const write = (
  { sealer }: OrderPorts,
  read: EditRead,
  { draft, preview: { hash: _, ...outcome }, recipient }: ReckonedEdit,
): ResultAsync<Decision<EditedOrder>, CryptoUnavailable> => {
  const begun =
    outcome.refund === null || draft.order.state.status === 'absent' ? undefined : draft.order.state.refunds.at(-1)
  const answer: EditedOrder = {
    ...outcome,
    refundId: begun?.refundId ?? null,
    refundStatus: begun?.status ?? 'succeeded',
  }
  if (recipient === null || draft.order.state.status === 'absent')
    return okAsync({ changes: closeDraft(draft), answer })
  const { orderId, accountId } = draft.order.state
  const { details } = draft
  return keyInUse(sealer, read.memberKey, accountId, draft.at).andThen(({ key, changes }) =>
    sealRecipient(sealer, key, { orderId, details }, recipient).map((sealed) => {
      const { proposed } = details
      draft.details =
        proposed === undefined
          ? { ...details, recipient: sealed }
          : { ...details, proposed: { ...proposed, recipient: sealed } }
      return { changes: [...closeDraft(draft), ...changes], answer }
    }),
  )
}

const sendRefund = (ports: OrderPorts, edited: EditedOrder): ResultAsync<EditedOrder, never> =>
  edited.refundId === null
    ? okAsync(edited)
    : sendOn(ports, {
        refundId: edited.refundId,
        cashMinor: edited.refund?.cashMinor ?? 0,
        status: edited.refundStatus,
      }).map(({ status }) => ({ ...edited, refundStatus: status }))
