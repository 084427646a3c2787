import { ok, type Result, safeTry } from 'neverthrow'
import type { GatewayBillRow } from '../../payments/gateway-bill.js'
import { payments } from '../../payments/payment.schema.js'
import type { StorageError } from '../../shared/decide-and-commit.js'
import { readFacts } from '../../shared/read-facts.js'
import { rows } from '../../shared/read-plan.js'
import type { MoneyPorts } from '../ports.js'

const chunkSize = 100

/** The rows of a bill that are held against the ledger of a gateway, and how many are another's. */
export type OwnRows = { readonly own: readonly GatewayBillRow[]; readonly otherGateway: number }

/** Whose bill it is, and as whom the shop is known there. */
type BilledGateway = { readonly gatewayId: string; readonly merchantAccount: string }

/**
 * Takes out of a bill what was paid through other gateways of the same merchant, as several scenes of WeChat Pay are: the
 * merchant has one bill for all of them. Whose a payment is it says itself, so the shop may have its gateway no more.
 *
 * @errors StorageError
 */
export const ownRowsOf = async (
  ports: MoneyPorts,
  { gatewayId, merchantAccount }: BilledGateway,
  bill: readonly GatewayBillRow[],
): Promise<Result<OwnRows, StorageError>> => {
  const merchant = merchantOf(merchantAccount)
  const theirs = new Set<string>()
  const ids = [...new Set(bill.map(({ attemptRef }) => attemptRef))]
  return safeTry(async function* () {
    for (let start = 0; start < ids.length; start += chunkSize) {
      const plan = { paid: rows(payments, ids.slice(start, start + chunkSize)) }
      const request = { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan } as const
      const { paid } = yield* readFacts(ports.storage, request)
      for (const { id, state } of paid) {
        if (state.gatewayId !== gatewayId && merchantOf(state.merchantAccount) === merchant) theirs.add(id)
      }
    }
    const own = bill.filter(({ attemptRef }) => !theirs.has(attemptRef))
    return ok({ own, otherGateway: bill.length - own.length })
  })
}

// An account that is one of several applications of a merchant is written `application/merchant`.
const merchantOf = (merchantAccount: string): string => merchantAccount.slice(merchantAccount.lastIndexOf('/') + 1)
