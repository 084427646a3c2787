import { err, ok, ResultAsync } from 'neverthrow'
import { longestTypedPhone, type PhoneMalformed, type PhoneNumbers } from 'shopwright'

/** What the package says of a number. */
export type ParsedNumber = {
  readonly country?: string | undefined
  /** E.164. */
  readonly number: string
  readonly ext?: string | undefined
  readonly isValid: () => boolean
  readonly getType: () => string | undefined
}

/** The part of `libphonenumber-js/max` that is used; the smaller sets of metadata take numbers for valid that are none. */
export type PhonePackage = {
  readonly parse: (text: string, region: string) => ParsedNumber | undefined
}

/** Which numbers are taken. */
export type PhoneNumbersOptions = {
  /**
   * The regions that the shop serves, ISO 3166 (`CN`); a number without a country code is one of the first. Text messages
   * cost money, and strangers send them to regions where they earn by them: name no region that is not sold to.
   */
  readonly regions: readonly [string, ...string[]]
  /** Loads the package; by its name when absent. */
  readonly load?: () => Promise<PhonePackage>
}

/** An optional package is not there. */
export type PackageMissing = {
  readonly type: 'PackageMissing'
  readonly package: string
  /** What to run. */
  readonly install: string
}

/**
 * Mobile numbers of the regions a shop serves, by `libphonenumber-js`, an optional peer.
 *
 * @errors PackageMissing, which says what to install
 */
export const createPhoneNumbers = (options: PhoneNumbersOptions): ResultAsync<PhoneNumbers, PackageMissing> =>
  ResultAsync.fromPromise((options.load ?? loadPackage)(), (): PackageMissing => missing).map((numbers) =>
    numbersOf(numbers, options.regions),
  )

const missing: PackageMissing = {
  type: 'PackageMissing',
  package: 'libphonenumber-js',
  install: 'npm install libphonenumber-js',
}

const loadPackage = async (): Promise<PhonePackage> => {
  const { default: parsePhoneNumber, isSupportedCountry } = await import('libphonenumber-js/max')
  return {
    parse: (text, region) =>
      isSupportedCountry(region) ? parsePhoneNumber(text, { defaultCountry: region, extract: false }) : undefined,
  }
}

const numbersOf = (numbers: PhonePackage, regions: readonly [string, ...string[]]): PhoneNumbers => ({
  canonical: (typed) => {
    const refuse = (reason: PhoneMalformed['reason']) => err<never, PhoneMalformed>({ type: 'PhoneMalformed', reason })
    if (typed.length > longestTypedPhone) return refuse('notOneNumber')
    const text = typed.normalize('NFKC').trim()
    // What is not a number and its usual separators is not looked at; words, extensions and lists are among it.
    if (!/^[+0-9() .-]+$/.test(text)) return refuse('notOneNumber')
    const parsed = numbers.parse(text.replace(/^00/, '+'), regions[0])
    if (parsed === undefined || parsed.ext !== undefined) return refuse('notOneNumber')
    if (parsed.country === undefined || !parsed.isValid()) return refuse('notMobile')
    if (!regions.includes(parsed.country)) return refuse('otherRegion')
    const type = parsed.getType()
    return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? ok(parsed.number) : refuse('notMobile')
  },
})
