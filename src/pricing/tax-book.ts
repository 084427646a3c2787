import type { Message } from '../shared/messages.js'

/** A rate of tax. */
export type TaxRate = {
  /** What the tax is called by; two rates of one tax are told apart by what they are. */
  readonly rateId: string
  readonly title: Message
  /** Parts per million: 13 % is 130000. */
  readonly rateMillionths: number
}

/** What is taxed how in a region. */
export type TaxRegion = {
  /** Code of the region; `*` is every region that is not named. */
  readonly region: string
  /** Whether prices include the tax. */
  readonly inclusive: boolean
  /** Which rates each class of goods bears, all of them on the same base. */
  readonly classes: Readonly<Record<string, readonly TaxRate[]>>
  /** The class that carriage is taxed as; null: not at all. */
  readonly shippingClass: string | null
}

/** All taxes, at one revision: the version of the stored row. */
export type TaxBook = {
  readonly bookId: string
  readonly regions: readonly TaxRegion[]
  /** What is rounded to whole minor units: the tax of each piece, of each line, or of the order. */
  readonly roundPer: 'unit' | 'line' | 'order'
  /** How a half is rounded. */
  readonly rounding: 'halfUp' | 'halfEven' | 'halfDown'
}
