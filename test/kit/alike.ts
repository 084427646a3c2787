type Alike = (state: object) => unknown

/**
 * Tells states apart by what they hold but for counters that only grow, and by the order of their moments instead of the
 * moments themselves: so a machine that may be asked again for ever has a model that comes to its end. Sound where the
 * machine only compares moments.
 *
 * @param model - the commands of the model, whose moments keep their places
 * @param counters - members that decide nothing but when to ask again
 */
export const alikeInOrder = (model: object, counters: readonly string[]): Alike => {
  const given = momentsIn(model)
  return (state) => {
    const told = Object.fromEntries(Object.entries(state).filter(([name]) => !counters.includes(name)))
    const order = [...new Set([...given, ...momentsIn(told)])].sort((left, right) => left - right)
    return placed(told, new Map(order.map((moment, place) => [moment, place])))
  }
}

// Amounts of the models are far below any moment since 1980.
const isMoment = (value: unknown): value is number => typeof value === 'number' && value > 3e11

const momentsIn = (value: unknown): readonly number[] => {
  if (isMoment(value)) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(momentsIn) : []
}

const placed = (value: unknown, places: ReadonlyMap<number, number>): unknown => {
  if (isMoment(value)) return { place: places.get(value) }
  if (Array.isArray(value)) return value.map((each) => placed(each, places))
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, placed(member, places)]))
    : value
}
