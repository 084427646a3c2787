/** How sure: 95 of 100 such intervals hold the true share. */
const z = 1.96

/**
 * The Wilson lower bound of a share: what it is at least, by what was seen of it. One of one is less than 980 of 1,000.
 *
 * @param positive - at most `all`
 * @returns basis points, rounded down; 0 where nothing was seen
 * @source E. B. Wilson, Probable inference, JASA 22 (1927)
 */
export const wilsonBasisPoints = (positive: number, all: number): number => {
  if (all <= 0) return 0
  const share = positive / all
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * all)) / all)
  const bound = (share + (z * z) / (2 * all) - spread) / (1 + (z * z) / all)
  return Math.max(0, Math.floor(bound * 10_000))
}
