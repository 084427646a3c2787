import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { PaymentPassword } from './payment-password.js'

/** Payment passwords, hashed. */
export const paymentPasswords: Collection<PaymentPassword> = {
  name: 'paymentPassword',
  rank: 32,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' }, setAt: { type: 'instant', path: 'setAt' } },
  ownership: { own: 'accountId' },
  parse: parseStored<PaymentPassword>('paymentPassword')(
    z.object({ accountId: z.string(), phc: z.string(), setAt: z.int() }),
  ),
}
