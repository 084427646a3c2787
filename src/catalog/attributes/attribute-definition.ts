import type { LocalText } from '../local-text.js'

/** A value of an attribute that has a closed list of them. */
export type EnumValue = {
  /** As products state it. */
  readonly value: string
  readonly title: LocalText
}

/**
 * What products of a category may state under a name, and of what kind it is. Products state texts, numbers and yes or
 * no; the definition says how they are read.
 */
export type AttributeDefinition = { readonly name: string; readonly title: LocalText } & (
  | { readonly kind: 'text' }
  /** Yes or no; also stated as `yes`, `true`, `是` and their opposites. */
  | { readonly kind: 'boolean' }
  /** One of a closed list. */
  | { readonly kind: 'enum'; readonly values: readonly EnumValue[] }
  /**
   * An amount, in the unit or any that is a multiple of it (`0.5 l` where the unit is `ml`); a bare number is one of the
   * unit. Null: a number without a unit. A unit is of letters, `%` or `°` (`mAh`, `°C`), a square or cube of a length
   * (`cm²`), or one by another (`km/h`); large and small letters are one.
   */
  | {
      readonly kind: 'number'
      readonly unit: string | null
      /** In the unit; without bounds when absent. */
      readonly min?: number
      readonly max?: number
    }
  /** From one amount to another (`10-20 cm`). */
  | { readonly kind: 'range'; readonly unit: string | null }
  /** A day, `2026-11-28`. */
  | { readonly kind: 'date' }
)
