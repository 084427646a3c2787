import { Decimal } from 'decimal.js'
import { compareCodePoints } from '../../shared/json.js'
import type { Category } from '../category.js'
import { depthsOf } from '../category-lineage.js'
import type { AttributeValue } from '../product.js'
import { comparable } from '../product-facets.js'
import type { AttributeDefinition } from './attribute-definition.js'
import { measureIn, readMeasure, readMeasureRange } from './measure.js'

/** Attributes as they are stored: of their kinds, amounts with their unit. */
export type ReadAttributes = {
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Names of those that are not of their kind, sorted; they stand as they were stated. */
  readonly wrong: readonly string[]
}

/**
 * Reads what a product states by the definitions of its categories. What no category defines stays as it is.
 *
 * @param definitions - of a name that stands twice the first holds
 */
export const readAttributes = (
  attributes: Readonly<Record<string, AttributeValue>>,
  definitions: readonly AttributeDefinition[],
): ReadAttributes => {
  const wrong: string[] = []
  const read = Object.entries(attributes).map(([name, stated]): readonly [string, AttributeValue] => {
    const definition = definitions.find((each) => each.name === name)
    if (definition === undefined || stated === '') return [name, stated]
    const value = readValue(definition, stated)
    if (value === undefined) wrong.push(name)
    return [name, value ?? stated]
  })
  return { attributes: Object.fromEntries(read), wrong: wrong.sort(compareCodePoints) }
}

/** The definitions that hold for products of some categories: of a name that stands twice, those nearest to the product. */
export const definitionsOf = (
  branch: readonly Pick<Category, 'categoryId' | 'parentId' | 'attributes'>[],
): readonly AttributeDefinition[] => {
  const held = new Map<string, AttributeDefinition>()
  const depths = depthsOf(branch)
  const depthOf = ({ categoryId }: Pick<Category, 'categoryId'>): number => depths.get(categoryId) ?? 0
  const nearestFirst = [...branch].sort((a, b) => depthOf(b) - depthOf(a))
  for (const { attributes = [] } of nearestFirst) {
    for (const definition of attributes) if (!held.has(definition.name)) held.set(definition.name, definition)
  }
  return [...held.values()]
}

const readValue = (definition: AttributeDefinition, stated: AttributeValue): AttributeValue | undefined => {
  switch (definition.kind) {
    case 'text':
      return typeof stated === 'string' ? stated.trim() : undefined
    case 'boolean':
      return typeof stated === 'boolean' ? stated : yesOrNo.get(comparable(stated))
    case 'enum':
      return definition.values.find(
        ({ value, title }) =>
          comparable(value) === comparable(stated) ||
          Object.values(title).some((each) => each !== '' && comparable(each) === comparable(stated)),
      )?.value
    case 'number':
      return readNumber(definition, stated)
    case 'range':
      return typeof stated === 'string' ? readRange(definition, stated) : undefined
    case 'date':
      return typeof stated === 'string' && isDay(stated.trim()) ? stated.trim() : undefined
  }
}

const readNumber = (
  { unit, min, max }: Extract<AttributeDefinition, { kind: 'number' }>,
  stated: AttributeValue,
): AttributeValue | undefined => {
  if (typeof stated === 'boolean' || (typeof stated === 'number' && !Number.isFinite(stated))) return undefined
  const base = measureIn(1, unit ?? '')
  const read = typeof stated === 'number' ? measureIn(stated, '') : readMeasure(stated)
  if (read === undefined) return undefined
  // A bare number is one of the unit.
  const measure = read.unit === '' && unit !== null ? measureIn(read.amount, unit) : read
  if (measure.unit !== base.unit) return undefined
  const inUnit = new Decimal(measure.amount).dividedBy(base.amount)
  if ((min !== undefined && inUnit.lessThan(min)) || (max !== undefined && inUnit.greaterThan(max))) return undefined
  if (unit === null) return Number(measure.amount)
  const kept = typeof stated === 'string' && read.unit !== '' ? stated.trim() : `${read.amount} ${unit}`
  // An amount too long to be read again is none.
  return readMeasure(kept) === undefined ? undefined : kept
}

const readRange = (
  { unit }: Extract<AttributeDefinition, { kind: 'range' }>,
  stated: string,
): AttributeValue | undefined => {
  const read = readMeasureRange(stated)
  if (read === undefined) return undefined
  if (read.unit === '' && unit !== null) return `${read.from}-${read.to} ${unit}`
  return read.unit === measureIn(1, unit ?? '').unit ? stated.trim() : undefined
}

const yesOrNo: ReadonlyMap<string, boolean> = /* @__PURE__ */ new Map([
  ['yes', true],
  ['true', true],
  ['是', true],
  ['有', true],
  ['no', false],
  ['false', false],
  ['否', false],
  ['无', false],
])

const isDay = (text: string): boolean => {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (year === undefined) return false
  const [m, d] = [Number(month), Number(day)]
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1] ?? 0
  return d >= 1 && d <= days
}
