import type { Effect, GoodsView, MemberShape, OfferStage, OfferWriter } from './offer-kind.js'
import * as kinds from './offer-kind-list.js'

type OfferKinds = typeof kinds

/** What an offer gives: one of the kinds of the list. */
export type Benefit = Parameters<OfferKinds[keyof OfferKinds]['effect']>[0]

/** A kind of offer, whichever it is. */
type AnyKind = {
  readonly kind: string
  readonly stages: readonly OfferStage[]
  readonly shape: Readonly<Record<string, MemberShape>>
  // Written as methods, whose parameters the compiler lets a kind narrow: each is only ever given its own benefit.
  findContradiction?(benefit: Benefit): string | undefined
  words(benefit: Benefit, write: OfferWriter): string
  effect(benefit: Benefit, goods: GoodsView): Effect
}

const kindsByName: { readonly [Kind in Benefit['kind']]: AnyKind } = kinds

const kindOf = (benefit: Benefit): AnyKind => kindsByName[benefit.kind]

/** All kinds, by name. */
export const offerKinds: readonly AnyKind[] = Object.values<AnyKind>(kinds)

/** What a benefit comes to on goods. */
export const effectOf = (benefit: Benefit, goods: GoodsView): Effect => kindOf(benefit).effect(benefit, goods)

/** Says what a benefit gives. */
export const wordsOf = (benefit: Benefit, write: OfferWriter): string => kindOf(benefit).words(benefit, write)

/** Names the first member of a benefit that contradicts another, if any. */
export const findContradiction = (benefit: Benefit): string | undefined => kindOf(benefit).findContradiction?.(benefit)

/** Where in the making of a price a benefit makes sense. */
export const stagesOf = (benefit: Benefit): readonly OfferStage[] => kindOf(benefit).stages
