/** A person's real name as on their card, the card's number, and for a face what the verifier's own page gave. */
export type ProveRealNameInput = {
  readonly name: string
  readonly idNumber: string
  /** A guardian agrees for a child, on the notice that was shown. */
  readonly guardian?: { readonly noticeVersion: string }
} & ({ readonly kind: 'idCard' } | { readonly kind: 'face'; readonly captureToken: string })
