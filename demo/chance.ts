/** Chance that comes out the same for the same seed: enough for a story, and never for a secret that matters. */
export type Chance = {
  /** Text of so many characters of an alphabet. */
  readonly text: (alphabet: string, length: number) => string
  readonly shuffle: <Item>(items: readonly Item[]) => readonly Item[]
}

/** Starts a chance at a seed; mulberry32. */
export const createChance = (seed: number): Chance => {
  let state = seed >>> 0
  const draw = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
  return {
    text: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(draw(alphabet.length))).join(''),
    shuffle: (items) =>
      items
        .map((item) => ({ item, place: draw(4_294_967_296) }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item),
  }
}
