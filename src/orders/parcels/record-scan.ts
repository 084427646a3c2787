import { err, ok, type ResultAsync } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import { entries, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { parcels } from '../order.collection.schema.js'
import { askOrder, closeDraft, openDraft, orderIn } from '../order-draft.js'
import type { RecordScanInput } from '../order-inputs.js'
import { type MovedParcel, type MoveParcelError, moveBoth, parcelOfMerchant } from './move-parcel.js'
import type { ScanAhead } from './parcel-tracking.js'
import { appendTracking, parcelTracking, parseRecordScan } from './parcel-tracking.schema.js'

/** Why a scan is not noted. */
export type RecordScanError = ScanAhead | MoveParcelError

/**
 * Notes what the carrier has seen of a parcel on its way, which the order page shows. Told twice it stands once; what is
 * told late finds its place, also of a parcel that has come meanwhile.
 *
 * @errors ScanAhead, NotFound, MoveParcelError, CommandError
 */
export const recordScan = (
  ports: CorePorts,
  context: CommandContext,
  input: RecordScanInput,
): ResultAsync<MovedParcel, RecordScanError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.recordScan',
    parse: parseRecordScan,
    plan: ({ input: { parcelId, scannedAt }, now }) => ({
      parcel: row(parcels, parcelId),
      told: entries(parcelTracking, {
        where: [
          { field: 'parcelId', is: 'eq', value: parcelId },
          { field: 'at', is: 'eq', value: scannedAt ?? now },
        ],
        limit: 100,
      }),
      ...askOrder({ from: 'parcel', path: 'orderId' }),
    }),
    ofMerchant: parcelOfMerchant,
    decide: ({ parcel, told, ...read }, { input: { parcelId, scannedAt, kind = 'seen', place = null }, now }) => {
      const refuse = (error: RecordScanError | CommandError) => err<never, RecordScanError | CommandError>(error)
      if (parcel === undefined) return refuse({ type: 'NotFound', entity: 'parcel', id: parcelId })
      const at = scannedAt ?? now
      if (at > now) return refuse({ type: 'ScanAhead', scannedAt: at, now })
      const tracked = appendTracking(parcel.state, { at, kind, place })
      return openDraft(read, parcel.state.orderId, now).andThen((draft) =>
        told.some(({ body }) => body.kind === kind && body.place === place)
          ? orderIn(draft).map(({ orderId, status: orderStatus }) => ({
              changes: [],
              answer: { orderId, parcelId, parcelStatus: parcel.state.status, orderStatus },
            }))
          : moveBoth(
              draft,
              parcel,
              [kind === 'deliveryFailed' ? { type: 'Scan', failed: true, at } : { type: 'Scan', at }],
              () => ok(undefined),
            ).map((answer) => ({
              changes: [...closeDraft(draft), tracked],
              answer,
            })),
      )
    },
    // The same was told twice at once; asked again, it is found to stand.
    claimed: () => err<MovedParcel, RecordScanError | CommandError>({ type: 'Busy', retryAfterMs: 0 }),
  })
