import type { MethodId } from '../shared/payment-method.js'
import type { AppliedOffer } from './priced-cart.js'

/** The ways to pay that every one of the offers is given for, as the first that asks for some names them; null: any will do. */
export const methodsOfOffers = (offers: readonly Pick<AppliedOffer, 'paymentMethods'>[]): readonly MethodId[] | null =>
  offers.reduce<readonly MethodId[] | null>(
    (left, { paymentMethods: asked }) =>
      asked === undefined ? left : (left ?? asked).filter((method) => asked.includes(method)),
    null,
  )
