import type { ExchangeRequest, QuoteShelf, RateQuote } from './rate-sources.js'

/** An empty shelf of exchange rates. */
export const createQuoteShelf = (): QuoteShelf => {
  const shelf = new Map<string, RateQuote<string>>()
  const nameOf = ({ from, to }: ExchangeRequest): string => `${from}/${to}`
  return {
    get: (request) => {
      const kept = shelf.get(nameOf(request))
      return kept !== undefined && kept.validUntil > request.now ? kept : undefined
    },
    keep: (request, quote) => {
      shelf.set(nameOf(request), quote)
    },
  }
}
