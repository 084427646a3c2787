import type { ResultAsync } from 'neverthrow'
import { type SectionPage, type SectionProduct, sectionPage } from '../catalog/sections/section-page.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import type { NotFound } from '../shared/errors.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { SectionCardsInput } from './page-inputs.schema.js'
import { parseSectionCards, splitWhere } from './page-inputs.schema.js'
import { type CardPorts, type PricedCard, priceCards } from './priced-cards.js'
import { askViewerPrices, viewerPorts } from './viewer-ports.js'

/** A page of a section, on cards. */
export type SectionCards = Omit<SectionPage, 'products'> & {
  readonly products: readonly SectionProduct<PricedCard>[]
}

/**
 * Shows a section as `catalog.section` does, at the prices of whoever looks, by which it is sorted and bounded too. One whose
 * own filter names prices is, for who pays in another currency, by those of the catalog.
 *
 * @errors NotFound, CurrencyNotSold, QueryError
 */
export const sectionCards = (
  ports: CardPorts,
  context: QueryContext,
  input: SectionCardsInput,
): ResultAsync<SectionCards, NotFound | CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.sectionCards',
    parse: parseSectionCards,
    plan: () => ({}),
    own: ({ actor, now }) => askViewerPrices(ports, { actor, now }),
    answer: (
      read,
      { input, actor, scope, now },
    ): ResultAsync<SectionCards, NotFound | CurrencyNotSold | QueryError> => {
      const { where, asked } = splitWhere(input)
      const { currency: _currency, ...place } = where
      return viewerPorts(ports, read, { actor, scope, where, now }).andThen((inside) =>
        sectionPage(inside, { actor }, { ...asked, ...place }).andThen(({ products, ...page }) =>
          priceCards(
            inside,
            products.map(({ card }) => card),
            { actor, where },
          ).map((cards): SectionCards => {
            const priced = new Map(cards.map((card) => [card.productId, card]))
            return {
              ...page,
              products: products.flatMap(({ card, because }) => {
                const shown = priced.get(card.productId)
                return shown === undefined ? [] : [{ card: shown, because }]
              }),
            }
          }),
        ),
      )
    },
  })
