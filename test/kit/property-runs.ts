/**
 * How often a costly property is tried: as often as is said, and as all others where `FC_NUM_RUNS` asks for more.
 */
export const runsOf = (normal: number): number => Math.max(normal, Number(process.env.FC_NUM_RUNS ?? 0))
