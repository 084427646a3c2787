import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { payments } from '../../payments/payment.schema.js'
import { reconciliationIdOf } from '../../payments/reconciliation.js'
import { reconciliations } from '../../payments/reconciliation.schema.js'
import type { Collection, StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { compareCodePoints, type Json, valuesAt } from '../../shared/json.js'
import { type ListedRow, listed } from '../../shared/list-page.js'
import { isTimeZone, localDayName, localDayOf, startOfLocalDay } from '../../shared/local-day.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, find, known, rows } from '../../shared/read-plan.js'
import type { SweepReport } from '../../shared/sweep-each.js'
import { overdueAfterMs } from '../name-overdue.js'
import type { MoneyPorts } from '../ports.js'

/** A day of a gateway of which no bill was taken in. */
export type MissingBill = {
  /** What its reconciliation will go by: gateway and day. */
  readonly reconciliationId: string
  readonly gatewayId: string
  /** ISO 8601 (`2026-11-11`), in the time zone of the gateway. */
  readonly day: string
  /** IANA name. */
  readonly timeZone: string
  /** When the day ended. */
  readonly endedAt: Instant
}

type ReadError = StorageUnavailable | StoredDataInvalid

/** So far back are days looked for: WeChat Pay and Alipay give no bills out that are older. */
const daysBack = 92

// Of a bill that was read nothing counts here but that it was, and by which days: also of one that cannot be read any more.
type ReadDay = { readonly timeZone: string | null }
const readDays: Collection<ReadDay> = {
  ...reconciliations,
  parse: (stored) => {
    const [timeZone] = valuesAt(stored, 'timeZone')
    return ok({ timeZone: typeof timeZone === 'string' ? timeZone : null })
  },
}
const anyPayments: Collection<Json> = { ...payments, parse: (stored) => ok(stored) }

/** The days of a gateway that are looked at. */
type Days = { readonly gatewayId: string; readonly timeZone: string; readonly firstDay: string }

/**
 * Looks for days of the shop's gateways that ended by a moment and of which no bill was taken in, the oldest first: of each
 * gateway from its first bill on; of one that makes bills and of which none was ever read from its first payment on, where
 * the shop reads bills. A shop that reads none has none to miss. Of a gateway, the last 92 days.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const missingBills = (
  ports: MoneyPorts,
  endedBy: Instant,
  gatewayIds: readonly string[] = Object.keys(ports.gateways),
): ResultAsync<readonly MissingBill[], ReadError> =>
  daysOf(ports, gatewayIds).andThen((each): ResultAsync<readonly MissingBill[], ReadError> => {
    const days = each.flatMap((one) => endedDays(one, endedBy))
    if (days.length === 0) return okAsync([])
    const plan = {
      read: listed(
        rows(
          readDays,
          days.map(({ reconciliationId }) => reconciliationId),
        ),
      ),
    }
    return readFacts(ports.storage, { ...everything(ports), plan }).map(({ read }) => {
      const there = new Set(read.map(({ id }) => id))
      return days
        .filter(({ reconciliationId }) => !there.has(reconciliationId))
        .sort(
          (one, other) => compareCodePoints(one.day, other.day) || compareCodePoints(one.gatewayId, other.gatewayId),
        )
    })
  })

/**
 * Names days that ended more than `overdueAfterMs` ago and of which no bill was taken in, until one is.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const nameMissingBills = (ports: MoneyPorts): ResultAsync<SweepReport, ReadError> =>
  missingBills(ports, ports.clock.now() - overdueAfterMs).map((missing) => ({
    done: 0,
    failed: missing.map(({ reconciliationId: id }) => ({ id, reason: 'BillOverdue' })),
  }))

const everything = ({ shop, clock }: MoneyPorts) => ({ shop, scope: { kind: 'all' }, at: clock.now() }) as const

type DaysPlan = {
  readonly first: Asked<readonly ListedRow<ReadDay>[]>
  readonly [ofDays: `${'first' | 'last'} ${number}`]: Asked<readonly ListedRow<ReadDay>[]>
  readonly [ofPayments: `paid ${number}`]: Asked<readonly ListedRow<Json>[]>
}

const askDay = (gatewayId: string | null, direction: 'ascending' | 'descending') =>
  listed(
    find(readDays, {
      where: gatewayId === null ? [] : [{ field: 'gatewayId', is: 'eq', value: gatewayId }],
      orderBy: { field: 'day', direction },
      limit: 1,
    }),
  )

const daysOf = (ports: MoneyPorts, gatewayIds: readonly string[]): ResultAsync<readonly Days[], ReadError> => {
  const declared = gatewayIds.map((gatewayId) => ports.gateways[gatewayId]?.capabilities.bills?.timeZone)
  const plan: DaysPlan = {
    first: askDay(null, 'ascending'),
    ...Object.fromEntries(
      gatewayIds.flatMap((gatewayId, place) => [
        [`first ${place}`, askDay(gatewayId, 'ascending')],
        [`last ${place}`, askDay(gatewayId, 'descending')],
        [`paid ${place}`, declared[place] === undefined ? known([]) : askFirstPayment(gatewayId)],
      ]),
    ),
  }
  return readFacts(ports.storage, { ...everything(ports), plan }).map((facts) => {
    const firstOfAll = dayIn(facts.first)
    return gatewayIds.flatMap((gatewayId, place): readonly Days[] => {
      const first = dayIn(facts[`first ${place}`])
      const timeZone = zoneOf(facts[`last ${place}`]?.[0]?.row?.state.timeZone ?? declared[place])
      if (first !== null) return [{ gatewayId, timeZone, firstDay: first }]
      const [paid] = facts[`paid ${place}`] ?? []
      if (paid === undefined || firstOfAll === null) return []
      const paidOn = localDayName(localDayOf(Number(paid.value), timeZone))
      return [{ gatewayId, timeZone, firstDay: compareCodePoints(paidOn, firstOfAll) < 0 ? firstOfAll : paidOn }]
    })
  })
}

const askFirstPayment = (gatewayId: string) =>
  listed(
    find(anyPayments, {
      where: [{ field: 'gatewayId', is: 'eq', value: gatewayId }],
      orderBy: { field: 'startedAt', direction: 'ascending' },
      limit: 1,
    }),
  )

const dayIn = (found: readonly ListedRow<ReadDay>[] | undefined): string | null =>
  found?.[0] === undefined ? null : String(found[0].value)

// What a gateway says of itself nobody has checked.
const zoneOf = (name: string | undefined): string => (name !== undefined && isTimeZone(name) ? name : 'UTC')

const endedDays = ({ gatewayId, timeZone, firstDay }: Days, endedBy: Instant): readonly MissingBill[] => {
  const { year, month, day } = localDayOf(endedBy, timeZone)
  return Array.from({ length: daysBack }, (_, back): MissingBill => {
    const date = new Date(Date.UTC(year, month - 1, day - back - 1))
    const local = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
    const name = localDayName(local)
    const endedAt = startOfLocalDay({ ...local, day: local.day + 1 }, timeZone)
    return { reconciliationId: reconciliationIdOf(gatewayId, name), gatewayId, day: name, timeZone, endedAt }
  }).filter((each) => compareCodePoints(each.day, firstDay) >= 0)
}
