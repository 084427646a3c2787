import type { ActorVerb } from './open-shop.js'
import {
  content,
  type IdName,
  offers,
  password,
  priceList,
  programme,
  recipient,
  shippingBook,
  taxBook,
  text,
} from './world.js'

/** Gives an id of the owner, or one that does not exist. */
type IdOf = (name: IdName) => string

/** How a verb is reached, and what it is asked. */
export type Case = {
  /**
   * What the verb is about:
   * - `row`: a row named by its id; a stranger's answer must not tell whether it is there
   * - `own`: whatever the actor has; a stranger's answer must hold nothing of the owner's
   * - `public`: facts that everybody is told alike
   * - `shop`: the work of staff, of which no stranger is granted anything
   */
  readonly about: 'row' | 'own' | 'public' | 'shop'
  /** Input of the verb's shape. */
  readonly input: (id: IdOf) => unknown
  /** Which of the owner's own actors reaches the row; staff where it is not the owner. */
  readonly reachedBy?: 'owner' | 'staff'
  /** The answer is the same whether the row is there or not, for the owner too: it is in nobody's hands, or names none. */
  readonly tellsNobody?: true
  /** How a row that is absent, or not the asker's, is refused, or `ok` where nothing is found; `NotFound` when not said. */
  readonly absentIs?: string
}

const row = (input: Case['input'], absentIs?: string): Case => ({
  about: 'row',
  input,
  reachedBy: 'owner',
  ...(absentIs === undefined ? {} : { absentIs }),
})
const staffRow = (input: Case['input'], absentIs?: string): Case => ({
  about: 'row',
  input,
  reachedBy: 'staff',
  ...(absentIs === undefined ? {} : { absentIs }),
})
const doorRow = (input: Case['input']): Case => ({ about: 'row', input, tellsNobody: true })
const own = (input: Case['input'] = () => ({})): Case => ({ about: 'own', input })
const shown = (input: Case['input']): Case => ({ about: 'public', input })
const shopWork = (input: Case['input']): Case => ({ about: 'shop', input })

const name = 'Somebody'

