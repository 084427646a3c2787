/** A function that does its work at the first call and answers the same from then on. */
export const once = <Value>(work: () => Value): (() => Value) => {
  let kept: { readonly value: Value } | undefined
  return () => {
    kept ??= { value: work() }
    return kept.value
  }
}
