import { okAsync } from 'neverthrow'
import type { PaymentGateway } from 'shopwright/payments'
import { capabilitiesOf, otherMethod, toldByPerson } from './told-by-person.js'

export { type CashOnDeliveryOptions, createCashOnDelivery } from './cash-on-delivery.js'

/** Where buyers transfer to. */
export type ManualGatewayOptions = {
  /** Unique in the shop; `manual` unless told. */
  readonly gatewayId?: string
  /** The shop's own name for the account, which every receipt has to name; `manual` unless told. */
  readonly merchantAccount?: string
  readonly bank: string
  readonly holder: string
  /** The shop's own account number, as buyers are to read it. */
  readonly account: string
}

/**
 * Bank transfer: nothing is asked of anybody, a person confirms what came and what went back (`offlineReceipt`,
 * `offlineRefund`). It keeps nothing, so it answers the same on every machine.
 */
export const createManualGateway = (options: ManualGatewayOptions): PaymentGateway => ({
  gatewayId: options.gatewayId ?? 'manual',
  merchantAccount: options.merchantAccount ?? 'manual',
  capabilities: capabilitiesOf('bankTransfer'),
  ...toldByPerson,
  create: ({ method, orderNumber: memo }) => {
    if (method !== 'bankTransfer') return okAsync(otherMethod)
    const { bank, holder, account } = options
    const next = { kind: 'transferInstructions', bank, holder, account, memo } as const
    return okAsync({ kind: 'ok', value: { gatewayRef: null, next, snapshot: null } })
  },
})
