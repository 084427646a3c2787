import { compareCodePoints } from '../shared/json.js'
import type { MethodId } from '../shared/payment-method.js'
import type { GatewayErrorCode } from './gateway-error.js'
import type { Payment } from './payment.js'

/** Attempts that failed for certain, of one gateway, method and reason. */
export type FailureRow = {
  readonly gatewayId: string
  readonly method: MethodId
  readonly code: GatewayErrorCode
  readonly failed: number
  /** Those of them whose order was paid all the same, by another attempt. */
  readonly recovered: number
}

/** How the attempts of a period ended. */
export type FailureReport = {
  readonly attempts: number
  readonly failed: number
  readonly recovered: number
  /** Of the failed ones, hundredths of a percent; null where none failed. */
  readonly recoveredBasisPoints: number | null
  /** Attempts of which nobody knows yet what became of them: they are not failed. */
  readonly unknown: number
  /** The most frequent first. */
  readonly rows: readonly FailureRow[]
}

/** Gathers a report of attempts, page by page. */
export const createFailureReport = () => {
  const rows = new Map<string, { -readonly [Name in keyof FailureRow]: FailureRow[Name] }>()
  let attempts = 0
  let unknown = 0
  return {
    /**
     * @param isPaid - whether the order of the attempt was paid in the end
     */
    add: (payment: Payment, isPaid: boolean): void => {
      attempts += 1
      if (payment.status === 'unknown') unknown += 1
      const { failure } = payment.known
      if (failure === null || payment.known.captured !== null || !isOver(payment)) return
      const { gatewayId, method } = payment
      const { code } = failure
      const key = `${gatewayId}\n${method}\n${code}`
      const row = rows.get(key) ?? { gatewayId, method, code, failed: 0, recovered: 0 }
      row.failed += 1
      if (isPaid) row.recovered += 1
      rows.set(key, row)
    },
    close: (): FailureReport => {
      const sorted = [...rows].sort(
        ([leftKey, left], [rightKey, right]) => right.failed - left.failed || compareCodePoints(leftKey, rightKey),
      )
      const failed = sorted.reduce((sum, [, row]) => sum + row.failed, 0)
      const recovered = sorted.reduce((sum, [, row]) => sum + row.recovered, 0)
      return {
        attempts,
        failed,
        recovered,
        recoveredBasisPoints: failed === 0 ? null : Math.round((recovered * 10_000) / failed),
        unknown,
        rows: sorted.map(([, row]) => row),
      }
    },
  }
}

const isOver = ({ status }: Payment): boolean => status === 'failed' || status === 'closed'
