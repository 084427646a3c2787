import type { OutgoingMessage } from 'shopwright'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { notifierCases } from '../../adapters/contract/notifier.js'
import { createChannelNotifier } from '../../adapters/notify/channels/index.js'
import { createHttpSmsNotifier } from '../../adapters/notify/http-sms/index.js'
import { createSmtpNotifier, type SmtpOptions } from '../../adapters/notify/smtp/index.js'
import { openTransport, settingsOf } from '../../adapters/notify/smtp/transport.js'
import { runContract } from '../support/run-contract.js'
import { createCloser, startLoopback } from './gateways/loopback.js'

const closer = createCloser()
afterEach(closer.closeAll)

/** A mail as a server on this machine was handed it. */
type Delivered = { readonly to: readonly string[]; readonly from: string; readonly raw: string }

const openMailServer = async (options: SMTPServerOptions = {}) => {
  const delivered: Delivered[] = []
  let refusal: { readonly code: number; readonly text: string } | undefined
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refusal !== undefined) {
          done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }))
          return
        }
        const { mailFrom, rcptTo } = session.envelope
        delivered.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          raw: Buffer.concat(chunks).toString(),
        })
        done()
      })
    },
    ...options,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closer.keep({ stop: () => new Promise((resolve) => server.close(() => resolve())) })
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    delivered,
    refuse: (code: number, text: string) => {
      refusal = { code, text }
    },
  }
}

const from = { name: '小店', address: 'shop@shop.example' }
const smtp = async (port: number, more: Partial<SmtpOptions> = {}) =>
  (await createSmtpNotifier({ host: '127.0.0.1', port, from, ...more }))._unsafeUnwrap()

const message: OutgoingMessage = {
  messageId: 'cause/account_1/email',
  channel: 'email',
  to: 'ann@example.com',
  subject: '激活您的账户',
  text: 'canary-code 123456\n.\nend',
  locale: 'zh-CN',
}

/** What a mail says, its transfer encodings undone. */
const readable = (raw: string): string => {
  const [, head = '', body = ''] = /^([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(raw) ?? []
  const words = head
    .replace(/\r\n[ \t]+/g, ' ')
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString())
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_, text: string) => quoted(text.replaceAll('_', ' ')))
  const text = /content-transfer-encoding: base64/i.test(head)
    ? Buffer.from(body, 'base64').toString()
    : /content-transfer-encoding: quoted-printable/i.test(head)
      ? quoted(body.replaceAll('=\r\n', ''))
      : body
  return `${words}\n\n${text}`
}

const quoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

runContract('the SMTP notifier', notifierCases, async () => {
  const server = await openMailServer()
  return {
    notifier: await smtp(server.port),
    delivered: () => server.delivered.map(({ to, raw }) => `${to.join()} ${readable(raw)}`),
    breakChannel: () => server.refuse(451, `canary ${message.to} 123456`),
  }
})

describe('mail by SMTP', () => {
  it('goes to one receiver from the shop, under an id that is the same on every try', async () => {
    const server = await openMailServer()
    const notifier = await smtp(server.port)
    for (let tried = 0; tried < 2; tried += 1) (await notifier.send(message))._unsafeUnwrap()
    expect(server.delivered.map(({ to }) => to)).toEqual([['ann@example.com'], ['ann@example.com']])
    expect(server.delivered[0]?.from).toBe('shop@shop.example')
    const mail = readable(server.delivered[0]?.raw ?? '')
    expect(mail).toContain('Subject: 激活您的账户')
    expect(mail).toContain('From: 小店 <shop@shop.example>')
    expect(mail).toContain('canary-code 123456\n.\nend'.replaceAll('\n', mail.includes('123456\r\n') ? '\r\n' : '\n'))
    const ids = server.delivered.map(({ raw }) => /^message-id: (.*)$/im.exec(raw)?.[1]?.trim())
    expect(ids).toEqual(['<cause-account-1-email@shop.example>', '<cause-account-1-email@shop.example>'])
  })

  it('attack 16: fails to make a receiver, a header or a file of what people type', async () => {
    const server = await openMailServer()
    const notifier = await smtp(server.port)
    const receivers = [
      'ann@example.com\r\nBcc: evil@example.com',
      'ann@example.com, evil@example.com',
      'Ann <ann@example.com>',
      '"evil@example.com ann"@example.com',
      'ann@example.com\u0000',
    ]
    for (const to of receivers) {
      const refused = (await notifier.send({ ...message, to }))._unsafeUnwrapErr()
      expect(refused).toMatchObject({ type: 'NotifyFailed', retry: false })
    }
    expect(server.delivered).toEqual([])
    ;(await notifier.send({ ...message, subject: 'a\r\nBcc: evil@example.com\r\n\r\nx' }))._unsafeUnwrap()
    expect(server.delivered[0]?.to).toEqual(['ann@example.com'])
    expect(server.delivered[0]?.raw).not.toMatch(/^bcc:/im)
  })

  it('is tried again where the server may take it later, and not where it never will', async () => {
    const server = await openMailServer()
    const notifier = await smtp(server.port)
    const refusal = async () => {
      const failed = (await notifier.send(message))._unsafeUnwrapErr()
      expect(JSON.stringify(failed)).not.toMatch(/canary|ann@/)
      return failed
    }
    server.refuse(451, 'canary ann@example.com: later')
    expect(await refusal()).toMatchObject({ retry: true })
    server.refuse(550, 'canary ann@example.com: nobody here')
    expect(await refusal()).toMatchObject({ retry: false })
    const nobody = await smtp(1)
    expect((await nobody.send(message))._unsafeUnwrapErr()).toMatchObject({ retry: true })
  })

  it('shows its password, and says nothing of it when it is wrong', async () => {
    const server = await openMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, done) =>
        password === 'canary-right' ? done(null, { user: username }) : done(new Error(`no, not ${password}`)),
    })
    const right = await smtp(server.port, { user: 'shop', password: 'canary-right' })
    expect((await right.send(message)).isOk()).toBe(true)
    const wrong = await smtp(server.port, { user: 'shop', password: 'canary-wrong' })
    const refused = (await wrong.send(message))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ retry: true, detail: 'EAUTH 535' })
  })

  it('needs the package, options that can be right, and TLS for every host but this machine', async () => {
    const options: SmtpOptions = { host: 'mail.example', port: 587, from }
    const absent = await openTransport(options, () => Promise.reject(new Error('none')))
    expect(absent._unsafeUnwrapErr()).toMatchObject({ type: 'PackageMissing', install: 'npm install nodemailer' })
    const wrong = async (more: Partial<SmtpOptions>) =>
      (await createSmtpNotifier({ ...options, ...more })).match(
        () => 'ok',
        (error) => ('option' in error ? error.option : error.type),
      )
    expect(await wrong({ host: 'a b' })).toBe('host')
    expect(await wrong({ port: 0 })).toBe('port')
    expect(await wrong({ from: { name: 'x', address: 'x\r\ny' } })).toBe('from')
    expect(await wrong({ timeoutMs: -1 })).toBe('timeoutMs')
    expect(settingsOf(options)).toMatchObject({ secure: false, requireTLS: true, disableFileAccess: true })
    expect(settingsOf({ host: 'mail.example', from })).toMatchObject({ port: 465, secure: true })
  })
})

