import { errAsync, type ResultAsync } from 'neverthrow'
import type { NotFound } from '../../shared/errors.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { AccountsPorts } from '../ports.js'
import { askRequest, checkRequest, type PurposeMissing, subjectOf } from './on-request.js'
import { askErasure, type BusinessOpen, confirmationOf, type ErasurePlan, planErasure } from './plan-erasure.js'
import type { ErasurePlanInput } from './privacy-inputs.js'
import { parseErasurePlan } from './privacy-inputs.schema.js'

/** An erasure as it would be now; the confirmation is what staff hand to `erase`, so that they have seen it. */
export type ShownErasurePlan = ErasurePlan & { readonly confirmation: string }

/**
 * Shows a person what erasing their account would do, record by record: what goes, what stays without a name, and what a
 * law makes the shop keep, until when. Staff are shown it on an open request for erasure.
 *
 * @errors BusinessOpen, PurposeMissing and NotFound for staff, CryptoUnavailable, QueryError
 */
export const showErasurePlan = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ErasurePlanInput = {},
): ResultAsync<ShownErasurePlan, BusinessOpen | PurposeMissing | NotFound | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.erasurePlan',
    parse: parseErasurePlan,
    about: ({ actor, input: { onRequest } }) => subjectOf(actor, onRequest),
    plan: ({ actor, input: { onRequest } }) => ({
      ...askErasure(ports.personalRecords, subjectOf(actor, onRequest)),
      request: askRequest(onRequest),
    }),
    answer: (read, { actor, now, input: { onRequest } }): ResultAsync<ShownErasurePlan, Refused> => {
      const { request } = read
      const allowed = checkRequest(actor, { action: 'accounts.erasurePlan', onRequest, request, kinds: ['erasure'] })
      if (allowed.isErr()) return errAsync(allowed.error)
      return planErasure(ports.personalRecords, read, now, ports.accountsPolicy).asyncAndThen((plan) =>
        confirmationOf(ports.digests, subjectOf(actor, onRequest), plan).map((confirmation) => ({
          ...plan,
          confirmation,
        })),
      )
    },
  })

type Refused = BusinessOpen | PurposeMissing | NotFound | CryptoUnavailable
