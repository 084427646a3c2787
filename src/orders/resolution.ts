import type { Resolution } from '../payments/resolution.js'

/** What a person has to look at, and what they have looked at. */
export type Watchful = { readonly status: 'open' } | { readonly status: 'resolved'; readonly resolved: Resolution }
