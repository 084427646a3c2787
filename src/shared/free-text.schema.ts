import * as z from 'zod'
import { holdsCardNumber } from './card-number.js'

/** Text that a person writes freely: bounded, and refused when it holds what may be a card number. */
export const freeTextSchema = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => !holdsCardNumber(text), { error: 'Text must not hold a card number' })
