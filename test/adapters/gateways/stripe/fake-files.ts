import { json, type Received, type Told } from '../loopback.js'
import { readMultipart } from '../read-multipart.js'

/** Files that are handed to Stripe as evidence. */
export const createFakeFiles = ({
  idOf,
  refuse,
}: {
  readonly idOf: (prefix: string, text: string) => string
  readonly refuse: (status: number, facts: object) => Told
}) => {
  const files = new Map<string, { readonly name: string; readonly bytes: Buffer }>()
  const upload = (request: Received): Told => {
    const parts = readMultipart(request) ?? []
    const file = parts.find(({ name }) => name === 'file')
    const purpose = parts.find(({ name }) => name === 'purpose')?.bytes.toString()
    if (
      file?.fileName === null ||
      file === undefined ||
      purpose !== 'dispute_evidence' ||
      file.bytes.length > 5_000_000
    ) {
      return refuse(400, { type: 'invalid_request_error', param: 'file' })
    }
    const id = idOf('file', `${files.size}`)
    files.set(id, { name: file.fileName, bytes: file.bytes })
    return json(200, { id, object: 'file', purpose, size: file.bytes.length })
  }

  return { files, upload }
}
