import { createServer, type IncomingMessage } from 'node:http'

/** A request as it came over the wire. */
export type Received = {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export type Told = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** What goes wrong with a request: before or after the work, or in what is said of it. */
type Fault =
  | { readonly kind: 'cutBefore' }
  | { readonly kind: 'cutAfter' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'say'; readonly told: Told }
  | { readonly kind: 'alter'; readonly alter: (told: Told) => Told }

/** A server on this machine that breaks when it is told to. */
export type Loopback = {
  readonly baseUrl: string
  /** What goes wrong with the next requests, one each. */
  readonly fail: (...faults: readonly Fault[]) => void
  /** What came, oldest first. */
  readonly received: readonly Received[]
  readonly stop: () => Promise<void>
}

const read = async (request: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  }
}

/** Starts a server that answers as `answer` says. */
export const startLoopback = async (answer: (request: Received) => Promise<Told> | Told): Promise<Loopback> => {
  const faults: Fault[] = []
  const received: Received[] = []
  const server = createServer((request, response) => {
    const respond = async () => {
      const came = await read(request)
      received.push(came)
      const fault = faults.shift()
      if (fault?.kind === 'cutBefore') return request.socket.destroy()
      const told = fault?.kind === 'say' ? fault.told : await answer(came)
      if (fault?.kind === 'cutAfter') return request.socket.destroy()
      if (fault?.kind === 'hang') return undefined
      const said = fault?.kind === 'alter' ? fault.alter(told) : told
      return response.writeHead(said.status, { ...said.headers }).end(said.status === 204 ? undefined : said.body)
    }
    respond().catch((error: unknown) => response.writeHead(599).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    baseUrl: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    fail: (...more) => {
      faults.push(...more)
    },
    received,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The text of JSON, and its header. */
export const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Told => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** Keeps what a test has opened, to close it after the test. */
export const createCloser = () => {
  const open: { readonly stop: () => Promise<void> }[] = []
  return {
    keep: <Opened extends { readonly stop: () => Promise<void> }>(opened: Opened): Opened => {
      open.push(opened)
      return opened
    },
    closeAll: async () => {
      for (const each of open.splice(0)) await each.stop()
    },
  }
}
