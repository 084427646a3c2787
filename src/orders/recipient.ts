/** Who gets the goods, and where; kept sealed. */
export type Recipient = {
  readonly name: string
  readonly phone: string
  /** Code of the region that carriage and tax are reckoned for. */
  readonly region: string
  readonly city: string
  /** District, street, house and door. */
  readonly address: string
  readonly postcode?: string
}
