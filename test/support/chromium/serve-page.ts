import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

/** A page that hands the browser's passkeys on, at an origin of its own. */
export type ServedPage = { readonly port: number; readonly close: () => Promise<void> }

const script = fileURLToPath(new URL('../../../examples/support/passkey-page.js', import.meta.url))

const page = '<!doctype html><meta charset="utf-8"><title>Shop</title>'

/** Serves an empty page, and beside it the module of the docs that such a page loads, on a free port of this machine. */
export const servePage = async (): Promise<ServedPage> => {
  const code = await readFile(script, 'utf8')
  const server = createServer(({ url }, response) => {
    const [type, body] = url === '/passkey-page.js' ? ['text/javascript', code] : ['text/html', page]
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The page got no port.')
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { port: address.port, close }
}
