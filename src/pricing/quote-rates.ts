import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import { book } from '../shared/books.js'
import type { Instant } from '../shared/instant.js'
import { isWellFormed } from '../shared/json.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, known, type Stored } from '../shared/read-plan.js'
import { isShippingBook, isTaxBook, shippingBookId, shippingBooks, taxBookId, taxBooks } from './books.schema.js'
import type {
  CarriageRate,
  QuotedTaxes,
  RatePorts,
  RateQuote,
  RateRequest,
  RateSourceFailed,
  RatesUnavailable,
} from './rate-sources.js'
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
          .andThen((quote) => checkQuote(quote, toShippingBook(quote.rates, request), isShippingBook, request.now))
          .mapErr(({ reason }): RatesUnavailable => ({ type: 'CarriageRatesUnavailable', reason }))
  const tax =
    taxRates === undefined
      ? okAsync(null)
      : askSource(() => taxRates.quoteTaxes(request))
          .andThen((quote) => checkQuote(quote, toTaxBook(quote.rates, request), isTaxBook, request.now))
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

/** Asks somebody else's code: what it throws or rejects with is no rate either. */
export const askSource = <Rates>(
  quote: () => ResultAsync<RateQuote<Rates>, RateSourceFailed>,
): ResultAsync<RateQuote<Rates>, Refused> =>
  ResultAsync.fromPromise(
    Promise.resolve().then(() => quote()),
    (): Refused => ({ reason: 'failed' }),
  ).andThen((answer) => answer.mapErr((): Refused => ({ reason: 'failed' })))

/** Takes a quote in: its rates as a price needs them, if they are rates and still hold. */
export const checkQuote = <Book>(
  { source, quotedAt, validUntil }: RateQuote<unknown>,
  rates: Book,
  areRates: (rates: Book) => boolean,
  now: Instant,
): Result<RateQuote<Book>, Refused> => {
  const named = isWellFormed(source) && source.length >= 1 && source.length <= 200
  if (!named || !Number.isSafeInteger(quotedAt) || !Number.isSafeInteger(validUntil))
    return err({ reason: 'malformed' })
  if (!areRates(rates)) return err({ reason: 'malformed' })
  return validUntil > now ? ok({ rates, source, quotedAt, validUntil }) : err({ reason: 'outdated' })
}

const toShippingBook = (rates: readonly CarriageRate[], { region, currency }: RateRequest): ShippingBook => ({
  bookId: quotedBookId,
  currency,
  methods: rates.map(({ methodId, title, chargeMinor, days }) => ({
    methodId,
    title,
    zones: [{ zoneId: region, regions: [region], rate: { kind: 'flat', chargeMinor }, freeFromMinor: null, days }],
  })),
})

const toTaxBook = ({ roundPer, rounding, ...taxes }: QuotedTaxes, { region }: RateRequest): TaxBook => ({
  bookId: quotedBookId,
  roundPer,
  rounding,
  regions: [{ ...taxes, region }],
})

const quotedBookId = 'quoted'
