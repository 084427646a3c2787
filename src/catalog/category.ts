import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { AttributeDefinition } from './attributes/attribute-definition.js'
import type { LocalText } from './local-text.js'

/** A place in the category tree, of any depth: what is above it is found by going up from parent to parent. */
export type Category = {
  readonly categoryId: string
  /** Null at the top. */
  readonly parentId: string | null
  readonly name: LocalText
  /** Last step of its path in a link. */
  readonly slug: string
  /** Order among its siblings, ascending. */
  readonly position: number
  /** Attributes that a product placed here or below must state before it is published. */
  readonly requiredAttributes: readonly string[]
  /** What products placed here or below may state, and of what kind it is; what is not defined may be anything. */
  readonly attributes?: readonly AttributeDefinition[]
  /** `moving` until every product of the branch names its new ancestors, or is searched by the new name. */
  readonly status: 'settled' | 'moving'
  /** When it moved or was renamed last: products of the branch saved before know nothing of it yet. Absent when settled. */
  readonly movingSince?: Instant
}

/** What happened to a category. */
export type CategoryEvent =
  | { readonly type: 'CategorySaved'; readonly categoryId: string }
  | { readonly type: 'CategoryMoved'; readonly categoryId: string; readonly parentId: string | null }
  | { readonly type: 'CategorySettled'; readonly categoryId: string }

/** The new parent lies inside the branch that would move. */
export type CategoryCycle = { readonly type: 'CategoryCycle'; readonly categoryId: string; readonly parentId: string }

/** The tree would become deeper than it may. */
export type CategoryTooDeep = {
  readonly type: 'CategoryTooDeep'
  readonly categoryId: string
  readonly maximum: number
}

/** Why a category command is refused. */
export type CategoryError = NotFound | CategoryCycle | CategoryTooDeep
