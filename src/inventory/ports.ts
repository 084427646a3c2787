import type { CorePorts } from '../shared/ports.js'

/** What the workflows of stock need of the world. */
export type InventoryPorts = CorePorts & {
  /** Where stock that may be promised lies, in order of preference; `main` alone when absent. */
  readonly warehouses?: readonly string[]
}