/** One for every verb that names its actor; a verb without one does not compile, and fails by its name. */
export const cases: Readonly<Record<ActorVerb, Case>> = {
  'accounts.register': doorRow((id) => ({ email: id('email'), password, name, locale: 'en' })),
  'accounts.activate': doorRow((id) => ({ challengeId: id('challengeId'), code: '123456' })),
  'accounts.resendCode': doorRow((id) => ({ challengeId: id('challengeId') })),
  'accounts.correctContact': doorRow((id) => ({ challengeId: id('challengeId'), email: id('email') })),
  // Whoever holds the unguessable id of a sign-up is told where it stands.
  'accounts.signUpProgress': shown((id) => ({ challengeId: id('challengeId') })),
  'accounts.openSignUp': shown(() => ({})),
  'accounts.survey': own((id) => ({ challengeId: id('challengeId') })),
  'accounts.answerSurvey': doorRow((id) => ({
    stage: 'periodic',
    challengeId: id('challengeId'),
    reply: { kind: 'answers', answers: { satisfaction: '5' } },
  })),
  'accounts.surveyResults': shopWork(() => ({ from: '2026-01', to: '2026-03' })),
  'accounts.signUpReport': shopWork(() => ({ from: '2026-01', to: '2026-03' })),
  'accounts.requestReset': doorRow((id) => ({ identifier: id('email') })),
  'accounts.resetPassword': doorRow((id) => ({
    challengeId: id('challengeId'),
    code: '123456',
    newPassword: 'Vn4?bdXs-yGe8',
  })),
  'accounts.remindOfUserName': doorRow((id) => ({ email: id('email') })),
  'accounts.signIn': doorRow((id) => ({ identifier: id('email'), password: 'not the password' })),
  'accounts.requestSignInCode': doorRow((id) => ({ identifier: id('email') })),
  'accounts.signInByCode': doorRow((id) => ({ challengeId: id('challengeId'), code: '123456' })),
  'accounts.confirmSignIn': doorRow((id) => ({ challengeId: id('challengeId'), kind: 'totp', code: '123456' })),
  'accounts.enrolTotp': own(),
  'accounts.confirmTotp': own(() => ({ code: '123456' })),
  'accounts.requestContactFactor': own(() => ({ to: 'email' })),
  'accounts.confirmContactFactor': doorRow((id) => ({ challengeId: id('challengeId'), code: '123456' })),
  'accounts.requestFactorCode': doorRow((id) => ({ challengeId: id('challengeId'), to: 'email' })),
  'accounts.requestStepUpCode': own(() => ({ to: 'email' })),
  'accounts.renewRecoveryCodes': own(),
  'accounts.removeFactor': own(),
  'accounts.disownSignIn': doorRow((id) => ({ token: `${id('challengeId')}.${'0'.repeat(43)}` })),
  'accounts.joinDevice': doorRow((id) => ({ wallet: '', token: `${id('sessionId')}.${'0'.repeat(43)}` })),
  'accounts.showDevice': shown((id) => ({ wallet: `*${id('sessionId')}.${'0'.repeat(43)}` })),
  'accounts.switchAccount': doorRow((id) => ({
    wallet: `${id('sessionId')}.${'0'.repeat(43)}`,
    sessionId: id('sessionId'),
  })),
  'accounts.leaveDevice': doorRow((id) => ({
    wallet: `${id('sessionId')}.${'0'.repeat(43)}`,
    sessionId: id('sessionId'),
  })),
  'accounts.beginProviderSignIn': shown(() => ({ providerId: 'nobody' })),
  'accounts.finishProviderSignIn': doorRow((id) => ({
    providerId: 'nobody',
    query: `code=x&state=${id('challengeId')}.x`,
    browserToken: 'x',
    locale: 'en',
  })),
  'accounts.beginLinking': own(() => ({ providerId: 'nobody' })),
  'accounts.finishLinking': doorRow((id) => ({
    providerId: 'nobody',
    query: `code=x&state=${id('challengeId')}.x`,
    browserToken: 'x',
  })),
  'accounts.unlinkIdentity': row((id) => ({ linkId: id('linkId') })),
  'accounts.beginPasskeyRegistration': own(),
  'accounts.finishPasskeyRegistration': doorRow((id) => ({
    challengeId: id('challengeId'),
    credentialId: 'x',
    clientDataJson: 'x',
    attestationObject: 'x',
  })),
  'accounts.beginPasskeySignIn': shown(() => ({})),
  'accounts.finishPasskeySignIn': doorRow((id) => ({
    challengeId: id('challengeId'),
    credentialId: 'x',
    clientDataJson: 'x',
    authenticatorData: 'x',
    signature: 'x',
  })),
  'accounts.beginPasskeyStepUp': own(),
  'accounts.removePasskey': row((id) => ({ passkeyId: id('passkeyId') })),
  'accounts.proveRealName': own(() => ({ kind: 'idCard', name, idNumber: '110105199001011239' })),
  'accounts.myAccount': own(),
  'accounts.mySessions': own(),
  'accounts.revokeSession': row((id) => ({ sessionId: id('sessionId') })),
  'accounts.revokeSessions': own(() => ({ kind: 'others' })),
  'accounts.stepUp': own(() => ({ kind: 'password', password })),
  'accounts.setPaymentPassword': own(() => ({ paymentPassword: '748291' })),
  'accounts.changePaymentPassword': own(() => ({ paymentPassword: '748291', newPaymentPassword: '605813' })),
  'accounts.requestPaymentPasswordReset': own(() => ({ to: 'email' })),
  'accounts.resetPaymentPassword': own((id) => ({
    challengeId: id('challengeId'),
    code: '123456',
    newPaymentPassword: '605813',
  })),
  'accounts.requestPaymentCode': own(() => ({ to: 'email' })),
  'accounts.provePayment': own(() => ({ kind: 'paymentPassword', paymentPassword: '748291' })),
  'accounts.requestBinding': own(() => ({ phone: '138 0013 8000' })),
  'accounts.confirmBinding': doorRow((id) => ({ challengeId: id('challengeId'), code: '123456' })),
  'accounts.unbind': own(() => ({ kind: 'phone' })),
  'accounts.setUserName': own(() => ({ userName: 'somebody' })),
  'accounts.myConsents': own(),
  'accounts.setConsent': own(() => ({ purpose: 'marketing', decision: 'given', noticeVersion: 'v1' })),
  'accounts.erase': own(() => ({ password })),
  'accounts.ban': shopWork((id) => ({ accountId: id('accountId'), reason: 'abuse', until: null })),
  'accounts.liftBan': shopWork((id) => ({ accountId: id('accountId') })),
  'accounts.requirePasswordChange': shopWork((id) => ({ accountId: id('accountId') })),
  'accounts.recordIncident': shopWork((id) => ({
    cause: 'intrusion',
    records: ['account'],
    affected: { kind: 'named', accountIds: [id('accountId')] },
    since: 1_773_000_000_000,
    until: null,
    knownAt: 1_773_000_000_000,
    notice: {
      what: text('Names'),
      harm: text('Mail'),
      measures: text('Closed'),
      advice: text('Beware'),
      contact: text('Us'),
    },
  })),
  'accounts.amendIncident': shopWork(() => ({ incidentId: 'incident_none', cause: 'insider' })),
  'accounts.tellAffected': shopWork(() => ({ incidentId: 'incident_none' })),
  'accounts.noteIncidentReport': shopWork(() => ({
    incidentId: 'incident_none',
    authority: 'CAC',
    reference: 'R-1',
  })),
  'accounts.closeIncident': shopWork(() => ({ incidentId: 'incident_none' })),
  'accounts.incidents': shopWork(() => ({ status: 'open', limit: 5 })),
  'accounts.incidentReport': shopWork(() => ({ incidentId: 'incident_none' })),
  'accounts.exportData': own(),
  'accounts.correctProfile': own(() => ({ locale: 'en' })),
  'accounts.erasurePlan': own(),
  'accounts.customer': shopWork((id) => ({ accountId: id('accountId') })),
  'accounts.readHeld': shopWork((id) => ({ accountId: id('accountId'), record: 'order', id: id('orderId') })),
  'accounts.requestPrivacy': own(() => ({ kind: 'access' })),
  'accounts.answerPrivacyRequest': shopWork(() => ({ requestId: 'privacy_none', outcome: { kind: 'done' } })),
  'accounts.privacyRequests': own(),
  'accounts.securityReport': shopWork(() => ({ from: 0, to: 86_400_000 })),
  'accounts.passwordRisks': shopWork(() => ({ from: 0, to: 86_400_000 })),

  'notify.myMessages': own(() => ({ limit: 10 })),

  'catalog.saveProduct': staffRow((id) => ({
    externalId: id('externalId'),
    merchantId: 'self',
    content: content(id('sku'), id('categoryId')),
  })),
  'catalog.publishProduct': staffRow((id) => ({ productId: id('productId') })),
  'catalog.archiveProduct': staffRow((id) => ({ productId: id('productId') })),
  'catalog.saveCategory': shopWork((id) => ({
    categoryId: id('categoryId'),
    parentId: null,
    name: text('Home'),
    slug: 'home',
    position: 1,
    requiredAttributes: ['volume'],
  })),
  'catalog.importProducts': {
    about: 'row',
    tellsNobody: true,
    input: (id) => ({
      importId: 'nightly',
      format: 'rows',
      merchantId: 'self',
      currency: 'CNY',
      source: [{ externalId: id('externalId'), title: 'Kettle', priceMinor: 1 }],
    }),
  },
  'catalog.listCategories': shown(() => ({})),
  'catalog.listProducts': shown(() => ({ filter: { brands: ['Brew'], attributes: { volume: ['1.7 l'] } }, limit: 5 })),
  'catalog.publishSections': shopWork((id) => ({
    expectedRevision: 0,
    sections: [
      {
        sectionId: 'spring',
        title: text('Spring'),
        rule: { kind: 'new', withinDays: 60 },
        filter: { brands: ['Brew'] },
        sort: 'sales',
        pinned: [id('productId')],
        leftOut: ['prd_self.none'],
      },
    ],
  })),
  'catalog.listSections': shown(() => ({})),
  'catalog.section': shown(() => ({
    sectionId: 'promotion',
    channel: 'app',
    region: 'CN-31',
    filter: { maxPriceMinor: 100_000 },
    inStockOnly: true,
    limit: 5,
  })),
  // What a shopper searched for before comes first, and is theirs alone.
  'catalog.suggest': own(() => ({ text: 'ket', history: ['kettle 1 l'], limit: 5 })),
  'catalog.searchProducts': shown(() => ({ text: 'kettle', filter: { maxPriceMinor: 100_000 }, limit: 5 })),

  'reviews.write': row((id) => ({ orderId: id('openOrderId'), lineId: 'line-1', rating: 4, text: 'Quick to boil' })),
  'reviews.edit': row((id) => ({ reviewId: id('reviewId'), rating: 2, text: 'Slow after all', photos: ['p/1.jpg'] })),
  'reviews.withdraw': row((id) => ({ reviewId: id('reviewId') })),
  'reviews.ofProduct': shown((id) => ({ productId: id('productId'), sort: 'newest', limit: 5 })),
  'reviews.list': own(() => ({ status: 'published', limit: 5 })),
  'reviews.vote': doorRow(() => ({ reviewId: 'rev_nobodys', helpful: true })),
  'reviews.reply': staffRow((id) => ({ reviewId: id('reviewId'), text: 'Thank you' })),
  'reviews.hide': shopWork((id) => ({ reviewId: id('reviewId'), reason: 'abusive' })),
  'reviews.show': shopWork((id) => ({ reviewId: id('reviewId') })),

  'history.record': own((id) => ({ kind: 'product', productId: id('productId') })),
  'history.merge': own(() => ({ items: [{ kind: 'search', text: 'kettle', at: 1_770_000_000_000 }] })),
  'history.mine': own(),
  'history.pause': own(() => ({ paused: true })),
  'history.clear': own(() => ({ itemIds: ['seen_none'] })),

  'inventory.receive': shopWork((id) => ({
    reference: 'second',
    lines: [{ sku: id('sku'), warehouse: 'main', quantity: 5 }],
  })),
  'inventory.stockOf': shown((id) => ({ skus: [id('sku')], warehouse: 'main' })),

  'promotions.publishOffers': shopWork(() => ({ expectedRevision: 1, offers })),
  'promotions.issueCoupons': staffRow((id) => ({ offerId: id('offerId'), count: 2 }), 'OfferUnknown'),
  'promotions.grantCoupon': staffRow((id) => ({ offerId: id('offerId'), accountId: id('accountId') }), 'OfferUnknown'),
  'promotions.claimCoupon': row((id) => ({ by: 'code', code: id('couponCode') }), 'CouponCodeUnknown'),
  'promotions.listCoupons': own(() => ({ limit: 10 })),
  'promotions.campaignResults': shopWork(() => ({ campaignId: 'double-11', currency: 'CNY' })),
  'promotions.revokeCoupon': shopWork((id) => ({ couponId: id('couponId'), reason: 'abuse' })),
  'promotions.revokeCoupons': shopWork((id) => ({
    of: { kind: 'offer', offerId: id('offerId') },
    reason: 'campaignEnded',
    limit: 10,
  })),

  'membership.publish': shopWork(() => ({ expectedRevision: 1, ...programme })),
  'membership.results': shopWork(() => ({})),
  'membership.showTerms': shown(() => ({})),
  'membership.join': own(() => ({ termsRevision: 1, birthday: { month: 2, day: 29 } })),
  'membership.leave': own(),
  'membership.tellBirthday': own(() => ({ month: 12, day: 31 })),
  'membership.checkIn': own(),
  'membership.recordActivity': shopWork((id) => ({
    accountId: id('accountId'),
    activity: 'review',
    reference: 'review-1',
  })),
  'membership.claimBenefit': own(() => ({ benefitId: 'welcome' })),
  'membership.redeemReward': own(() => ({ rewardId: 'two-yuan' })),
  'membership.pointsPage': own(() => ({ limit: 10 })),
  'membership.grantPoints': shopWork((id) => ({
    accountId: id('accountId'),
    grantId: 'sorry',
    points: 5,
    expiresAt: 1_900_000_000_000,
  })),

  'pricing.publishPriceLists': shopWork(() => ({ expectedRevision: 0, lists: [priceList] })),
  'pricing.publishShippingBook': shopWork(() => ({ expectedRevision: 1, ...shippingBook })),
  'pricing.publishTaxBook': shopWork(() => ({ expectedRevision: 0, ...taxBook })),

  'pricing.showIn': shown(() => ({ amounts: [{ minor: 100, currency: 'CNY' }], currency: 'CNY' })),

  'cart.addLine': own((id) => ({ productId: id('productId'), sku: id('sku'), quantity: 1 })),
  'cart.setQuantity': row((id) => ({ lineId: id('lineId'), quantity: 2 })),
  'cart.removeLine': row((id) => ({ lineId: id('lineId') }), 'ok'),
  'cart.selectLines': row((id) => ({ lineIds: [id('lineId')], selected: false })),
  'cart.saveForLater': row((id) => ({ lineId: id('lineId') })),
  'cart.takeBackLine': row((id) => ({ lineId: id('laterId') })),
  'cart.clearCart': own(),
  'cart.dropInvalidLines': own(),
  'cart.viewCart': own(() => ({ channel: 'app' })),
  'cart.attachCoupon': row((id) => ({ couponId: id('couponId') })),
  // A coupon that is not on the cart is taken off it already.
  'cart.detachCoupon': doorRow((id) => ({ couponId: id('couponId') })),
  // Names a guest's cart: that of a customer is none, whoever asks.
  'cart.mergeGuestCart': doorRow((id) => ({ guestId: id('accountId') })),
  'cart.priceMyCart': own(() => ({ shipping: { methodId: 'standard', region: 'CN-31' } })),

  'payments.list': row((id) => ({ orderId: id('orderId') }), 'ok'),
  'payments.disputes': staffRow((id) => ({ orderId: id('orderId'), limit: 10 }), 'ok'),
  'payments.ledger': shopWork((id) => ({ orderId: id('orderId'), limit: 10 })),
  'payments.reconciliations': shopWork(() => ({ gatewayId: 'sandbox', withFindings: false, limit: 5 })),

  'orders.preview': row(
    (id) => ({ lineIds: [id('lineId')], shippingMethodId: 'standard', region: 'CN-31' }),
    'LineNotInCart',
  ),
  'orders.place': row(
    (id) => ({
      lineIds: [id('lineId')],
      shippingMethodId: 'standard',
      recipient,
      expectedTotalMinor: 1,
    }),
    'LineNotInCart',
  ),
  'orders.saveAddress': row((id) => ({ addressId: id('addressId'), recipient })),
  'orders.setDefaultAddress': row((id) => ({ addressId: id('addressId') })),
  'orders.removeAddress': row((id) => ({ addressId: id('addressId') })),
  'orders.myAddresses': own(),
  'orders.pay': row((id) => ({ orderId: id('openOrderId'), gatewayId: 'sandbox', method: 'wechatPay' })),
  'orders.sharePayment': row((id) => ({ orderId: id('openOrderId'), payers: [{ part: { by: 'rest' } }] })),
  'orders.payShare': doorRow((id) => ({ orderId: id('openOrderId'), gatewayId: 'sandbox', method: 'wechatPay' })),
  'orders.share': doorRow((id) => ({ orderId: id('openOrderId') })),
  'orders.queryPayment': row((id) => ({ orderId: id('orderId') })),
  'orders.previewEdit': row((id) => ({ orderId: id('openOrderId'), recipient })),
  'orders.applyEdit': row((id) => ({ orderId: id('openOrderId'), recipient, hash: 'a'.repeat(64) })),
  'orders.cancel': row((id) => ({ orderId: id('openOrderId') })),
  'orders.confirmReceipt': row((id) => ({ orderId: id('orderId') })),
  'orders.page': row((id) => ({ orderId: id('orderId') })),
  'orders.list': row((id) => ({ orderNumber: id('orderNumber'), text: 'kettle', limit: 10 }), 'ok'),
  'orders.bills': row((id) => ({ orderNumber: id('orderNumber'), state: 'paid', limit: 10 }), 'ok'),
  'orders.statement': own(() => ({ from: 1_770_000_000_000, to: 1_780_000_000_000 })),
  'orders.capture': shopWork((id) => ({ orderId: id('orderId'), amountMinor: 1, final: false })),
  'orders.ship': shopWork((id) => ({
    orderId: id('orderId'),
    carrier: 'sf-express',
    trackingNumber: 'SF2',
    lines: [{ lineId: id('orderLineId'), quantity: 1 }],
  })),
  'orders.recordScan': shopWork((id) => ({ parcelId: id('parcelId'), kind: 'arrived', place: 'Pudong' })),
  'orders.recordDelivery': shopWork((id) => ({ parcelId: id('parcelId') })),
  'orders.recordLoss': shopWork((id) => ({ parcelId: id('parcelId') })),
  'orders.reportPayment': row((id) => ({ orderId: id('orderId') })),
  'orders.releaseHold': shopWork((id) => ({ orderId: id('orderId') })),
  'orders.rejectHold': shopWork((id) => ({ orderId: id('orderId') })),
  'orders.complete': shopWork((id) => ({ orderId: id('orderId') })),
  'orders.refund': shopWork((id) => ({
    orderId: id('orderId'),
    reason: 'goodwill',
    lines: [{ lineId: id('orderLineId'), quantity: 1 }],
    withShipping: false,
  })),
  'orders.retryRefund': shopWork((id) => ({ refundId: id('refundId') })),
  'orders.payRefundByHand': shopWork((id) => ({ refundId: id('refundId') })),
  'orders.submitEvidence': shopWork(() => ({ disputeId: 'sandbox:dp_1', explanation: 'Delivered and signed for.' })),
  'orders.recordReceipt': shopWork((id) => ({
    paymentId: id('paymentId'),
    amountMinor: 39_500,
    currency: 'CNY',
    reference: 'STMT-2026-03-10.7',
  })),
  'orders.reconcileBill': shopWork((id) => ({
    gatewayId: 'sandbox',
    day: '2026-03-09',
    timeZone: 'Asia/Shanghai',
    source: [
      {
        kind: 'payment',
        reference: id('paymentId'),
        attemptRef: id('paymentId'),
        gatewayRef: null,
        status: 'succeeded',
        currency: 'CNY',
        amountMinor: 1,
        fee: null,
        at: 1_773_000_000_000,
      },
    ],
  })),
  'orders.paymentFailures': shopWork(() => ({ from: 1_770_000_000_000, to: 1_780_000_000_000 })),
  'orders.payOut': shopWork(() => ({ payee: 'self', currency: 'CNY' })),
  'orders.payee': own(() => ({ payee: 'self', currency: 'CNY' })),
  'orders.replayPrice': shopWork((id) => ({ orderId: id('orderId') })),
  'orders.savePolicy': shopWork(() => ({
    timeZone: 'Asia/Shanghai',
    payWithinMs: 1_800_000,
    maximumFailures: 3,
    receivedAfterMs: 864_000_000,
    completedAfterMs: 691_200_000,
    shipWithinDays: 2,
    returns: {
      noReasonDays: 7,
      faultDays: 15,
      exceptions: [{ categoryId: 'fresh', ground: 'perishable' }],
      approveAlone: { reasons: ['noReason'], upToMinor: 50_000 },
    },
    points: {
      spend: { blockPoints: 100, blockMinor: 100, minimumPoints: 100, capBasisPoints: 5_000 },
      earn: { points: 1, perMinor: 100 },
      expireAfterMonths: 12,
    },
  })),

  'aftersales.previewReturn': row((id) => ({
    orderId: id('orderId'),
    kind: 'refundOnly',
    reason: 'quality',
    lines: [{ lineId: id('orderLineId'), quantity: 1 }],
  })),
  'aftersales.requestReturn': row((id) => ({
    orderId: id('orderId'),
    kind: 'refundOnly',
    reason: 'quality',
    lines: [{ lineId: id('orderLineId'), quantity: 1 }],
    description: 'It leaks',
  })),
  'aftersales.cancelReturn': row((id) => ({ returnId: id('returnId') })),
  'aftersales.returnPage': row((id) => ({ returnId: id('returnId') })),
  'aftersales.list': own(() => ({ status: 'requested', limit: 10 })),
  'aftersales.approveReturn': shopWork((id) => ({ returnId: id('returnId') })),
  'aftersales.refuseReturn': shopWork((id) => ({ returnId: id('returnId'), ground: 'notSold' })),
  'aftersales.receiveReturn': shopWork((id) => ({
    returnId: id('returnId'),
    lines: [{ lineId: id('orderLineId'), receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 0 }],
  })),
  'aftersales.refundReturn': shopWork((id) => ({ returnId: id('returnId') })),

  'storefront.productPage': own((id) => ({ productId: id('productId'), channel: 'app' })),
  'storefront.cardPrices': shown((id) => ({ productIds: [id('productId')], channel: 'app', region: 'CN-31' })),
  'storefront.compare': row((id) => ({ lineIds: [id('lineId'), id('lineId')] })),
  'storefront.boughtTogether': shown((id) => ({ productId: id('productId'), limit: 5 })),
  'storefront.viewedAlso': shown((id) => ({ productId: id('productId'), limit: 5 })),
  'storefront.similar': shown((id) => ({ productId: id('productId'), region: 'CN-31' })),
  'storefront.forYou': own(() => ({ limit: 5 })),
  'storefront.listCards': shown(() => ({ channel: 'app', filter: { brands: ['Brew'] }, limit: 5 })),
  'storefront.searchCards': shown(() => ({ text: 'kettle', region: 'CN-31', limit: 5 })),
  'storefront.sectionCards': shown(() => ({ sectionId: 'new', channel: 'app', limit: 5 })),
  'storefront.orderWithReturns': row((id) => ({ orderId: id('orderId') })),
  'storefront.memberCentre': own(),
}

/** The same cases with their names, in the order of the table. */
export const namedCases: readonly (readonly [string, Case])[] = Object.entries(cases)
