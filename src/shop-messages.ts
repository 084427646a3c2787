import { accountsMessages } from './accounts/messages.js'
import { aftersalesMessages } from './aftersales/messages.js'
import { cartMessages } from './cart/messages.js'
import { catalogMessages } from './catalog/messages.js'
import { reviewMessages } from './catalog/reviews/messages.js'
import { inventoryMessages } from './inventory/messages.js'
import { membershipMessages } from './membership/messages.js'
import { notifyMessages } from './notify/messages.js'
import { orderMessages } from './orders/messages.js'
import { paymentMessages } from './payments/messages.js'
import { pricingMessages } from './pricing/messages.js'
import { promotionsMessages } from './promotions/messages.js'
import { fillMessage, type Locale } from './shared/messages.js'
import { sharedMessages } from './shared/shared-messages.js'

/** What is said of every refusal of every module, by its tag. */
export const shopMessages = {
  ...sharedMessages,
  ...notifyMessages,
  ...accountsMessages,
  ...catalogMessages,
  ...reviewMessages,
  ...inventoryMessages,
  ...promotionsMessages,
  ...membershipMessages,
  ...pricingMessages,
  ...cartMessages,
  ...paymentMessages,
  ...orderMessages,
  ...aftersalesMessages,
}

/** The tag of any refusal that the shop can answer with. */
export type ErrorTag = keyof typeof shopMessages

/**
 * Says what a refusal means, in a sentence that can be shown to whoever asked.
 *
 * @param error - any error of the shop; its facts are filled into the text
 */
export const describeError = (error: { readonly type: ErrorTag }, locale: Locale): string =>
  fillMessage(shopMessages[error.type], locale, error)
