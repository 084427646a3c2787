/** Numbers that are collected one by one. */
export type Growing = { readonly push: (value: number) => void; readonly finish: () => Uint32Array }

/** Starts to collect. */
export const createGrowing = (): Growing => {
  let held = new Uint32Array(1_024)
  let length = 0
  return {
    push: (value) => {
      if (length === held.length) {
        const larger = new Uint32Array(length * 2)
        larger.set(held)
        held = larger
      }
      held[length] = value
      length += 1
    },
    finish: () => held.slice(0, length),
  }
}
