import { maskedText, maskName, maskPhone } from '../../shared/mask.js'

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

/** A recipient of whom the first character of the name, the last digits of the number and the city stay. */
export const maskRecipient = ({ name, phone, region, city }: Recipient): Recipient => ({
  name: maskName(name),
  phone: maskPhone(phone),
  region,
  city,
  address: maskedText,
})
