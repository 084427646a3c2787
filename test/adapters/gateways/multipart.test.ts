import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileNameOf, writeMultipart } from '../../../adapters/gateways/multipart.js'
import { readMultipart } from './read-multipart.js'

const read = ({ contentType, body }: ReturnType<typeof writeMultipart>) =>
  readMultipart({ headers: { 'content-type': contentType }, body: Buffer.from(body) })

describe('forms with files', () => {
  it('are read as they were written, whatever bytes are in them', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.constantFrom('\r\n', '--', '\r\n--shopwright', '\r\n\r\n').map((text) => new TextEncoder().encode(text)),
    )
    fc.assert(
      fc.property(fc.string(), fc.array(bytes, { maxLength: 4 }), (text, files) => {
        const form = writeMultipart(
          [{ field: 'meta', text, mediaType: 'application/json' }],
          files.map((each, place) => ({
            field: `file${place}`,
            fileName: '1-slip.jpg',
            mediaType: 'image/jpeg',
            bytes: each,
          })),
        )
        expect(read(form)).toEqual([
          {
            name: 'meta',
            fileName: null,
            mediaType: 'application/json',
            bytes: Buffer.from(new TextEncoder().encode(text)),
          },
          ...files.map((each, place) => ({
            name: `file${place}`,
            fileName: '1-slip.jpg',
            mediaType: 'image/jpeg',
            bytes: Buffer.from(each),
          })),
        ])
      }),
    )
  })

  it('name files in letters that end no line and no quotation, each by its place', () => {
    expect(fileNameOf({ name: '签收 "1"\r\nX: y.exe', mediaType: 'image/png' }, 0)).toBe('1-_1_X_y.png')
    expect(fileNameOf({ name: '../../etc/passwd', mediaType: 'application/pdf' }, 3)).toBe('4-_etc_passwd.pdf')
    fc.assert(
      fc.property(fc.string(), fc.nat(9), (name, place) => {
        expect(fileNameOf({ name, mediaType: 'image/jpeg' }, place)).toMatch(/^\d{1,2}-[0-9A-Za-z_-]{0,60}\.jpg$/)
      }),
    )
  })
})
