import { addressesOf, defaultAccountsPolicy } from './accounts/accounts-policy.js'
import { bindAccounts } from './accounts/bind-accounts.js'
import { commonPasswordFilter } from './accounts/frequent-passwords.js'
import { filteredBreaches } from './accounts/password-filter.js'
import { mainlandPhones } from './accounts/phone-number.js'
import { createRecipientBook } from './accounts/recipients.js'
import { listReturns } from './aftersales/list-returns.js'
import { previewReturn } from './aftersales/preview-return.js'
import { receiveReturn } from './aftersales/receive-return.js'
import { refundReturn } from './aftersales/refund-return.js'
import { requestReturn } from './aftersales/request-return.js'
import { returnPage } from './aftersales/return-page.js'
import { approveReturn, cancelReturn, refuseReturn } from './aftersales/review-return.js'
import { addLine } from './cart/add-line.js'
import { attachCoupon } from './cart/attach-coupon.js'
import { defaultCartPolicy } from './cart/cart.js'
import { clearCart } from './cart/clear-cart.js'
import { detachCoupon } from './cart/detach-coupon.js'
import { dropInvalidLines } from './cart/drop-invalid-lines.js'
import { mergeGuestCart } from './cart/merge-guest-cart.js'
import { priceMyCart } from './cart/price-my-cart.js'
import { removeLine } from './cart/remove-line.js'
import { saveForLater } from './cart/save-for-later.js'
import { selectLines } from './cart/select-lines.js'
import { setQuantity } from './cart/set-quantity.js'
import { takeBackLine } from './cart/take-back-line.js'
import { viewCart } from './cart/view-cart.js'
import { archiveProduct } from './catalog/archive-product.js'
import { clearHistory } from './catalog/history/clear-history.js'
import { mergeHistory } from './catalog/history/merge-history.js'
import { myHistory } from './catalog/history/my-history.js'
import { pauseHistory } from './catalog/history/pause-history.js'
import { recordHistory } from './catalog/history/record-history.js'
import { importProducts } from './catalog/import/import-products.js'
import { listCategories } from './catalog/list-categories.js'
import { listGoods } from './catalog/list-goods.js'
import { listProducts } from './catalog/list-products.js'
import { publishProduct } from './catalog/publish-product.js'
import { editReview } from './catalog/reviews/edit-review.js'
import { listReviews } from './catalog/reviews/list-reviews.js'
import { hideReview, showReview } from './catalog/reviews/moderate-review.js'
import { productReviews } from './catalog/reviews/product-reviews.js'
import { replyToReview } from './catalog/reviews/reply-to-review.js'
import { voteOnReview } from './catalog/reviews/vote-on-review.js'
import { withdrawReview } from './catalog/reviews/withdraw-review.js'
import { saveCategory } from './catalog/save-category.js'
import { saveProduct } from './catalog/save-product.js'
import type { CatalogShelf } from './catalog/search/catalog-shelf.js'
import { searchProducts } from './catalog/search/search-products.js'
import { suggest } from './catalog/search/suggest/suggest.js'
import { listSections } from './catalog/sections/list-sections.js'
import { publishSections } from './catalog/sections/publish-sections.js'
import { sectionPage } from './catalog/sections/section-page.js'
import { showProduct } from './catalog/show-product.js'
import { decideQuarantine } from './inventory/decide-quarantine.js'
import { listMovements } from './inventory/list-movements.js'
import { receiveStock } from './inventory/receive-stock.js'
import { defaultWarehouse, stockCounters } from './inventory/stock.js'
import { stockLevels } from './inventory/stock-levels.js'
import { stockOf } from './inventory/stock-of.js'
import { askMemberLevel } from './membership/ask-member-level.js'
import { checkIn } from './membership/check-in.js'
import { claimBenefit } from './membership/claim-benefit.js'
import { grantPoints } from './membership/grant-points.js'
import { joinMembership } from './membership/join-membership.js'
import { leaveMembership } from './membership/leave-membership.js'
import { memberResults } from './membership/member-results.js'
import { pointsPage } from './membership/points-page.js'
import { publishMembership } from './membership/publish-membership.js'
import { recordActivity } from './membership/record-activity.js'
import { redeemReward } from './membership/redeem-reward.js'
import { showTerms } from './membership/show-terms.js'
import { tellBirthday } from './membership/tell-birthday.js'
import { myMessages } from './notify/my-messages.js'
import { bindOrders } from './orders/bind-orders.js'
import { withOrderContacts } from './orders/notices/contact-seal.js'
import { listPayments } from './orders/pages/list-payments.js'
import { captureAndShip, shipOrder } from './orders/parcels/ship-order.js'
import { askPointsRules } from './orders/placing/points-rules.js'
import { writeReview } from './orders/write-review.js'
import { bindPayments } from './payments/bind-payments.js'
import { goodsPromotions } from './pricing/holding-promotions.js'
import { listShippingMethods } from './pricing/list-shipping-methods.js'
import { publishShippingBook, publishTaxBook } from './pricing/publish-books.js'
import { publishPriceLists } from './pricing/publish-price-lists.js'
import { createQuoteShelf } from './pricing/quote-shelf.js'
import { showPriceLists, showShippingBook, showTaxBook } from './pricing/show-books.js'
import { showIn } from './pricing/show-in.js'
import { campaignResults } from './promotions/campaign-results.js'
import { claimCoupon } from './promotions/claim-coupon.js'
import { grantCoupon } from './promotions/grant-coupon.js'
import { issueCoupons } from './promotions/issue-coupons.js'
import { listCoupons } from './promotions/list-coupons.js'
import { publishOffers } from './promotions/publish-offers.js'
import { revokeCoupon } from './promotions/revoke-coupon.js'
import { revokeCoupons } from './promotions/revoke-coupons.js'
import { showOffers } from './promotions/show-offers.js'
import { createTableAuthorizer } from './shared/actor.js'
import { createBookShelf } from './shared/books.js'
import { createIds } from './shared/ids.js'
import { createListeners } from './shared/listeners.js'
import type { Reaction } from './shared/reaction.js'
import { withRoles } from './shared/roles.js'
import { withStepUp } from './shared/step-up.js'
import { createTurns } from './shared/turns.js'
import { shopAccess } from './shop-access.js'
import type { HostReaction, ListenToShop, ShopEvent } from './shop-events.js'
import { shopPersonalRecords } from './shop-personal-records.js'
import type { ShopPorts } from './shop-ports.js'
import { shopReactions } from './shop-reactions.js'
import { bindUpkeep } from './shop-upkeep.js'
import { boughtTogether } from './storefront/bought-together.js'
import { cardPrices } from './storefront/card-prices.js'
import { compareProducts } from './storefront/compare-products.js'
import { forYou } from './storefront/for-you.js'
import { listCards } from './storefront/list-cards.js'
import { memberCentre } from './storefront/member-centre.js'
import { orderWithReturns } from './storefront/order-with-returns.js'
import { productPage } from './storefront/product-page.js'
import { searchCards } from './storefront/search-cards.js'
import { sectionCards } from './storefront/section-cards.js'
import { similarProducts } from './storefront/similar-products.js'
import { viewedAlso } from './storefront/viewed-also.js'

