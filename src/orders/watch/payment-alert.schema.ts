import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import { openOrResolved } from '../resolution.schema.js'
import type { PaymentAlert } from './payment-alert.js'

/** Payments that stood out, or were reported, for a person to look at. */
export const paymentAlerts: Collection<PaymentAlert> = {
  name: 'paymentAlert',
  rank: 65,
  schemaVersion: 1,
  fields: {
    orderId: { type: 'text', path: 'orderId' },
    status: { type: 'text', path: 'status' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: {},
  parse: parseStored<PaymentAlert>('paymentAlert')(
    openOrResolved({
      alertId: z.string(),
      orderId: z.string(),
      paymentId: z.string().nullable(),
      reasons: z.array(
        z.enum(['velocity', 'spending', 'unusualAmount', 'newDevice', 'reportedByOwner', 'paymentDenied']),
      ),
      at: z.int(),
    }),
  ),
}
