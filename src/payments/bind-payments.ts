import type { CorePorts } from '../shared/ports.js'
import { listAttempts } from './list-attempts.js'
import { listDisputes } from './list-disputes.js'
import { listHeldPayments } from './list-held-payments.js'
import { listHeldReceipts } from './list-held-receipts.js'
import { listLedger } from './list-ledger.js'
import { listReconciliations } from './list-reconciliations.js'
import { listRefunds } from './list-refunds.js'

/** Binds a workflow of payments to the ports of a shop. */
type Bind = <Rest extends readonly unknown[], Answer>(
  workflow: (world: CorePorts, ...rest: Rest) => Answer,
) => (...rest: Rest) => Answer

/** The workflows of payments, bound to a shop; what lists those of an order is one of orders. */
export const bindPayments = (bind: Bind) => ({
  attempts: bind(listAttempts),
  refunds: bind(listRefunds),
  held: bind(listHeldPayments),
  receipts: bind(listHeldReceipts),
  ledger: bind(listLedger),
  disputes: bind(listDisputes),
  reconciliations: bind(listReconciliations),
})
