import type { EvidenceFile, EvidenceFileTerms, EvidenceMediaType, EvidencePurpose } from 'shopwright/payments'
import { expectEqual } from './assert.js'
import type { GatewayUnderTest } from './gateway-under-test.js'

const bitmap = [...'BM'].map((letter) => letter.charCodeAt(0))
const beginnings: Readonly<Record<EvidenceMediaType, readonly number[]>> = {
  'image/jpeg': [0xff, 0xd8, 0xff, 0xe0],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/bmp': [...bitmap, ...Array.from({ length: 12 }, () => 0), 40, 0, ...Array.from({ length: 10 }, () => 0)],
  'image/gif': [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
}
const purposes: readonly EvidencePurpose[] = ['delivery', 'conversation', 'receipt', 'other']

/** As many files as a gateway takes, of each type that it takes, with bytes in them that no text has. */
export const evidenceFiles = ({ mediaTypes, mostFiles, mostOfAKind }: EvidenceFileTerms): readonly EvidenceFile[] =>
  Array.from({ length: Math.min(mostFiles, mostOfAKind * purposes.length) }, (_, place): EvidenceFile => {
    const mediaType = mediaTypes[place % mediaTypes.length] ?? 'image/png'
    const line = [0x0d, 0x0a, 0x2d, 0x2d, 0x00, 0xff, place]
    return {
      name: `签收 "${place}"\r\n.x`,
      mediaType,
      shows: purposes[place % purposes.length] ?? 'other',
      bytes: Uint8Array.from([...beginnings[mediaType], ...line]),
    }
  })

const inOrder = (files: readonly Uint8Array[]): readonly string[] =>
  files.map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')).sort()

/** What a gateway shows of a dispute is these files, byte by byte, each once. */
export const expectShown = async (
  { shownFiles }: GatewayUnderTest,
  attemptRef: string,
  files: readonly EvidenceFile[],
): Promise<void> => {
  if (shownFiles === undefined) throw new Error('nobody to look at the files')
  const shown = inOrder(await shownFiles(attemptRef))
  expectEqual(shown, inOrder(files.map(({ bytes }) => bytes)), 'the files')
}
