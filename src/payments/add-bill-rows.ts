import { ok, Result } from 'neverthrow'
import { compareCodePoints } from '../shared/json.js'
import { type AmountOverflow, toSafeInteger } from '../shared/money.js'
import type { FineAmount, GatewayBillRow } from './gateway-bill.js'
import type { LedgerRow } from './reconcile-row.js'

/** What a bill says of one payment or refund. */
export type AddedRows = {
  /** Its parts as one row. */
  readonly whole: GatewayBillRow
  /** The first first. */
  readonly parts: readonly GatewayBillRow[]
  /** What is no part of it. */
  readonly apart: readonly GatewayBillRow[]
}

/**
 * Adds up the rows that a bill has of one payment or refund: parts that were taken, or that went back, on one day. The same
 * row a second time is no part, and neither is one of another status or currency than those that are done.
 *
 * @param first - with `more`, rows of one kind and reference, in any order
 * @returns `at` of the whole is that of its last part; what its parts do not all say, or not all the same, is null
 * @errors AmountOverflow
 */
export const addBillRows = (
  first: GatewayBillRow,
  more: readonly GatewayBillRow[],
): Result<AddedRows, AmountOverflow> => {
  if (more.length === 0) return ok({ whole: first, parts: [first], apart: [] })
  const rows = [first, ...more].map((row) => ({ row, name: nameOf(row) })).sort(compareNamed)
  const lead = rows[0]?.row ?? first
  const isPart = ({ row, name }: Named, place: number): boolean =>
    compareClasses(row, lead) === 0 && rows[place - 1]?.name !== name
  const parts = rows.filter(isPart).map(({ row }) => row)
  const apart = rows.filter((named, place) => !isPart(named, place)).map(({ row }) => row)
  return Result.combine([toSafeInteger(sumOf(parts)), addFees(parts)]).map(([amountMinor, fee]) => {
    const gatewayRef = parts.every((part) => part.gatewayRef === lead.gatewayRef) ? lead.gatewayRef : null
    return { whole: { ...lead, amountMinor, fee, gatewayRef, at: parts.at(-1)?.at ?? lead.at }, parts, apart }
  })
}

/**
 * Which of its rows a bill has for a row of the ledger: all of them, or the one that fits where all of them do not: what is
 * taken at once is taken once.
 */
export const rowsFor = (
  ours: LedgerRow | undefined,
  { whole, parts, apart }: AddedRows,
): { readonly theirs: GatewayBillRow; readonly apart: readonly GatewayBillRow[] } => {
  const fits = ({ currency, amountMinor }: GatewayBillRow): boolean =>
    currency === ours?.currency && amountMinor === ours.amountMinor
  const own = ours?.part !== undefined || fits(whole) ? undefined : parts.find(fits)
  return own === undefined
    ? { theirs: whole, apart }
    : { theirs: own, apart: [...parts.filter((part) => part !== own), ...apart] }
}

type Named = { readonly row: GatewayBillRow; readonly name: string }

const nameOf = ({ gatewayRef, status, currency, amountMinor, fee, at }: GatewayBillRow): string =>
  JSON.stringify([gatewayRef, status, currency, amountMinor, fee?.value, fee?.scale, at])

// The order of the rows says nothing, and the same row again stands beside itself.
const compareNamed = (one: Named, other: Named): number =>
  compareClasses(one.row, other.row) || one.row.at - other.row.at || compareCodePoints(one.name, other.name)

const progress: readonly GatewayBillRow['status'][] = ['succeeded', 'pending', 'failed']

// What is done comes first; of that, the currency whose code does.
const compareClasses = (one: GatewayBillRow, other: GatewayBillRow): number =>
  progress.indexOf(one.status) - progress.indexOf(other.status) || compareCodePoints(one.currency, other.currency)

const sumOf = (parts: readonly GatewayBillRow[]): bigint =>
  parts.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)

// Of one part that does not say its fee nobody knows what all of them cost.
const addFees = (parts: readonly GatewayBillRow[]): Result<FineAmount | null, AmountOverflow> => {
  const fees = parts.flatMap(({ fee }) => fee ?? [])
  if (fees.length < parts.length) return ok(null)
  const scale = fees.reduce((finest, fee) => Math.max(finest, fee.scale), 0)
  const value = fees.reduce((sum, fee) => sum + BigInt(fee.value) * 10n ** BigInt(scale - fee.scale), 0n)
  return toSafeInteger(value).map((safe) => ({ value: safe, scale }))
}
