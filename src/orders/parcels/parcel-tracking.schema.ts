import * as z from 'zod'
import type { Log } from '../../shared/collection.js'
import { append, type Change } from '../../shared/commit.js'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput, parseStored } from '../../shared/stored.schema.js'
import type { RecordScanInput } from '../order-inputs.js'
import type { Parcel } from './parcel.js'
import type { TrackingEntry, TrackingStep } from './parcel-tracking.js'

const kind = z.enum([
  'accepted',
  'departed',
  'arrived',
  'customs',
  'outForDelivery',
  'deliveryFailed',
  'readyForPickup',
  'returning',
  'seen',
])

/** What carriers told of parcels; a step stands once under its id. */
export const parcelTracking: Log<TrackingEntry> = {
  name: 'parcelTracking',
  fields: {
    parcelId: { type: 'text', path: 'parcelId' },
    orderId: { type: 'text', path: 'orderId' },
    accountId: { type: 'text', path: 'accountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: { own: 'accountId', merchant: 'merchantId' },
  parse: parseStored<TrackingEntry>('parcelTracking')(
    z.object({
      entryId: z.string(),
      parcelId: z.string(),
      orderId: z.string(),
      accountId: z.string(),
      merchantId: z.string().nullable(),
      at: z.int(),
      kind,
      place: z.string().nullable(),
    }),
  ),
}

export const parseRecordScan = parseInput<RecordScanInput>(
  schemaOf<RecordScanInput>()(
    z.strictObject({
      parcelId: z.string().min(1).max(100),
      scannedAt: z.exactOptional(z.int().min(0)),
      kind: z.exactOptional(kind),
      place: z.exactOptional(freeTextSchema(100).min(1)),
    }),
  ),
)

/** Keeps what a carrier told of a parcel; told again, it is the same entry. */
export const appendTracking = ({ parcelId, orderId, accountId, merchantId }: Parcel, step: TrackingStep): Change => {
  const entryId = `${parcelId}.${String(step.at).padStart(16, '0')}.${step.kind}.${step.place ?? ''}`
  return append(parcelTracking, {
    id: entryId,
    body: { entryId, parcelId, orderId, accountId, merchantId, ...step },
  })
}
