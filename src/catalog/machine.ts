import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import type { Decider, TransitionTable } from '../shared/decider.js'
import type { ProductCommand, ProductError, ProductEvent, ProductStatus } from './product.js'

/** What the lifecycle of a product knows of it. */
export type ProductLifecycle = { readonly status: ProductStatus }

/** How a product comes on sale and leaves it. */
export const productTransitions: TransitionTable<ProductStatus, ProductCommand['type'], ProductEvent['type']> = [
  { from: 'absent', command: 'SaveProduct', events: 'ProductSaved', to: 'draft' },
  { from: 'draft', command: 'SaveProduct', events: 'ProductSaved', to: 'draft' },
  { from: 'active', command: 'SaveProduct', events: 'ProductSaved', to: 'active', guard: 'nothing missing' },
  { from: 'archived', command: 'SaveProduct', events: 'ProductSaved', to: 'archived' },
  {
    from: ['draft', 'archived'],
    command: 'PublishProduct',
    events: 'ProductPublished',
    to: 'active',
    guard: 'nothing missing',
  },
  { from: 'active', command: 'PublishProduct', events: [], to: 'active' },
  { from: ['draft', 'active'], command: 'ArchiveProduct', events: 'ProductArchived', to: 'archived' },
  { from: 'archived', command: 'ArchiveProduct', events: [], to: 'archived' },
]

const absentProduct: ProductLifecycle = { status: 'absent' }

const decide = (state: ProductLifecycle, command: ProductCommand): Result<readonly ProductEvent[], ProductError> => {
  const { productId } = command
  return match(command)
    .returnType<Result<readonly ProductEvent[], ProductError>>()
    .with({ type: 'SaveProduct' }, ({ missing }) =>
      state.status === 'active' && missing.length > 0
        ? err({ type: 'ProductIncomplete', productId, missing })
        : ok([{ type: 'ProductSaved', productId }]),
    )
    .with({ type: 'PublishProduct' }, ({ missing }) => {
      if (state.status === 'absent') return err({ type: 'NotFound', entity: 'product', id: productId })
      if (state.status === 'active') return ok([])
      return missing.length > 0
        ? err({ type: 'ProductIncomplete', productId, missing })
        : ok([{ type: 'ProductPublished', productId }])
    })
    .with({ type: 'ArchiveProduct' }, () => {
      if (state.status === 'absent') return err({ type: 'NotFound', entity: 'product', id: productId })
      return ok(state.status === 'archived' ? [] : [{ type: 'ProductArchived', productId }])
    })
    .exhaustive()
}

const evolve = (state: ProductLifecycle, event: ProductEvent): ProductLifecycle => {
  switch (event.type) {
    case 'ProductSaved':
      return { status: state.status === 'absent' ? 'draft' : state.status }
    case 'ProductPublished':
      return { status: 'active' }
    case 'ProductArchived':
      return { status: 'archived' }
  }
}

/** The lifecycle of a product: which status it may take next. Its content is a document beside it. */
export const productMachine: Decider<ProductLifecycle, ProductCommand, ProductEvent, ProductError> = {
  initial: absentProduct,
  decide,
  evolve,
}
