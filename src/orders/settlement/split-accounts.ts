import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { GatewayErrorCode } from '../../payments/gateway-error.js'
import type { Payment } from '../../payments/payment.js'
import type { Outcome, SplitPort } from '../../payments/ports.js'
import type { Settlement } from '../../payments/settlement.js'
import { daysMs } from '../../shared/instant.js'
import { type GatewayUnknown, gatewayOf } from '../paying/record-outcome.js'
import type { SplitError } from './order-split.js'
import { isPassing, type PayoutPorts, type TellPayoutError } from './tell-payout.js'

/** Why a payment is not divided now. */
export type SplitSharesError = TellPayoutError | SplitError | SplitNotAnswered

/** A gateway does not say now which accounts it knows, or whether it is done. */
export type SplitNotAnswered = {
  readonly type: 'SplitNotAnswered'
  readonly gatewayId: string
  /** Why it turned the shop away; null where it gave no answer. */
  readonly code: GatewayErrorCode | null
}

/** Says that a gateway did not say it. */
export const notAnswered = (gatewayId: string, outcome?: Outcome<unknown>): SplitNotAnswered => ({
  type: 'SplitNotAnswered',
  gatewayId,
  code: outcome?.kind === 'declined' ? outcome.error.code : null,
})

/** A payee is paid another way where a gateway does not say for so long whether it knows them. */
const longestWaitMs = daysMs

/** A settlement whose payment a gateway is to divide. */
export type Dividing = Extract<Settlement, { status: 'dividing' }>

/** By payment: which payees have an account at its gateway. */
export type Accounts = ReadonlyMap<
  string,
  { readonly mostBasisPoints: number; readonly accounts: ReadonlyMap<string, string> }
>

/**
 * Asks the gateways of payments which payees of a settlement have an account there; once it was given up to wait for those
 * that the shop lacks, they are passed over.
 */
export const accountsOf = (
  ports: PayoutPorts,
  settlement: Dividing,
  paidBy: readonly Payment[],
): ResultAsync<Accounts, SplitSharesError> =>
  paidBy.reduce<ResultAsync<Accounts, SplitSharesError>>(
    (sofar, { paymentId, gatewayId }) =>
      sofar.andThen((known): ResultAsync<Accounts, SplitSharesError> => {
        const found = findSplits(ports, gatewayId)
        if (found.isErr()) return settlement.givenUpAt === undefined ? errAsync(found.error) : okAsync(known)
        const { mostBasisPoints } = found.value
        return askAccounts(found.value, gatewayId, {
          payees: settlement.openPayeeIds,
          isLate: ports.clock.now() - settlement.releasedAt >= longestWaitMs,
        }).map((accounts) => new Map([...known, [paymentId, { mostBasisPoints, accounts }]]))
      }),
    okAsync(new Map()),
  )

/**
 * How a gateway divides.
 *
 * @errors GatewayUnknown where the shop lacks it, and where it divides nothing
 */
export const findSplits = (
  ports: Pick<PayoutPorts, 'gateways'>,
  gatewayId: string,
): Result<SplitPort, GatewayUnknown> =>
  gatewayOf(ports, gatewayId).andThen(({ splits }) =>
    splits === undefined ? err(unknownGateway(gatewayId)) : ok(splits),
  )

const unknownGateway = (gatewayId: string): GatewayUnknown => ({ type: 'GatewayUnknown', gatewayId })

const askAccounts = (
  splits: SplitPort,
  gatewayId: string,
  { payees, isLate }: { readonly payees: readonly string[]; readonly isLate: boolean },
): ResultAsync<ReadonlyMap<string, string>, SplitSharesError> =>
  payees.reduce<ResultAsync<ReadonlyMap<string, string>, SplitSharesError>>(
    (sofar, payee) =>
      sofar.andThen((known) =>
        splits
          .accountOf(payee)
          .mapErr((never): SplitSharesError => never)
          .andThen((outcome): ResultAsync<string | null, SplitSharesError> => {
            if (outcome.kind === 'ok') return okAsync(outcome.value)
            // Who is not known of for so long is paid another way.
            const isNone = outcome.kind === 'declined' && !isPassing(outcome.error.code)
            return isNone || isLate ? okAsync(null) : errAsync(notAnswered(gatewayId, outcome))
          })
          .map((account) => (account === null ? known : new Map([...known, [payee, account]]))),
      ),
    okAsync(new Map()),
  )
