import fc from 'fast-check'
import { productMachine, productTransitions } from '../../src/catalog/machine.js'
import { machineLaws } from '../kit/machine-laws.js'

const missing = fc.subarray(['title', 'category'])
const productId = 'p'

machineLaws({
  name: 'product',
  decider: productMachine,
  table: productTransitions,
  statuses: { absent: 'open', draft: 'open', active: 'open', archived: 'open' },
  arbitraries: {
    SaveProduct: missing.map((lacks) => ({ type: 'SaveProduct', productId, missing: lacks }) as const),
    PublishProduct: missing.map((lacks) => ({ type: 'PublishProduct', productId, missing: lacks }) as const),
    ArchiveProduct: fc.constant({ type: 'ArchiveProduct', productId } as const),
  },
  model: {
    SaveProduct: [
      { type: 'SaveProduct', productId, missing: [] },
      { type: 'SaveProduct', productId, missing: ['title'] },
    ],
    PublishProduct: [
      { type: 'PublishProduct', productId, missing: [] },
      { type: 'PublishProduct', productId, missing: ['title'] },
    ],
    ArchiveProduct: [{ type: 'ArchiveProduct', productId }],
  },
})
