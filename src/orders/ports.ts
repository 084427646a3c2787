import type { InventoryPorts } from '../inventory/ports.js'
import type { RatePorts } from '../pricing/rate-sources.js'
import type { CurrencyPorts } from '../pricing/sold-currency.js'
import type { Sealer } from '../shared/personal-data.js'
import type { PaymentProofPolicy } from '../shared/step-up.js'
import type { AskingPorts } from './spare-gateways.js'

/** What the workflows that move money need of the world. */
export type MoneyPorts = InventoryPorts & AskingPorts

/** What paying an order needs of the world. */
export type PayOrderPorts = MoneyPorts & {
  /** When a buyer has to show anew that it is they who pay. */
  readonly paymentProof: PaymentProofPolicy
}

/** What placing an order needs of the world. */
export type PlaceOrderPorts = InventoryPorts & RatePorts & CurrencyPorts & { readonly sealer: Sealer }

/** What all workflows of orders together need of the world. */
export type OrderPorts = PayOrderPorts & PlaceOrderPorts
