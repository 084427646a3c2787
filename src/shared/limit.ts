/**
 * A limit as every storage takes it: whole, and none at all for what is no number or less than one.
 */
export const wholeLimit = (limit: number): number =>
  Number.isNaN(limit) ? 0 : Math.min(Math.max(0, Math.trunc(limit)), Number.MAX_SAFE_INTEGER)
