import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { regionSchema } from '../addresses/recipient.schema.js'
import type { PreviewOrderInput } from '../order-inputs.js'
import { orderChoiceShape } from './order-choice.schema.js'

const previewOrderSchema = schemaOf<PreviewOrderInput>()(z.strictObject({ ...orderChoiceShape, region: regionSchema }))

export const parsePreviewOrder = parseInput<PreviewOrderInput>(previewOrderSchema)
