import * as z from 'zod'
import type { Instant } from '../shared/instant.js'
import type { Condition } from '../shared/read-plan.js'

/** The period that a list is of, open at an end that is not said. */
export type ListedPeriod = {
  /** From this moment on. */
  readonly from?: Instant
  /** Up to, and without, this moment. */
  readonly to?: Instant
}

const moment = /* @__PURE__ */ z.int().min(0)

export const listedPeriod = {
  from: /* @__PURE__ */ z.exactOptional(moment),
  to: /* @__PURE__ */ z.exactOptional(moment),
}

export const isPeriod = ({ from, to }: ListedPeriod): boolean => from === undefined || to === undefined || to > from

export const noPeriod = { error: 'A period ends after it begins', path: ['to'] }

/** That a declared moment lies in a period. */
export const within = (field: string, { from, to }: ListedPeriod): readonly Condition[] => [
  ...(from === undefined ? [] : [{ field, is: 'gte', value: from } as const]),
  ...(to === undefined ? [] : [{ field, is: 'lt', value: to } as const]),
]
