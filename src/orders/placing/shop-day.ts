import type { Instant } from '../../shared/instant.js'
import { type LocalDay, localDayOf } from '../../shared/local-day.js'
import type { Stored } from '../../shared/read-plan.js'
import { defaultShopPolicy, type ShopPolicy } from '../policy/shop-policy.js'

/** The day that a moment belongs to, as the shop counts days. */
export const shopDay = (policy: Stored<ShopPolicy> | undefined, at: Instant): LocalDay =>
  localDayOf(at, (policy?.state ?? defaultShopPolicy).timeZone)
