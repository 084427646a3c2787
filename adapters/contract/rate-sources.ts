import {
  type CarriageRates,
  convertMoney,
  type ExchangeRates,
  type ExchangeRequest,
  type RateQuote,
  type RateRequest,
  type TaxRates,
} from 'shopwright'
import { type ContractCase, expectEqual, expectErr, expectOk, expectTrue } from './assert.js'

/** A source of rates that has something to answer for a request, and, where it can be done, one that is out of order. */
export type RatesUnderTest<Source> = {
  readonly source: Source
  /** Goods, region and currency that the source knows. */
  readonly request: RateRequest
  /** A region that the source does not serve. */
  readonly elsewhere: string
  /** The same source while its service does not answer; absent where it asks nobody. */
  readonly broken?: Source
}

const expectQuote = (quote: RateQuote<unknown>, { now }: Pick<RateRequest, 'now'>): void => {
  expectTrue(quote.source.length >= 1 && quote.source.length <= 200, 'the source is not named')
  expectTrue(Number.isSafeInteger(quote.quotedAt) && Number.isSafeInteger(quote.validUntil), 'no whole moment')
  expectTrue(quote.validUntil > now, 'it holds no longer when it is given')
}

/** What every source of carriage holds to. */
export const carriageRateCases: readonly ContractCase<RatesUnderTest<CarriageRates>>[] = [
  {
    name: 'quotes ways to send, each once, in whole minor units, until a moment to come',
    run: async (create) => {
      const { source, request } = await create()
      const quote = expectOk(await source.quoteCarriage(request), 'quote')
      expectQuote(quote, request)
      expectTrue(quote.rates.length > 0, 'there is no way to send')
      expectEqual(new Set(quote.rates.map(({ methodId }) => methodId)).size, quote.rates.length, 'methods')
      for (const { chargeMinor, days } of quote.rates) {
        expectTrue(Number.isSafeInteger(chargeMinor) && chargeMinor >= 0, `${chargeMinor} is no amount`)
        expectTrue(days.earliest >= 0 && days.earliest <= days.latest, 'the days are in no order')
      }
    },
  },
  {
    name: 'asks no less for more of the same goods',
    run: async (create) => {
      const { source, request } = await create()
      const lines = request.lines.map((line) => ({ ...line, quantity: line.quantity * 10 }))
      const few = expectOk(await source.quoteCarriage(request), 'few').rates
      const many = expectOk(await source.quoteCarriage({ ...request, lines }), 'many').rates
      for (const { methodId, chargeMinor } of many) {
        const before = few.find((rate) => rate.methodId === methodId)
        if (before !== undefined) expectTrue(chargeMinor >= before.chargeMinor, `${methodId} became cheaper`)
      }
    },
  },
  {
    name: 'has no way to send where it does not go',
    run: async (create) => {
      const { source, request, elsewhere } = await create()
      const quote = expectOk(await source.quoteCarriage({ ...request, region: elsewhere }), 'quote')
      expectEqual(quote.rates, [], 'rates')
    },
  },
  {
    name: 'says so when it cannot be reached, and does not throw',
    run: async (create) => {
      const { broken, request } = await create()
      if (broken === undefined) return
      expectEqual(expectErr(await broken.quoteCarriage(request), 'quote').type, 'RateSourceFailed', 'error')
    },
  },
]

/** What every source of taxes holds to. */
export const taxRateCases: readonly ContractCase<RatesUnderTest<TaxRates>>[] = [
  {
    name: 'quotes rates for the classes of the goods, until a moment to come',
    run: async (create) => {
      const { source, request } = await create()
      const quote = expectOk(await source.quoteTaxes(request), 'quote')
      expectQuote(quote, request)
      for (const { taxClass } of request.lines) {
        expectTrue(Object.hasOwn(quote.rates.classes, taxClass), `${taxClass} is not taxed`)
      }
      for (const { rateMillionths } of Object.values(quote.rates.classes).flat()) {
        expectTrue(Number.isSafeInteger(rateMillionths) && rateMillionths >= 0, `${rateMillionths} is no rate`)
      }
    },
  },
  {
    name: 'knows no classes where it does not reach',
    run: async (create) => {
      const { source, request, elsewhere } = await create()
      const quote = expectOk(await source.quoteTaxes({ ...request, region: elsewhere }), 'quote')
      expectEqual(quote.rates.classes, {}, 'classes')
    },
  },
  {
    name: 'says so when it cannot be reached, and does not throw',
    run: async (create) => {
      const { broken, request } = await create()
      if (broken === undefined) return
      expectEqual(expectErr(await broken.quoteTaxes(request), 'quote').type, 'RateSourceFailed', 'error')
    },
  },
]

/** A source of exchange rates, a pair of currencies that it knows, and a currency that it does not. */
export type ExchangeUnderTest = {
  readonly source: ExchangeRates
  readonly request: ExchangeRequest
  readonly unknown: string
}

/** What every source of exchange rates holds to. */
export const exchangeRateCases: readonly ContractCase<ExchangeUnderTest>[] = [
  {
    name: 'quotes a decimal rate above zero, until a moment to come',
    run: async (create) => {
      const { source, request } = await create()
      const quote = expectOk(await source.quoteExchange(request), 'quote')
      expectQuote(quote, request)
      const { from, to } = request
      const amount = { minor: 1_000_000, currency: from }
      const converted = expectOk(convertMoney(amount, { from, to, rate: quote.rates }, 'halfUp'), 'conversion')
      expectEqual(converted.currency, to, 'currency')
      expectTrue(converted.minor > 0, 'it comes to nothing')
    },
  },
  {
    name: 'says so where it knows no rate',
    run: async (create) => {
      const { source, request, unknown } = await create()
      const failed = expectErr(await source.quoteExchange({ ...request, to: unknown }), 'quote')
      expectEqual(failed.type, 'RateSourceFailed', 'error')
    },
  },
]
