import type { CounterFamily } from '../shared/collection.js'

/** How many of each reward are left, in all (`rewardId`) and for a member (`rewardId@accountId`). */
export const rewardStock: CounterFamily = { name: 'rewardStock', rank: 8, minimum: 0 }

/** The id of a member's own counter beside the one of all. */
export const memberRewardId = (rewardId: string, accountId: string): string => `${rewardId}@${accountId}`
