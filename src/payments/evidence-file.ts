/** What a file of evidence may be. */
export type EvidenceMediaType = 'image/jpeg' | 'image/png' | 'image/bmp' | 'image/gif' | 'application/pdf'

/** What a file of evidence shows: that goods came, what was said, what was sold and paid, or anything else. */
export type EvidencePurpose = 'delivery' | 'conversation' | 'receipt' | 'other'

/** A picture or a document that speaks for the shop. It goes to the gateway and is kept nowhere. */
export type EvidenceFile = {
  /** What it is called, 1 to 100 characters. */
  readonly name: string
  readonly mediaType: EvidenceMediaType
  readonly shows: EvidencePurpose
  readonly bytes: Uint8Array
}

/** Which files a gateway takes with one explanation. */
export type EvidenceFileTerms = {
  readonly mediaTypes: readonly EvidenceMediaType[]
  readonly mostFiles: number
  /** The most that show the same. */
  readonly mostOfAKind: number
  /** The most bytes of one file, and of all of them. */
  readonly mostBytes: number
  readonly mostBytesTogether: number
}

/** Why files do not go to a gateway; none of them does then. */
export type EvidenceFileRefused = {
  readonly type: 'EvidenceFileRefused'
  readonly gatewayId: string
  /** `notWhatItSays`: its bytes are not those of its media type. */
  readonly reason:
    | 'notWhatItSays'
    | 'noneTaken'
    | 'mediaType'
    | 'tooLarge'
    | 'tooMany'
    | 'tooManyOfAKind'
    | 'tooLargeTogether'
  /** Which one, from nought; null where it is all of them together. */
  readonly file: number | null
}

/** Where a file is of its media type, and fits what a gateway takes: null; otherwise why not, the first reason. */
export const whyNotTaken = (
  files: readonly EvidenceFile[],
  terms: EvidenceFileTerms | undefined,
): Pick<EvidenceFileRefused, 'reason' | 'file'> | null => {
  const all = (reason: EvidenceFileRefused['reason']) => ({ reason, file: null })
  if (files.length === 0) return null
  if (terms === undefined) return all('noneTaken')
  if (files.length > terms.mostFiles) return all('tooMany')
  const kinds = new Map<EvidencePurpose, number>()
  for (const [file, { mediaType, shows, bytes }] of files.entries()) {
    const alike = (kinds.get(shows) ?? 0) + 1
    kinds.set(shows, alike)
    if (!isOfType(mediaType, bytes)) return { reason: 'notWhatItSays', file }
    if (!terms.mediaTypes.includes(mediaType)) return { reason: 'mediaType', file }
    if (bytes.length > terms.mostBytes) return { reason: 'tooLarge', file }
    if (alike > terms.mostOfAKind) return { reason: 'tooManyOfAKind', file }
  }
  const together = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return together > terms.mostBytesTogether ? all('tooLargeTogether') : null
}

const beginnings: Readonly<Record<EvidenceMediaType, readonly (readonly number[])[]>> = {
  'image/jpeg': [[0xff, 0xd8, 0xff]],
  'image/png': [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  'image/bmp': [[0x42, 0x4d]],
  // GIF87a and GIF89a
  'image/gif': [
    [0x47, 0x49, 0x46, 0x38, 0x37, 0x61],
    [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
  ],
  // %PDF-
  'application/pdf': [[0x25, 0x50, 0x44, 0x46, 0x2d]],
}

/** How long the second header of a bitmap may be: two letters at the beginning are any text's too. */
const bitmapHeaders = [12, 40, 52, 56, 64, 108, 124]

const isOfType = (mediaType: EvidenceMediaType, bytes: Uint8Array): boolean => {
  const begins = beginnings[mediaType].some((magic) => magic.every((byte, place) => bytes[place] === byte))
  if (mediaType !== 'image/bmp') return begins
  return begins && bytes.length >= 26 && bitmapHeaders.includes(bytes[14] ?? 0) && bytes[15] === 0
}
