import type { StockSource } from '../catalog/stock-source.js'
import type { EarnRule, SpendRule } from '../membership/points-rules.js'
import type { RatePorts } from '../pricing/rate-sources.js'
import type { CurrencyPorts } from '../pricing/sold-currency.js'
import type { BookShelf } from '../shared/books.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Sealer } from '../shared/personal-data.js'
import type { CorePorts } from '../shared/ports.js'
import type { Asked } from '../shared/read-plan.js'
import type { CartPolicy } from './cart.js'

/** What the cart's workflows need of the world. */
export type CartPorts = CorePorts &
  RatePorts &
  CurrencyPorts & {
    /** Where stock is kept; without it every quantity can be had. */
    readonly stock?: StockSource
    /** How points are spent and earned, null where there are none; without it the price of a cart leaves points out. */
    readonly askPointsRules?: (books: BookShelf, now: Instant) => Asked<PointsRules | null>
    /** How much a cart may hold; `defaultCartPolicy` when absent. */
    readonly cartPolicy?: CartPolicy
    /** Opens a member's day of birth; without it nobody has a birthday. */
    readonly sealer?: Sealer
  }

/** How points are spent and earned. */
export type PointsRules = {
  readonly spend: SpendRule
  readonly earn: EarnRule
  /** ISO 4217 code of their amounts; that of the catalog when absent. */
  readonly currency?: Currency
}
