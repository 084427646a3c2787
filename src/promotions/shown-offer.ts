import type { Offer } from './offer.js'

/** What buyers are shown of an offer: what it gives, to whom, on what and when; who bears it is the shop's own business. */
export type ShownOffer = Pick<
  Offer,
  | 'offerId'
  | 'title'
  | 'issuer'
  | 'currency'
  | 'window'
  | 'audience'
  | 'channels'
  | 'paymentMethods'
  | 'scope'
  | 'threshold'
  | 'benefit'
  | 'stacking'
> & {
  readonly form:
    | { readonly kind: 'promotion' }
    | {
        readonly kind: 'coupon'
        /** Whether a customer may claim one without a code. */
        readonly claimable: boolean
        /** How long a coupon holds from its claim, milliseconds; never beyond the window. */
        readonly validMs?: number
      }
}

/** An offer without what is the shop's own business: funding, limits, how coupons are given out, where it takes effect. */
export const showOffer = ({
  version: _,
  funding: __,
  limits: ___,
  stage: ____,
  priority: _____,
  form,
  ...shown
}: Offer): ShownOffer => ({
  ...shown,
  form:
    form.kind === 'promotion'
      ? form
      : {
          kind: 'coupon',
          claimable: form.claimable,
          ...(form.validMs === undefined ? {} : { validMs: form.validMs }),
        },
})
