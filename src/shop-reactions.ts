import { judgeSignIn } from './accounts/anomaly/judge-sign-in.js'
import type { AccountsPorts } from './accounts/ports.js'
import { eraseRecords } from './accounts/privacy/erase-records.js'
import { forgetRealName } from './accounts/real-name/forget-real-name.js'
import { forgetHistory } from './catalog/history/forget-history.js'
import { forgetAuthor } from './catalog/reviews/forget-author.js'
import { countMembers } from './membership/count-members.js'
import { endMembership } from './membership/end-membership.js'
import { giveBenefits } from './membership/give-benefits.js'
import { rewardReview } from './membership/reward-review.js'
import { tellBill } from './orders/books/tell-bill.js'
import { followWord } from './orders/disputes/follow-word.js'
import { tellWatchers } from './orders/disputes/tell-watchers.js'
import { inviteReview } from './orders/notices/invite-review.js'
import { orderReactions } from './orders/notices/notify-buyer.js'
import { countCoupons } from './orders/tallies/count-coupons.js'
import { countForLevel } from './orders/tallies/count-for-level.js'
import { countPurchases } from './orders/tallies/count-purchase.js'
import { campaignReactions } from './orders/tallies/count-sales.js'
import { countSold } from './orders/tallies/count-sold.js'
import { countTogether } from './orders/tallies/count-together.js'
import { closeCoupons } from './promotions/close-coupons.js'
import { giveCoupons } from './promotions/give-coupons.js'
import type { Reaction } from './shared/reaction.js'

/** What happens in a shop because something happened, in a commit of its own. */
export const shopReactions: readonly Reaction<AccountsPorts>[] = [
  giveCoupons,
  giveBenefits,
  closeCoupons,
  countCoupons,
  ...campaignReactions,
  ...orderReactions,
  tellBill,
  tellWatchers,
  followWord,
  countSold,
  countTogether,
  forgetHistory,
  forgetRealName,
  inviteReview,
  forgetAuthor,
  rewardReview,
  countForLevel,
  countMembers,
  countPurchases,
  endMembership,
  eraseRecords,
  judgeSignIn,
]
