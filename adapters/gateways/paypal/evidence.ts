import type { DisputeEvidence, EvidenceFileTerms } from 'shopwright/payments'
import { type FormFile, fileNameOf, writeMultipart } from '../multipart.js'
import { writeMoney } from './amount.js'

/** What PayPal reads of one text, characters, and how many parcels of one piece of evidence. */
const mostNotes = 2_000
const mostParcels = 10

/** The most characters of a key: it is said in the notes, so that what was handed over once is known again. */
export const mostKeyCharacters = 150

/** What is left of a text for the words of staff, once the key is said too. */
export const mostCharacters = 1_800

/**
 * Which files go with evidence or a message; each has less than 10 MB, all of them 50 MB, with room for the rest of the form.
 *
 * @source https://developer.paypal.com/platforms/disputes/reference/supported-file-types-sizes
 */
export const files: EvidenceFileTerms = {
  mediaTypes: ['image/jpeg', 'image/png', 'image/gif', 'application/pdf'],
  mostFiles: 10,
  mostOfAKind: 10,
  mostBytes: 9_900_000,
  mostBytesTogether: 49_000_000,
}

/** What a dispute is about and what PayPal has asked for, as far as it matters to what is shown. */
export type EvidenceWanted = { readonly reason: string; readonly requested: readonly string[] }

/** What is said in the notes to know evidence again by: PayPal promises no key for it. */
export const markOf = (key: string): string => `Reference: ${key}`

const aboutDelivery = ['MERCHANDISE_OR_SERVICE_NOT_RECEIVED', 'UNAUTHORISED']
const ofDelivery = 'PROOF_OF_FULFILLMENT'
/** These say nothing without numbers that the shop does not hand over. */
const withNumbers = [ofDelivery, 'PROOF_OF_REFUND', 'PROOF_OF_RETURN']

// PayPal takes one piece without the ids of its items, and of several it wants them.
const typeOf = ({ reason, requested }: EvidenceWanted, hasParcels: boolean): string => {
  const fits = requested.includes(ofDelivery) || (requested.length === 0 && aboutDelivery.includes(reason))
  if (hasParcels && fits) return ofDelivery
  return requested.find((type) => !withNumbers.includes(type)) ?? 'OTHER'
}

/** Carriers that PayPal has by the name that everybody has for them; others go by the shop's own. */
const carriers = [
  'ARAMEX',
  'AUSTRALIA_POST',
  'CAINIAO',
  'CANADA_POST',
  'CHINA_POST',
  'DHL',
  'DPD',
  'FEDEX',
  'GLS',
  'HERMES',
  'ROYAL_MAIL',
  'SF_EXPRESS',
  'TNT',
  'UPS',
  'USPS',
  'YTO',
  'ZTO_EXPRESS',
]

const trackingOf = ({ carrier, trackingNumber: tracking_number }: DisputeEvidence['parcels'][number]) => {
  const name = carrier.toUpperCase().replace(/[^0-9A-Z]+/g, '_')
  return carriers.includes(name)
    ? { carrier_name: name, tracking_number }
    : { carrier_name: 'OTHER', carrier_name_other: carrier, tracking_number }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

const lengthOf = (text: string): number => [...text].length

/** The words of staff, whatever of the shop's facts has room beside them, and the mark. */
const notesOf = ({ explanation, goods, parcels, refunded }: DisputeEvidence, key: string): string => {
  const mark = markOf(key)
  const back = writeMoney(refunded)
  const facts = [
    ...(back === null ? [] : [`Refunded beside the dispute: ${back.value} ${back.currency_code}`]),
    ...parcels.map(({ carrier, trackingNumber, shippedAt, deliveredAt }) => {
      const arrived = deliveredAt === null ? '' : `, delivered ${dayOf(deliveredAt)}`
      return `Sent ${dayOf(shippedAt)} by ${carrier}, ${trackingNumber}${arrived}`
    }),
    ...(goods.length === 0 ? [] : [`Goods: ${goods.join('; ')}`]),
  ]
  const lines = [explanation]
  let left = mostNotes - lengthOf(explanation) - lengthOf(mark) - 1
  for (const fact of facts) {
    if (lengthOf(fact) + 1 > left) continue
    lines.push(fact)
    left -= lengthOf(fact) + 1
  }
  return [...lines, mark].join('\n')
}

const filesOf = (shown: DisputeEvidence['files']): readonly FormFile[] =>
  shown.map((file, place) => ({
    field: `file${place + 1}`,
    fileName: fileNameOf(file, place),
    mediaType: file.mediaType,
    bytes: file.bytes,
  }))

const formOf = (said: object, shown: DisputeEvidence['files']): ReturnType<typeof writeMultipart> =>
  writeMultipart([{ field: 'input', text: JSON.stringify(said), mediaType: 'application/json' }], filesOf(shown))

/**
 * Writes evidence, of one piece, with its files.
 *
 * @source https://github.com/paypal/paypal-rest-api-specifications/blob/main/openapi/customer_disputes_v1.json: evidence,
 *   evidence_info; https://developer.paypal.com/docs/disputes/integration-guide/: the part `input`
 */
export const writeEvidence = (
  wanted: EvidenceWanted,
  { evidence, key }: { readonly evidence: DisputeEvidence; readonly key: string },
) => {
  const { parcels } = evidence
  const evidence_type = typeOf(wanted, parcels.length > 0)
  // Those that arrived say most.
  const told = [...parcels].sort((one, other) => Number(other.deliveredAt !== null) - Number(one.deliveredAt !== null))
  const info =
    evidence_type === ofDelivery ? { evidence_info: { tracking_info: told.slice(0, mostParcels).map(trackingOf) } } : {}
  return formOf({ evidences: [{ evidence_type, ...info, notes: notesOf(evidence, key) }] }, evidence.files)
}

/** Writes a message to the payer, with files: what the shop knows besides is for those who decide, not for them. */
export const writeMessage = ({ explanation, files: shown }: DisputeEvidence) => formOf({ message: explanation }, shown)
