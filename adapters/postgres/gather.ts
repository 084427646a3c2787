/** How what comes at the same time goes together. */
export type GroupOptions = {
  /** How many groups of a kind are under way at once, each on a connection of its own; 2 unless told. */
  readonly atOnce?: number
  /** The most of one group; 64 unless told. */
  readonly most?: number
}

/** Who goes next of those who wait, and who waits on. */
export type Pick<Item> = (
  waiting: readonly Item[],
  most: number,
) => { readonly group: readonly Item[]; readonly rest: readonly Item[] }

// A further group sets out while others are under way only when it is worth a connection of its own.
const worthwhile = 8

/** The first of those who wait. */
export const pickFirst = <Item>(waiting: readonly Item[], most: number): ReturnType<Pick<Item>> => ({
  group: waiting.slice(0, most),
  rest: waiting.slice(most),
})

/**
 * Gathers those who wait for each other into groups. None waits for company: who comes while nothing is under way goes
 * at once, and those who come meanwhile are the next group. `go` never rejects.
 */
export const gather = <Item>(
  options: GroupOptions,
  pick: Pick<Item>,
  go: (group: readonly Item[]) => Promise<void>,
): ((item: Item) => void) => {
  // With none at once, or none of a group, everybody would wait for ever.
  const atOnce = Math.max(1, options.atOnce ?? 2)
  const most = Math.max(1, options.most ?? 64)
  let waiting: Item[] = []
  let underWay = 0

  const setOut = async (): Promise<void> => {
    if (underWay >= atOnce || waiting.length < (underWay === 0 ? 1 : worthwhile)) return
    const { group, rest } = pick(waiting, most)
    waiting = [...rest]
    underWay += 1
    await go(group)
    underWay -= 1
    void setOut()
  }

  return (item) => {
    waiting.push(item)
    void setOut()
  }
}
