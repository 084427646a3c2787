import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from './find-chromium.js'

/** What a command of the DevTools protocol is given and answers. */
export type Fields = Readonly<Record<string, unknown>>

/** A tab. */
export type Page = {
  /** Sends a command of the DevTools protocol for this tab. */
  readonly send: (method: string, params?: Fields) => Promise<Fields>
  /** Goes to a page; what is evaluated from then on is evaluated there. */
  readonly visit: (url: string) => Promise<void>
  /** Evaluates an expression in the page, as if the person had just clicked; answers what its promise holds, as JSON. */
  readonly evaluate: (expression: string) => Promise<unknown>
}

/** A browser without a window, with a profile of its own. */
export type Chromium = { readonly openPage: () => Promise<Page>; readonly close: () => Promise<void> }

type Waiting = { readonly resolve: (result: Fields) => void; readonly reject: (error: Error) => void }

// A machine under load may take long over what is done in a moment; a test's own end is the last word.
const answerTimeoutMs = 90_000

const flags = [
  '--headless=new',
  '--remote-debugging-pipe',
  // In a container there are no name spaces to make a sandbox of; what is shown comes from these tests alone.
  '--no-sandbox',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-gpu',
  '--disable-sync',
  '--password-store=basic',
  '--use-mock-keychain',
]

// The browser ends by itself when the pipes of its commands close, however this process ends; then its profile is removed.
const guard = 'profile=$1; shift; "$@"; rm -rf "$profile" 2>/dev/null || { sleep 1; rm -rf "$profile"; }'

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** Starts the Chromium of this machine and speaks the DevTools protocol with it over two pipes. */
export const openChromium = async (): Promise<Chromium> => {
  const program = findChromium()
  if (program === undefined) throw new Error('No Chromium on this machine.')
  const profile = await mkdtemp(join(tmpdir(), 'shopwright-chromium-'))
  const browser = spawn(
    '/bin/sh',
    ['-c', guard, 'chromium-guard', profile, program, ...flags, `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], env: { ...process.env, HOME: profile }, detached: true },
  )
  const waiting = new Map<number, Waiting>()
  let said = ''
  let over: Error | undefined
  let commands = 0

  const end = (reason: string): void => {
    over ??= new Error(`${reason}\n${said}`)
    for (const { reject } of waiting.values()) reject(over)
    waiting.clear()
  }
  const ended = new Promise<void>((resolve) => {
    browser.once('error', (error) => {
      end(`Chromium did not start: ${error.message}`)
      resolve()
    })
    browser.once('exit', (code, signal) => {
      end(`Chromium ended: ${signal ?? code}`)
      resolve()
    })
  })
  browser.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4_000)
  })

  const hear = (text: string): void => {
    const message: unknown = JSON.parse(text)
    if (!isFields(message)) return
    const { id, result, error } = message
    // What it tells without being asked is of no use here.
    if (typeof id !== 'number') return
    const asked = waiting.get(id)
    waiting.delete(id)
    if (isFields(result)) asked?.resolve(result)
    else asked?.reject(new Error(`DevTools: ${JSON.stringify(error)}`))
  }
  const [, , , commandPipe, answerPipe] = browser.stdio
  if (!(commandPipe instanceof Socket && answerPipe instanceof Socket)) throw new Error('Chromium has no pipes.')
  commandPipe.on('error', () => {})
  let heard: Buffer[] = []
  answerPipe.on('data', (chunk: Buffer) => {
    // Messages end with a nought; one may come in many pieces.
    let from = 0
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, from)) {
      hear(Buffer.concat([...heard, chunk.subarray(from, at)]).toString('utf8'))
      heard = []
      from = at + 1
    }
    heard.push(chunk.subarray(from))
  })
  answerPipe.on('error', () => {})

  const send = (method: string, params: Fields = {}, sessionId?: string): Promise<Fields> =>
    new Promise((resolve, reject) => {
      if (over !== undefined) {
        reject(over)
        return
      }
      commands += 1
      const id = commands
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Error(`Chromium did not answer ${method} within ${answerTimeoutMs} ms\n${said}`))
      }, answerTimeoutMs)
      const settle =
        <Value>(go: (value: Value) => void) =>
        (value: Value): void => {
          clearTimeout(timer)
          go(value)
        }
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
      commandPipe.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })

  const close = async (): Promise<void> => {
    // Asked to end, it may be gone before it answers; its pipes are closed, and at last it is killed with its children.
    await Promise.race([send('Browser.close').catch(() => {}), ended])
    commandPipe.end()
    const killer = setTimeout(() => {
      if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL')
    }, 10_000)
    await ended
    clearTimeout(killer)
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  const openPage = async (): Promise<Page> => {
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
    if (typeof sessionId !== 'string') throw new Error('Chromium opened no tab.')
    const inPage = (method: string, params?: Fields) => send(method, params, sessionId)
    return {
      send: inPage,
      visit: async (url) => {
        const { errorText } = await inPage('Page.navigate', { url })
        if (errorText !== undefined) throw new Error(`${url}: ${errorText}`)
      },
      evaluate: async (expression) => {
        const options = { awaitPromise: true, returnByValue: true, userGesture: true }
        const { result, exceptionDetails } = await inPage('Runtime.evaluate', { expression, ...options })
        if (exceptionDetails !== undefined) throw new Error(`in the page: ${JSON.stringify(exceptionDetails)}`)
        return isFields(result) ? result.value : undefined
      },
    }
  }

  try {
    await send('Browser.getVersion')
  } catch (error) {
    await close()
    throw error
  }
  return { openPage, close }
}
