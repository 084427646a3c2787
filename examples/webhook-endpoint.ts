import { createServer } from 'node:http'
import { createShop } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

const { now } = examplePorts.clock
const gateway = createSandboxGateway({ now, keys: [{ keyId: 'k1', secret: 'secret of the sandbox' }] })
const shop = createShop({ ...examplePorts, storage: createMemoryStorage(), gateways: { sandbox: gateway } })
await sellMugs(shop, 5)

// #region node
const mostBytes = 1_000_000

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > mostBytes) return response.writeHead(413).end()
    chunks.push(chunk)
  }
  // The bytes as they came: what was parsed and written anew is not what was signed.
  const body = Buffer.concat(chunks)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const gatewayId = request.url?.split('/').at(-1) ?? ''
  const handled = await shop.orders.receiveNotification({ gatewayId, body, headers })
  if (handled.isErr()) return response.writeHead(404).end()
  const { acknowledgement } = handled.value
  return response.writeHead(acknowledgement.status, acknowledgement.headers).end(acknowledgement.body)
})
// #endregion

// #region fetch
const handleRequest = async (request: Request): Promise<Response> => {
  const gatewayId = new URL(request.url).pathname.split('/').at(-1) ?? ''
  const body = new Uint8Array(await request.arrayBuffer())
  const headers = Object.fromEntries(request.headers)
  const handled = await shop.orders.receiveNotification({ gatewayId, body, headers })
  if (handled.isErr()) return new Response(null, { status: 404 })
  const { status, headers: told, body: text } = handled.value.acknowledgement
  return new Response(text === '' ? null : text, { status, headers: told })
}
// #endregion

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

/** Ann orders a mug and pays it; what the gateway says of it is on its way. */
const sell = async () => {
  const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 1)))
  gateway.script({ kind: 'pending' })
  const { paymentId } = must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'eCny' }))
  gateway.pay(paymentId)
  const [notification] = await gateway.takeNotifications()
  if (notification === undefined) throw new Error('nothing was said')
  return { orderId, request: { method: 'POST', headers: notification.headers, body: Buffer.from(notification.body) } }
}
const stateOf = async (orderId: string) => must(await shop.orders.page(by('ann'), { orderId })).state

const first = await sell()
const forged = { ...first.request, body: Buffer.concat([first.request.body, Buffer.from(' ')]) }
const refused = await fetch(`http://127.0.0.1:${port}/notifications/sandbox`, forged)
const heard = await fetch(`http://127.0.0.1:${port}/notifications/sandbox`, first.request)
const stranger = await fetch(`http://127.0.0.1:${port}/notifications/nobody`, first.request)
console.log(`node:http: forged ${refused.status}, true ${heard.status}, of no gateway ${stranger.status}`)
await new Promise((resolve) => server.close(resolve))

const second = await sell()
const answered = await handleRequest(new Request('https://shop.example/notifications/sandbox', second.request))
console.log(`fetch: ${answered.status}, ${await answered.text()}`)
console.log(`orders: ${await stateOf(first.orderId)}, ${await stateOf(second.orderId)}`)
