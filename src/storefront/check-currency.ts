import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { CatalogPorts } from '../catalog/ports.js'
import { lexiconOf } from '../catalog/search/understanding/lexicon.js'
import type { CurrencyNotSold, CurrencyPorts } from '../pricing/sold-currency.js'
import type { Currency } from '../shared/currency.js'
import type { QueryError } from '../shared/run-query.js'

/** What it takes to know in which currencies a shop sells. */
export type SoldPorts = Pick<CatalogPorts, 'shop' | 'storage' | 'clock' | 'shelf'> & CurrencyPorts

/**
 * Says for a whole list whether the shop sells in the currency asked for: by its price lists, or because something on sale is
 * priced in it. So every page answers the same, whatever stands on it.
 *
 * @returns the currency that not all is priced in; undefined where none is asked for, or all is
 * @errors CurrencyNotSold, QueryError
 */
export const checkCurrency = (
  ports: SoldPorts,
  asked: Currency | undefined,
): ResultAsync<Currency | undefined, CurrencyNotSold | QueryError> => {
  const { soldCurrencies = [] } = ports
  if (asked === undefined || soldCurrencies.includes(asked)) return okAsync(asked)
  return ports.shelf.follow(ports).andThen(({ figures }) => {
    const { currencies } = lexiconOf(figures)
    if (currencies.every((each) => each === asked)) return ok(undefined)
    return currencies.includes(asked)
      ? ok(asked)
      : err<never, CurrencyNotSold>({ type: 'CurrencyNotSold', currency: asked, sold: soldCurrencies })
  })
}
