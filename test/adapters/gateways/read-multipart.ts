import { Buffer } from 'node:buffer'
import type { Received } from './loopback.js'

/** A part of a form as it came. */
export type Part = {
  readonly name: string
  readonly fileName: string | null
  readonly mediaType: string | null
  readonly bytes: Buffer
}

/** Takes a form with files apart, line by line; null where the request is none, or is written otherwise than it may be. */
export const readMultipart = ({ headers, body }: Pick<Received, 'headers' | 'body'>): readonly Part[] | null => {
  const [, boundary] = /^multipart\/form-data; boundary=([0-9A-Za-z-]{1,70})$/.exec(headers['content-type'] ?? '') ?? []
  if (boundary === undefined) return null
  // One character a byte.
  const text = `\r\n${body.toString('latin1')}`
  const pieces = text.split(`\r\n--${boundary}`)
  if (pieces[0] !== '' || pieces.at(-1)?.trim() !== '--') return null
  const parts = pieces.slice(1, -1).map((piece): Part | null => {
    const end = piece.indexOf('\r\n\r\n')
    const [disposition = '', type = ''] = piece.slice(2, end).split('\r\n')
    const [, name, fileName = null] =
      /^Content-Disposition: form-data; name="([^"\r\n]+)"(?:; filename="([^"\r\n]+)")?$/.exec(disposition) ?? []
    const [, mediaType = null] = /^Content-Type: (\S+)$/.exec(type) ?? []
    return piece.startsWith('\r\n') && end > 0 && name !== undefined
      ? { name, fileName, mediaType, bytes: Buffer.from(piece.slice(end + 4), 'latin1') }
      : null
  })
  return parts.some((part) => part === null) ? null : parts.filter((part) => part !== null)
}
