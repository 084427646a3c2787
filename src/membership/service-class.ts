import type { Instant } from '../shared/instant.js'
import type { BuyerRead } from './buyer.js'
import { guideMembership } from './guide-membership.js'
import type { ServiceClass } from './level.js'
import { levelIdAt } from './member.js'

/** Every class of service, the one that is served first first. */
export const serviceClasses = ['personal', 'priority', 'standard'] as const satisfies readonly ServiceClass[]

/** How a buyer is to be served now: as their level says; in turn without one. */
export const serviceOf = (read: Pick<BuyerRead, 'member' | 'membership'>, now: Instant): ServiceClass => {
  const levelId = levelIdAt(read.member?.state, now)
  const { ladder } = (read.membership?.state ?? guideMembership).levels
  return ladder.find((level) => level.levelId === levelId)?.service ?? 'standard'
}
