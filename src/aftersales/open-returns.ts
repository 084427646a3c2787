import { type Asked, rows, type Stored } from '../shared/read-plan.js'
import { returnRequests } from './return.collection.schema.js'
import type { ReturnRequest, ReturnRow } from './return-request.js'

/** Asks for the open returns of the order that a plan asks for; none is opened or settled without its order. */
export const askOpenReturns: Asked<readonly Stored<ReturnRow>[]> = rows(returnRequests, {
  from: 'order',
  path: 'openReturnIds.*',
})

/** What is read of returns, without where it is kept. */
export const statesOf = (returns: readonly Stored<ReturnRow>[]): readonly ReturnRequest[] =>
  returns.map(({ state }) => state)
