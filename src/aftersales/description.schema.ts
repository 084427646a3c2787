import * as z from 'zod'
import { parseInput } from '../shared/stored.schema.js'

/** The buyer's words, as they were sealed. */
export const parseDescription = parseInput<string>(z.string())
