/** Names under numbers that count up from nought; a number is never given anew. */
export type Names = {
  readonly list: readonly string[]
  /** The number of a name, given to it now if it has none. */
  readonly idOf: (name: string) => number
  readonly find: (name: string) => number | undefined
}

/** Numbers names; `given` are the first. */
export const createNames = (given: readonly string[] = []): Names => {
  const list = [...given]
  const ids = new Map(list.map((name, id) => [name, id]))
  return {
    list,
    idOf: (name) => {
      const known = ids.get(name)
      if (known !== undefined) return known
      const id = list.length
      list.push(name)
      ids.set(name, id)
      return id
    },
    find: (name) => ids.get(name),
  }
}
