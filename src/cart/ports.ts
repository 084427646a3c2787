import type { StockSource } from '../catalog/stock-source.js'
import type { CorePorts } from '../shared/ports.js'
import type { CartPolicy } from './cart.js'

/** What the cart's workflows need of the world. */
export type CartPorts = CorePorts & {
  /** Where stock is kept; without it every quantity can be had. */
  readonly stock?: StockSource
  /** How much a cart may hold; `defaultCartPolicy` when absent. */
  readonly cartPolicy?: CartPolicy
}
