import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import { book } from '../shared/books.js'
import type { Instant } from '../shared/instant.js'
import { isWellFormed } from '../shared/json.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, known, type Stored } from '../shared/read-plan.js'
import {
  carriageRatesIn,
  isShippingBook,
  isTaxBook,
  quotedTaxesIn,
  quoteIn,
  shippingBookId,
  shippingBooks,
  taxBookId,
  taxBooks,
} from './books.schema.js'
import type { RatePorts, RateQuote, RateRequest, RateSourceFailed, RatesUnavailable } from './rate-sources.js'
import type { ShippingBook } from './shipping-book.js'
import type { TaxBook } from './tax-book.js'

/** Rates from outside, as books of one region; null where the shop's own book is priced by. */
export type QuotedRates = {
  readonly shipping: RateQuote<ShippingBook> | null
  readonly tax: RateQuote<TaxBook> | null
}

/** What is read of the shop's own rates. */
export type RateBooksRead = {
  readonly shipping: Stored<ShippingBook> | undefined
  readonly tax: Stored<TaxBook> | undefined
}

/** Asks for the shop's own rates; a book that a source stands in for is asked of nobody. */
export const askRateBooks = (
  ports: CorePorts & RatePorts,
  now: Instant,
): { readonly [Name in keyof RateBooksRead]: Asked<RateBooksRead[Name]> } => ({
  shipping:
    ports.carriageRates === undefined ? book(ports.books, shippingBooks, shippingBookId, now) : known(undefined),
  tax: ports.taxRates === undefined ? book(ports.books, taxBooks, taxBookId, now) : known(undefined),
})

/** The rates a price is made by: those from outside, else the shop's own; null where there are neither. */
export const ratesIn = (
  read: RateBooksRead,
  quoted: QuotedRates,
): { readonly shipping: ShippingBook | null; readonly tax: TaxBook | null } => ({
  shipping: quoted.shipping?.rates ?? read.shipping?.state ?? null,
  tax: quoted.tax?.rates ?? read.tax?.state ?? null,
})

/** No rates from outside. */
export const noRates: QuotedRates = { shipping: null, tax: null }

/**
 * Asks the sources of rates for what a price needs; a shop without sources asks nobody.
 *
 * @errors RatesUnavailable
 */
export const quoteRates = (ports: RatePorts, request: RateRequest): ResultAsync<QuotedRates, RatesUnavailable> => {
  const { carriageRates, taxRates } = ports
  if (request.lines.length === 0 || (carriageRates === undefined && taxRates === undefined)) return okAsync(noRates)
  const shipping =
    carriageRates === undefined
      ? okAsync(null)
      : askSource(() => carriageRates.quoteCarriage(request))
          .andThen((quote) => checkQuote(quote, (rates) => toShippingBook(rates, request), request.now))
          .mapErr(({ reason }): RatesUnavailable => ({ type: 'CarriageRatesUnavailable', reason }))
  const tax =
    taxRates === undefined
      ? okAsync(null)
      : askSource(() => taxRates.quoteTaxes(request))
          .andThen((quote) => checkQuote(quote, (rates) => toTaxBook(rates, request), request.now))
          .mapErr(({ reason }): RatesUnavailable => ({ type: 'TaxRatesUnavailable', reason }))
  return ResultAsync.combine([shipping, tax]).map(([carriage, taxes]) => ({ shipping: carriage, tax: taxes }))
}

/** Until when rates from outside hold: the first of them to end; null where there are none. */
export const ratesValidUntil = ({ shipping, tax }: QuotedRates): Instant | null => {
  const ends = [shipping, tax].flatMap((quote) => (quote === null ? [] : [quote.validUntil]))
  return ends.length === 0 ? null : Math.min(...ends)
}

/** Why a quote is not taken in. */
export type Refused = Pick<RatesUnavailable, 'reason'>

/** Asks somebody else's code: what it throws or rejects with is no rate either, and its answer may be anything. */
export const askSource = (quote: () => ResultAsync<unknown, RateSourceFailed>): ResultAsync<unknown, Refused> =>
  ResultAsync.fromPromise<unknown, Refused>(
    Promise.resolve().then(() => quote()),
    () => ({ reason: 'failed' }),
  ).andThen((answer) =>
    isResult(answer)
      ? answer.mapErr((): Refused => ({ reason: 'failed' }))
      : err<never, Refused>({ reason: 'malformed' }),
  )

const isResult = (answer: unknown): answer is Result<unknown, unknown> =>
  typeof answer === 'object' && answer !== null && 'mapErr' in answer && typeof answer.mapErr === 'function'

/**
 * Takes a quote in: its rates as a price needs them, if they are rates and still hold.
 *
 * @param read - what is made of the rates; undefined of what is none
 */
export const checkQuote = <Rates>(
  quote: unknown,
  read: (rates: unknown) => Rates | undefined,
  now: Instant,
): Result<RateQuote<Rates>, Refused> => {
  const told = quoteIn(quote)
  const rates = told === undefined || !isWellFormed(told.source) ? undefined : read(told.rates)
  if (told === undefined || rates === undefined) return err({ reason: 'malformed' })
  const { source, quotedAt, validUntil } = told
  return validUntil > now ? ok({ rates, source, quotedAt, validUntil }) : err({ reason: 'outdated' })
}

const toShippingBook = (told: unknown, { region, currency }: RateRequest): ShippingBook | undefined => {
  const rates = carriageRatesIn(told)
  if (rates === undefined) return undefined
  const book: ShippingBook = {
    bookId: quotedBookId,
    currency,
    methods: rates.map(({ methodId, title, chargeMinor, days }) => ({
      methodId,
      title,
      zones: [{ zoneId: region, regions: [region], rate: { kind: 'flat', chargeMinor }, freeFromMinor: null, days }],
    })),
  }
  return isShippingBook(book) ? book : undefined
}

const toTaxBook = (told: unknown, { region }: RateRequest): TaxBook | undefined => {
  const quoted = quotedTaxesIn(told)
  if (quoted === undefined) return undefined
  const { roundPer, rounding, ...taxes } = quoted
  const book: TaxBook = { bookId: quotedBookId, roundPer, rounding, regions: [{ ...taxes, region }] }
  return isTaxBook(book) ? book : undefined
}

const quotedBookId = 'quoted'
