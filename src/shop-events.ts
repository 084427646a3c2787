import type { AccountTold } from './accounts/account.js'
import type { ChallengeTold } from './accounts/challenge.js'
import type { ConsentEvent } from './accounts/consent.js'
import type { CredentialEvent } from './accounts/credential.js'
import type { LinkedIdentityEvent } from './accounts/identity/linked-identity.js'
import type { IncidentEvent } from './accounts/incidents/incident.js'
import type { PasskeyEvent } from './accounts/passkey/passkey.js'
import type { PaymentPasswordEvent } from './accounts/payment-proof/payment-password.js'
import type { PrivacyRequestEvent } from './accounts/privacy/privacy-request.js'
import type { RealNameEvent } from './accounts/real-name/real-name.js'
import type { SecondFactorTold } from './accounts/second-factor/second-factor.js'
import type { SessionEvent } from './accounts/session.js'
import type { SignInGuardEvent } from './accounts/sign-in-guard.js'
import type { ReturnEvent } from './aftersales/return-request.js'
import type { CartEvent } from './cart/cart.js'
import type { CategoryEvent } from './catalog/category.js'
import type { ProductEvent } from './catalog/product.js'
import type { ReviewEvent } from './catalog/reviews/review.js'
import type { ReservationEvent } from './inventory/reservation.js'
import type { MemberTold } from './membership/member.js'
import type { PointsEvent } from './membership/points-account.js'
import type { MessageTold } from './notify/message.js'
import type { OrderEvent } from './orders/order-event.js'
import type { ParcelEvent } from './orders/parcels/parcel.js'
import type { PolicySaved } from './orders/policy/save-policy.js'
import type { DisputeEvent } from './payments/dispute.js'
import type { PaymentEvent } from './payments/payment.js'
import type { RefundEvent } from './payments/refund.js'
import type { CouponEvent } from './promotions/coupon.js'
import type { OutboxEvent } from './shared/events.js'
import type { CorePorts } from './shared/ports.js'
import type { BookPublished } from './shared/publish-book.js'
import type { Reaction } from './shared/reaction.js'

// Each event of a collection with its name.
type Named<Collection extends string, Event extends { readonly type: string }> = Event extends {
  readonly type: infer Type
}
  ? Type extends string
    ? { readonly name: `${Collection}/${Type}`; readonly type: Type; readonly body: Event & { readonly type: Type } }
    : never
  : never

type ByName<Each extends { readonly name: string; readonly type: string; readonly body: unknown }> = {
  readonly [Name in Each['name']]: Extract<Each, { readonly name: Name }>
}

type EventsOf = {
  readonly account: AccountTold
  readonly cart: CartEvent
  readonly category: CategoryEvent
  readonly challenge: ChallengeTold
  readonly coupon: CouponEvent
  readonly credential: CredentialEvent
  readonly dispute: DisputeEvent
  readonly incident: IncidentEvent
  readonly linkedIdentities: LinkedIdentityEvent
  readonly member: MemberTold
  readonly membershipBook: BookPublished
  readonly message: MessageTold
  readonly messagePreference: ConsentEvent
  readonly offerBook: BookPublished
  readonly order: OrderEvent
  readonly parcel: ParcelEvent
  readonly passkeys: PasskeyEvent
  readonly payment: PaymentEvent
  readonly paymentPassword: PaymentPasswordEvent
  readonly pointsAccount: PointsEvent
  readonly policyBook: PolicySaved
  readonly priceListBook: BookPublished
  readonly privacyRequest: PrivacyRequestEvent
  readonly product: ProductEvent
  readonly realNameProof: RealNameEvent
  readonly refund: RefundEvent
  readonly reservation: ReservationEvent
  readonly returnRequest: ReturnEvent
  readonly review: ReviewEvent
  readonly secondFactor: SecondFactorTold
  readonly sectionBook: BookPublished
  readonly session: SessionEvent
  readonly shippingBook: BookPublished
  readonly signInGuard: SignInGuardEvent
  readonly taxBook: BookPublished
}

/**
 * What happens in a shop, by the name under which it is told: the collection of the row and the type of the event.
 *
 * @source docs/events.md
 */
export type ShopEvents = ByName<
  { readonly [Collection in keyof EventsOf]: Named<Collection, EventsOf[Collection]> }[keyof EventsOf]
>

/** The name of an event, as `order/OrderPaid`. */
export type ShopEventName = keyof ShopEvents

/** An event of one name, on its way out: what happened stands in its `body`. */
export type ShopEvent<Name extends ShopEventName = ShopEventName> = Omit<OutboxEvent, 'body' | 'type'> &
  { readonly [Each in Name]: Pick<ShopEvents[Each], 'type' | 'body'> }[Name]

/**
 * Listens in this process, best effort and after the commit, to the events of one name, or to all by `*`.
 *
 * @returns ends the listening
 */
export type ListenToShop = <Name extends ShopEventName>(
  name: Name | '*',
  listener: (event: ShopEvent<Name>) => void,
) => () => void

/**
 * A consequence of the host's own, run by the relay for each event that it listens to, at least once: make its effect
 * once with `reactOnce`, or by the event's `id`.
 */
export type HostReaction<Name extends ShopEventName = ShopEventName> = Pick<Reaction, 'name'> & {
  readonly listensTo: readonly Name[]
  // A method, so that a reaction to a few events is one of those to any.
  react(ports: CorePorts, event: ShopEvent<Name>): ReturnType<Reaction['react']>
}
