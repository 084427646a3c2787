import { randomBytes } from 'node:crypto'
import type { EvidenceFile } from 'shopwright/payments'
import { toBytes } from './http.js'

/** A file in a form. */
export type FormFile = {
  readonly field: string
  readonly fileName: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** What a field of a form says; JSON has a type of its own. */
export type FormField = { readonly field: string; readonly text: string; readonly mediaType?: string }

/**
 * Writes a form with files in it (`multipart/form-data`). Names of fields and files are letters, digits, `.`, `_` and `-`
 * only, so that none can end its line.
 */
export const writeMultipart = (
  fields: readonly FormField[],
  files: readonly FormFile[],
): { readonly contentType: string; readonly body: Uint8Array<ArrayBuffer> } => {
  const boundary = `shopwright${randomBytes(18).toString('hex')}`
  const parts = [
    ...fields.map(({ field, text, mediaType }) => ({
      head: [`name="${field}"`, mediaType],
      bytes: toBytes(text) as Uint8Array,
    })),
    ...files.map(({ field, fileName, mediaType, bytes }) => ({
      head: [`name="${field}"; filename="${fileName}"`, mediaType],
      bytes,
    })),
  ].flatMap(({ head: [disposition, mediaType], bytes }) => [
    toBytes(
      `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${
        mediaType === undefined ? '' : `Content-Type: ${mediaType}\r\n`
      }\r\n`,
    ),
    bytes,
    toBytes('\r\n'),
  ])
  const pieces = [...parts, toBytes(`--${boundary}--\r\n`)]
  const body = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  pieces.reduce((at, piece) => {
    body.set(piece, at)
    return at + piece.length
  }, 0)
  return { contentType: `multipart/form-data; boundary=${boundary}`, body }
}

const endings: Readonly<Record<EvidenceFile['mediaType'], string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/bmp': 'bmp',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
}

/** How a file ends that is of a type. */
export const endingOf = ({ mediaType }: Pick<EvidenceFile, 'mediaType'>): string => endings[mediaType]

/** What a file of evidence is called where letters, digits and little else are taken: its place, its name, its ending. */
export const fileNameOf = (file: Pick<EvidenceFile, 'name' | 'mediaType'>, place: number): string => {
  const stem = file.name
    .replace(/\.[0-9A-Za-z]{1,5}$/, '')
    .replace(/[^0-9A-Za-z_-]+/g, '_')
    .slice(0, 60)
  return `${place + 1}-${stem}.${endingOf(file)}`
}