// The relay hands a reaction the events that it names, and no other.
const asReaction = (given: HostReaction): Reaction => ({
  name: given.name,
  listensTo: given.listensTo,
  react: (ports, event) => given.react(ports, event as ShopEvent),
})

/** A shop: every command and question of the modules, bound to the world it was created with. */
export type Shop = ReturnType<typeof bindShop>

/**
 * Binds the workflows of every module to a shop's ports.
 *
 * @param mode - how often a command is tried, whether this process is told of what happens, and the index of its searches
 */
export const bindShop = (
  given: ShopPorts,
  mode: { readonly attempts: number; readonly tells: boolean; readonly shelf: CatalogShelf },
) => {
  const listeners = createListeners()
  const warehouses = given.warehouses ?? [defaultWarehouse]
  const accountsPolicy = given.accountsPolicy ?? defaultAccountsPolicy
  const table = given.authorizer ?? createTableAuthorizer(shopAccess)
  const authorizer = given.roles === undefined ? table : withRoles(table, given.roles)
  const accountsPorts = {
    shop: given.shop ?? 'main',
    storage: given.storage,
    clock: given.clock,
    ids: given.ids ?? createIds(given.clock),
    authorizer: withStepUp(authorizer, accountsPolicy.stepUp, given.clock),
    digests: given.digests,
    ...(given.roles === undefined ? {} : { roles: given.roles }),
    books: createBookShelf(),
    turns: createTurns(),
    emit: mode.tells ? listeners.tell : () => {},
    attempts: mode.attempts,
    sealer: given.sealer,
    hasher: given.hasher,
    breachedPasswords: given.breachedPasswords ?? filteredBreaches(commonPasswordFilter),
    phones: given.phones ?? mainlandPhones,
    identityProviders: given.identityProviders ?? {},
    ...(given.installations === undefined ? {} : { installations: given.installations }),
    ...(given.realNames === undefined ? {} : { realNames: given.realNames }),
    ...(given.passkeys === undefined ? {} : { passkeys: given.passkeys }),
    ...(given.countries === undefined ? {} : { countries: given.countries }),
    personalRecords: [...shopPersonalRecords, ...(given.personalRecords ?? [])],
    accountsPolicy,
  }
  const ports = {
    ...accountsPorts,
    notifier: given.notifier,
    marketingNotice: accountsPolicy.consents.marketing?.noticeVersion ?? null,
    recipients: withOrderContacts(accountsPorts, createRecipientBook(accountsPorts, given.contacts)),
    gateways: given.gateways,
    paymentProof: accountsPolicy.stepUp.payment,
    shelf: mode.shelf,
    stock: { family: stockCounters, warehouses },
    promotions: goodsPromotions(accountsPorts),
    warehouses,
    cartPolicy: given.cartPolicy ?? defaultCartPolicy,
    ...(given.search === undefined ? {} : { search: given.search }),
    ...(given.catalogIndex === undefined ? {} : { catalogIndex: given.catalogIndex }),
    ...(given.carriageRates === undefined ? {} : { carriageRates: given.carriageRates }),
    ...(given.taxRates === undefined ? {} : { taxRates: given.taxRates }),
    ...(given.shownCurrencies === undefined ? {} : { shownCurrencies: given.shownCurrencies }),
    ...(given.soldCurrencies === undefined ? {} : { soldCurrencies: given.soldCurrencies }),
    ...(given.workCalendar === undefined ? {} : { workCalendar: given.workCalendar }),
    ...(given.payouts === undefined ? {} : { payouts: given.payouts }),
    exchangeQuotes: createQuoteShelf(),
    askPointsRules,
    askMemberLevel,
  }
  const bindIn =
    (worldOf: () => typeof ports) =>
    <Rest extends readonly unknown[], Answer>(workflow: (world: typeof ports, ...rest: Rest) => Answer) =>
    (...rest: Rest): Answer => {
      // A caller without types may say nothing at all: that is an actor who does not say who it is, or no options.
      const [first = {}, ...others] = rest
      return Reflect.apply(workflow, undefined, [worldOf(), first ?? {}, ...others])
    }
  const bind = bindIn(() => {
    const { forOneCommand } = ports.sealer
    return forOneCommand === undefined ? ports : { ...ports, sealer: forOneCommand() }
  })
  // What runs long asks each time, so that a key which is destroyed meanwhile is gone at once.
  const bindLong = bindIn(() => ports)
  // Within a transaction of the host no gateway is asked: what is only held has to be taken before.
  const ship: typeof captureAndShip = mode.tells ? captureAndShip : shipOrder
  const reactions: readonly Reaction<typeof ports>[] = [...shopReactions, ...(given.reactions ?? []).map(asReaction)]

  return {
    notify: { myMessages: bind(myMessages) },
    accounts: bindAccounts(bind),
    catalog: {
      saveProduct: bind(saveProduct),
      publishProduct: bind(publishProduct),
      archiveProduct: bind(archiveProduct),
      product: bind(showProduct),
      goods: bind(listGoods),
      saveCategory: bind(saveCategory),
      importProducts: bind(importProducts),
      listCategories: bind(listCategories),
      listProducts: bind(listProducts),
      searchProducts: bind(searchProducts),
      suggest: bind(suggest),
      publishSections: bind(publishSections),
      listSections: bind(listSections),
      section: bind(sectionPage),
    },
    history: {
      record: bind(recordHistory),
      merge: bind(mergeHistory),
      mine: bind(myHistory),
      pause: bind(pauseHistory),
      clear: bind(clearHistory),
    },
    reviews: {
      write: bind(writeReview),
      edit: bind(editReview),
      withdraw: bind(withdrawReview),
      ofProduct: bind(productReviews),
      list: bind(listReviews),
      vote: bind(voteOnReview),
      reply: bind(replyToReview),
      hide: bind(hideReview),
      show: bind(showReview),
    },
    inventory: {
      receive: bind(receiveStock),
      stockOf: bind(stockOf),
      levels: bind(stockLevels),
      movements: bind(listMovements),
      decideQuarantine: bind(decideQuarantine),
    },
    promotions: {
      offers: bind(showOffers),
      publishOffers: bind(publishOffers),
      issueCoupons: bind(issueCoupons),
      grantCoupon: bind(grantCoupon),
      claimCoupon: bind(claimCoupon),
      listCoupons: bind(listCoupons),
      revokeCoupon: bind(revokeCoupon),
      revokeCoupons: bind(revokeCoupons),
      campaignResults: bind(campaignResults),
    },
    membership: {
      publish: bind(publishMembership),
      showTerms: bind(showTerms),
      join: bind(joinMembership),
      leave: bind(leaveMembership),
      tellBirthday: bind(tellBirthday),
      checkIn: bind(checkIn),
      recordActivity: bind(recordActivity),
      claimBenefit: bind(claimBenefit),
      results: bind(memberResults),
      redeemReward: bind(redeemReward),
      pointsPage: bind(pointsPage),
      grantPoints: bind(grantPoints),
    },
    pricing: {
      shippingMethods: bind(listShippingMethods),
      priceLists: bind(showPriceLists),
      shippingBook: bind(showShippingBook),
      taxBook: bind(showTaxBook),
      publishPriceLists: bind(publishPriceLists),
      publishShippingBook: bind(publishShippingBook),
      publishTaxBook: bind(publishTaxBook),
      showIn: bind(showIn),
    },
    cart: {
      addLine: bind(addLine),
      setQuantity: bind(setQuantity),
      removeLine: bind(removeLine),
      selectLines: bind(selectLines),
      saveForLater: bind(saveForLater),
      takeBackLine: bind(takeBackLine),
      clearCart: bind(clearCart),
      dropInvalidLines: bind(dropInvalidLines),
      viewCart: bind(viewCart),
      attachCoupon: bind(attachCoupon),
      detachCoupon: bind(detachCoupon),
      mergeGuestCart: bind(mergeGuestCart),
      priceMyCart: bind(priceMyCart),
    },
    payments: { ...bindPayments(bind), list: bind(listPayments) },
    orders: bindOrders(bind, ship),
    aftersales: {
      previewReturn: bind(previewReturn),
      requestReturn: bind(requestReturn),
      cancelReturn: bind(cancelReturn),
      returnPage: bind(returnPage),
      list: bind(listReturns),
      approveReturn: bind(approveReturn),
      refuseReturn: bind(refuseReturn),
      receiveReturn: bind(receiveReturn),
      refundReturn: bind(refundReturn),
    },
    storefront: {
      productPage: bind(productPage),
      cardPrices: bind(cardPrices),
      compare: bind(compareProducts),
      boughtTogether: bind(boughtTogether),
      viewedAlso: bind(viewedAlso),
      similar: bind(similarProducts),
      forYou: bind(forYou),
      listCards: bind(listCards),
      searchCards: bind(searchCards),
      sectionCards: bind(sectionCards),
      orderWithReturns: bind(orderWithReturns),
      memberCentre: bind(memberCentre),
    },
    upkeep: bindUpkeep(bindLong, ports, reactions, addressesOf(accountsPolicy)),
    /** Listens in this process, best effort; `*` hears everything. */
    on: listeners.on as ListenToShop,
    /** The runtime the shop's workflows stand on, for a host's own workflows and reactions. */
    ports,
  }
}
