import { ok, type ResultAsync } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { CorrectParcelInput } from '../order-inputs.js'
import { parseCorrectParcel } from '../order-inputs.schema.js'
import { type MovedParcel, type MoveParcelError, moveBoth, moveParcel } from './move-parcel.js'

/**
 * Puts right who carries a parcel and by which number, where it was written down wrongly. What was seen of it stays, it is
 * waited for anew, and its buyer is told the number once it is another.
 *
 * @errors ParcelStateForbids once it has come, is lost or is here again; NotFound, CommandError
 */
export const correctParcel = (
  ports: CorePorts,
  context: CommandContext,
  input: CorrectParcelInput,
): ResultAsync<MovedParcel, MoveParcelError | CommandError> =>
  moveParcel(ports, context, input, {
    action: 'orders.correctParcel',
    parse: parseCorrectParcel,
    move: (draft, parcel, _, { carrier = parcel.state.carrier, trackingNumber }) =>
      moveBoth(draft, parcel, [{ type: 'Correct', carrier, trackingNumber, at: draft.at }], () => ok(undefined)),
  })