const sms: OutgoingMessage = { ...message, channel: 'sms', to: '+8613800138000', messageId: 'cause/account_1/sms' }

describe('text messages over HTTP', () => {
  const open = async (status = 202, timeoutMs = 10_000) => {
    const server = closer.keep(await startLoopback(() => ({ status, body: `{"to":"${sms.to}"}` })))
    const url = `${server.baseUrl}/v1/messages?from=shop`
    const notifier = createHttpSmsNotifier({ url, token: 'canary-token', timeoutMs })._unsafeUnwrap()
    return { server, url, notifier }
  }

  it('are posted as JSON with the token and the id', async () => {
    const { server, notifier, url } = await open()
    ;(await notifier.send(sms))._unsafeUnwrap()
    const [came] = server.received
    expect(came).toMatchObject({ method: 'POST', path: '/v1/messages?from=shop' })
    expect(came?.headers).toMatchObject({
      authorization: 'Bearer canary-token',
      'idempotency-key': 'cause%2Faccount_1%2Fsms',
    })
    expect(JSON.parse(came?.body.toString() ?? '')).toEqual({ to: sms.to, text: sms.text, messageId: sms.messageId })
    const shaped = createHttpSmsNotifier({ url, token: 't', body: ({ to }) => ({ phone: to }) })._unsafeUnwrap()
    ;(await shaped.send(sms))._unsafeUnwrap()
    expect(JSON.parse(server.received[1]?.body.toString() ?? '')).toEqual({ phone: sms.to })
  })

  it.each([
    [400, false],
    [403, false],
    [408, true],
    [429, true],
    [503, true],
    [302, false],
  ])('that are answered by %i: tried again %s', async (status, retry) => {
    const { notifier } = await open(status)
    const failed = (await notifier.send(sms))._unsafeUnwrapErr()
    expect(failed).toEqual({ type: 'NotifyFailed', retry, detail: `status ${status}` })
  })

  it('are tried again when nothing is answered, and are for one number only', async () => {
    const { server, notifier } = await open(202, 200)
    server.fail({ kind: 'cutBefore' }, { kind: 'hang' })
    for (let tried = 0; tried < 2; tried += 1) {
      expect((await notifier.send(sms))._unsafeUnwrapErr()).toMatchObject({ retry: true })
    }
    for (const wrong of [{ to: '13800138000' }, { to: '+861,+862' }, { channel: 'email' as const }]) {
      expect((await notifier.send({ ...sms, ...wrong }))._unsafeUnwrapErr()).toMatchObject({ retry: false })
    }
    expect(server.received).toHaveLength(2)
  })

  it('need a service on https and a token', () => {
    const made = (url: string, token = 't') =>
      createHttpSmsNotifier({ url, token }).match(
        () => 'ok',
        ({ option }) => option,
      )
    expect(made('http://sms.example/send')).toBe('url')
    expect(made('nothing')).toBe('url')
    expect(made('https://u:p@sms.example/')).toBe('url')
    expect(made('https://sms.example/send', 'a\nb')).toBe('token')
    expect(made('https://sms.example/send')).toBe('ok')
  })
})

describe('a notifier of several channels', () => {
  it('hands each message to who takes its channel, and refuses for good what nobody takes', async () => {
    const server = await openMailServer()
    const posted = closer.keep(await startLoopback(() => ({ status: 200, body: '' })))
    const notifier = createChannelNotifier({
      email: await smtp(server.port),
      sms: createHttpSmsNotifier({ url: posted.baseUrl, token: 't' })._unsafeUnwrap(),
    })
    ;(await notifier.send(message))._unsafeUnwrap()
    ;(await notifier.send(sms))._unsafeUnwrap()
    expect([server.delivered.length, posted.received.length]).toEqual([1, 1])
    const refused = (await notifier.send({ ...sms, channel: 'push' }))._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'NotifyFailed', retry: false, detail: 'nobody takes push' })
  })
})
