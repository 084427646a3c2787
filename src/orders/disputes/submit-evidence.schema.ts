import type { Result } from 'neverthrow'
import * as z from 'zod'
import type { EvidenceFile } from '../../payments/evidence-file.js'
import type { InvalidInput } from '../../shared/errors.js'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Which dispute is contested, and why. */
export type SubmitEvidenceInput = {
  readonly disputeId: string
  /** What staff says to it, 1 to 10,000 characters; it goes to the gateway and is not kept. */
  readonly explanation: string
  /** Whether what holds no money is settled by this, as the shop sees it; not so when absent. */
  readonly concludes?: boolean
  /**
   * Pictures and documents, at most 10 of 1 to 10,000,000 bytes, 20,000,000 together; a gateway may take fewer. They go to
   * it and are not kept. What is not said to show something shows something `other`.
   */
  readonly files?: readonly (Omit<EvidenceFile, 'shows'> & Partial<Pick<EvidenceFile, 'shows'>>)[]
}

/** The most characters of an explanation, where a gateway names no fewer. */
export const mostOfExplanation = 10_000

const mostFiles = 10
const mostBytes = 10_000_000
const mostBytesTogether = 20_000_000

/** An input as a command keeps a fingerprint of it: text throughout, the bytes of a file as characters. */
type Checked = Omit<SubmitEvidenceInput, 'files'> & { readonly files?: readonly CheckedFile[] }
type CheckedFile = Omit<EvidenceFile, 'bytes'> & { readonly content: string }

const fileSchema = z.strictObject({
  name: freeTextSchema(100).min(1),
  mediaType: z.enum(['image/jpeg', 'image/png', 'image/bmp', 'image/gif', 'application/pdf']),
  shows: z.enum(['delivery', 'conversation', 'receipt', 'other']).default('other'),
  bytes: z.instanceof(Uint8Array).refine(({ length }) => length >= 1 && length <= mostBytes, {
    error: `A file has 1 to ${mostBytes} bytes`,
  }),
})

const filesSchema = z
  .array(fileSchema)
  .max(mostFiles)
  .refine((files) => files.reduce((sum, { bytes }) => sum + bytes.length, 0) <= mostBytesTogether, {
    error: `Files have ${mostBytesTogether} bytes together at most`,
  })
  .transform((files) => files.map(({ bytes, ...file }) => ({ ...file, content: textOf(bytes) })))

const parseChecked = parseInput<Checked>(
  schemaOf<Checked>()(
    z.strictObject({
      disputeId: z.string().min(1).max(300),
      explanation: freeTextSchema(mostOfExplanation).min(1),
      concludes: z.exactOptional(z.boolean()),
      files: z.exactOptional(filesSchema),
    }),
  ),
)

/**
 * Checks an input.
 *
 * @errors InvalidInput
 */
export const parseSubmitEvidence: (input: unknown) => Result<Checked, InvalidInput> = parseChecked

/** The files of a checked input. */
export const filesOf = ({ files = [] }: Checked): readonly EvidenceFile[] =>
  files.map(({ content, ...file }) => ({ ...file, bytes: bytesOf(content) }))

// One character a byte, of those that any JSON may hold as they are.
const firstCharacter = 0x100
const chunkSize = 8_192

const textOf = (bytes: Uint8Array): string => {
  let text = ''
  for (let from = 0; from < bytes.length; from += chunkSize) {
    text += String.fromCharCode(...Array.from(bytes.subarray(from, from + chunkSize), (byte) => byte + firstCharacter))
  }
  return text
}

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length }, (_, place) => text.charCodeAt(place) - firstCharacter)
