import { expect, it } from 'vitest'
import * as z from 'zod'
import { offerSchema } from '../../src/promotions/offer.schema.js'

it('the JSON Schema of an offer in the docs is the one offers are checked by', async () => {
  const schema = z.toJSONSchema(offerSchema, { io: 'input' })
  const { $schema, ...rest } = schema
  const named = { $schema, $id: 'https://shopwright.example/offer.v1.schema.json', title: 'Offer, version 1', ...rest }
  await expect(`${JSON.stringify(named, null, 2)}\n`).toMatchFileSnapshot('../../docs/offer.schema.json')
})
