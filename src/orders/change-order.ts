import type { Result, ResultAsync } from 'neverthrow'
import type { InvalidInput } from '../shared/errors.js'
import type { CorePorts } from '../shared/ports.js'
import { type CommandContext, type CommandError, type CommandMoment, runCommand } from '../shared/run-command.js'
import {
  askRefundableOrder,
  closeDraft,
  type OrderDraft,
  type OrderMoveError,
  ofMerchant,
  openDraft,
} from './order-draft.js'

/**
 * Runs a command on one order and what hangs on it: one read, one commit.
 *
 * @errors CommandError, OrderMoveError, and whatever the command refuses
 */
export const changeOrder = <Input extends { readonly orderId: string }, Answer extends object, Failure>(
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly parse: (input: unknown) => Result<Input, InvalidInput>
    readonly move: (draft: OrderDraft, moment: CommandMoment<Input>) => Result<Answer, Failure>
  },
): ResultAsync<Answer, Failure | OrderMoveError | CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: ({ input: { orderId } }) => askRefundableOrder(orderId),
    ofMerchant,
    decide: (
      read,
      moment,
    ): Result<{ changes: ReturnType<typeof closeDraft>; answer: Answer }, Failure | OrderMoveError> =>
      openDraft(read, moment.input.orderId, moment.now).andThen((draft) =>
        spec.move(draft, moment).map((answer) => ({ changes: closeDraft(draft), answer })),
      ),
  })
