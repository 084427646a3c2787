import { largestLimit } from '../promotions/limits.js'
import type { CounterFamily } from '../shared/collection.js'

/**
 * How many of each reward were bought, below 0: in all (`rewardId`) and by a member (`rewardId@accountId`). The limit is
 * the floor, as with coupons, so that one holds as it is published last.
 */
export const rewardStock: CounterFamily = { name: 'rewardStock', rank: 8, minimum: -largestLimit }

/** The id of a member's own counter beside the one of all. */
export const memberRewardId = (rewardId: string, accountId: string): string => `${rewardId}@${accountId}`
