import type { LocalText } from '../local-text.js'
import type { AttributeValue, Product } from '../product.js'
import { comparable } from '../product-facets.js'
import type { AttributeDefinition } from './attribute-definition.js'

/** What a product states under a name, as it is shown. */
export type DescribedAttribute = {
  readonly name: string
  /** What the name is called; null where no category defines it. */
  readonly title: LocalText | null
  readonly value: AttributeValue
  /** What a value of a closed list is called; null for every other. */
  readonly valueTitle: LocalText | null
}

/** Says what a product states: first what its categories define, in their order, then the rest by name. */
export const describeAttributes = (
  { attributes }: Pick<Product, 'attributes'>,
  definitions: readonly AttributeDefinition[],
): readonly DescribedAttribute[] => {
  const defined = definitions.flatMap((definition): readonly DescribedAttribute[] => {
    const { name, title } = definition
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    if (value === undefined || value === '') return []
    return [{ name, title, value, valueTitle: valueTitleOf(definition, value) }]
  })
  const known = new Set(defined.map(({ name }) => name))
  const rest = Object.entries(attributes)
    .filter(([name, value]) => !known.has(name) && value !== '')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]): DescribedAttribute => ({ name, title: null, value, valueTitle: null }))
  return [...defined, ...rest]
}

const valueTitleOf = (definition: AttributeDefinition, value: AttributeValue): LocalText | null =>
  definition.kind === 'enum'
    ? (definition.values.find((each) => comparable(each.value) === comparable(value))?.title ?? null)
    : null
