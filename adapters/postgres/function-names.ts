// Names that no column of any table can be mistaken for.

/** The parameters of the commit function. */
export const commitParameters = {
  shop: 'shopwright_shop',
  moment: 'shopwright_moment',
  /** What is to be done, in lock order: rows, then entries of logs, then counters. */
  codes: 'shopwright_codes',
  /** The index in the commit of each. */
  places: 'shopwright_places',
  ids: 'shopwright_ids',
  /** The version a row must be at, or how far a counter moves. */
  first: 'shopwright_firsts',
  /** The shape version of a state, or the floor of a counter. */
  second: 'shopwright_seconds',
  /** The initial value of each counter, which stand last. */
  third: 'shopwright_thirds',
  /** The states and bodies of those operations that have one, in their order. */
  bodies: 'shopwright_bodies',
  /** Claims and releases in their order: index, whether it is a claim, space, key, owner, end. */
  claims: 'shopwright_claims',
  /** Events: collection, row, version, position, partition, type, body. */
  events: 'shopwright_events',
} as const

/** The variables of the commit function. */
export const commitVariables = {
  at: 'shopwright_at',
  count: 'shopwright_count',
  body: 'shopwright_body',
  code: 'shopwright_code',
  place: 'shopwright_place',
  id: 'shopwright_id',
  first: 'shopwright_first',
  second: 'shopwright_second',
  third: 'shopwright_third',
  state: 'shopwright_state',
  rows: 'shopwright_rows',
  claim: 'shopwright_claim',
  step: 'shopwright_step',
  space: 'shopwright_space',
  key: 'shopwright_key',
  text: 'shopwright_text',
  ends: 'shopwright_ends',
  value: 'shopwright_value',
  taken: 'shopwright_taken',
  failed: 'shopwright_failed',
  kind: 'shopwright_kind',
  owner: 'shopwright_owner',
  owners: 'shopwright_owners',
  over: 'shopwright_over',
  moved: 'shopwright_moved',
  /** Where nothing has failed: beyond every index. */
  nothing: 2_147_483_647,
} as const
