import { errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { moveBalances } from '../../payments/payee-balance.js'
import { payments } from '../../payments/payment.schema.js'
import type { PaymentGateways } from '../../payments/ports.js'
import type { Settlement } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import { expectRow, put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { hoursMs, type Instant } from '../../shared/instant.js'
import { localDayOf, startOfLocalDay } from '../../shared/local-day.js'
import type { CorePorts } from '../../shared/ports.js'
import { row, rows } from '../../shared/read-plan.js'
import { addWorkingDays, type CalendarNotCovered, type WorkCalendar } from '../../shared/work-calendar.js'
import { orders } from '../order.collection.schema.js'
import { isHeldBack } from '../order-pieces.js'
import { type SweepOptions, type SweepReport, sweepDue } from '../sweep-due.js'
import { isDivided, payingOf } from './split-shares.js'

/** What paying payees out needs to know of days, and of gateways that divide what they took. */
export type SettlementPorts = CorePorts & {
  readonly gateways: PaymentGateways
  /** Which days are worked; absent: nothing is covered, and nothing that waits for a working day is paid out. */
  readonly workCalendar?: WorkCalendar
}

// What stands in the way may be gone by then: a return that is settled, a calendar that was brought up to date.
const lookAgainMs = 6 * hoursMs

/**
 * Lets payees be paid their shares of orders whose working days are over and that neither a return nor a dispute is open of. A share whose
 * day the calendar does not cover waits, and is told of.
 *
 * @errors StorageError when the waiting settlements cannot be read
 */
export const releaseShares = (ports: SettlementPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, settlements, { field: 'checkAt', ...options }, (id) =>
    release(ports, id).andThen((held) => (held === null ? okAsync(undefined) : errAsync(held))),
  )

const release = (ports: SettlementPorts, id: string): ResultAsync<CalendarNotCovered | null, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      settlement: row(settlements, id),
      order: row(orders, id),
      payments: rows(payments, { from: 'order', path: 'paymentIds.*' }),
    }),
    decide: ({ settlement, order, payments: paidBy }, { now }) => {
      const before = settlement?.state
      if (settlement === undefined || before?.status !== 'pending' || before.checkAt > now || order === undefined) {
        return ok({ changes: [], answer: null })
      }
      const { version } = settlement
      const wait = (checkAt: Instant, answer: CalendarNotCovered | null) =>
        ok({ changes: [put(settlements, { id, version, state: { ...before, checkAt } })], answer })
      const due = dueAt(before, ports.workCalendar ?? null)
      if (due.isErr()) return wait(now + lookAgainMs, due.error)
      if (due.value > now) return wait(due.value, null)
      if (isHeldBack(order.state)) return wait(now + lookAgainMs, null)
      const { checkAt: _, ...facts } = before
      const waitsForGateway = payingOf(order.state, paidBy).some((payment) => isDivided(ports, order.state, payment))
      const released = { ...facts, releasedAt: now }
      const after: Settlement = waitsForGateway
        ? { ...released, status: 'dividing', splitAt: now }
        : { ...released, status: 'available' }
      return ok({
        changes: [
          put(settlements, { id, version, state: after }),
          expectRow(orders, order),
          ...moveBalances([{ before, after }]),
        ],
        answer: null,
      })
    },
  })

/** When the last of its working days begins. */
const dueAt = (
  { confirmedAt, afterWorkingDays, timeZone }: Settlement,
  calendar: WorkCalendar | null,
): Result<Instant, CalendarNotCovered> =>
  afterWorkingDays === 0
    ? ok(confirmedAt)
    : addWorkingDays(localDayOf(confirmedAt, timeZone), afterWorkingDays, calendar).map((day) =>
        startOfLocalDay(day, timeZone),
      )
