import { type Actor, createShop } from 'shopwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPasskeyVerifier } from '../../adapters/passkeys/simplewebauthn/index.js'
import { hotpCode, secretBytesOf, stepAt } from '../../src/accounts/second-factor/one-time-code.js'
import { must, openShop } from '../shop/open-shop.js'
import { by, join, password } from '../shop/world.js'
import { type Chromium, type Fields, openChromium, type Page } from '../support/chromium/open-chromium.js'
import { type ServedPage, servePage } from '../support/chromium/serve-page.js'
import { unchecked } from '../support/unchecked.js'

// Collected only where a Chromium is found (see vitest.config.ts).

const guest: Actor = { kind: 'guest', guestId: 'laptop' }

let chromium: Chromium
let shopPage: ServedPage
let otherPage: ServedPage

beforeAll(async () => {
  ;[chromium, shopPage, otherPage] = await Promise.all([openChromium(), servePage(), servePage()])
})
afterAll(async () => {
  await Promise.all([chromium?.close(), shopPage?.close(), otherPage?.close()])
})

type Device = Awaited<ReturnType<typeof openDevice>>

const telephone = { transport: 'internal', hasUserVerification: true, isUserVerified: true }
/** A stick that is only touched: it cannot tell who does. */
const stick = { transport: 'usb', hasUserVerification: false, isUserVerified: false } as const

/** A tab with an authenticator of its own; by default one that verifies its person, as a telephone does. */
const openDevice = async (kind = telephone) => {
  const page: Page = await chromium.openPage()
  await page.send('WebAuthn.enable')
  const { authenticatorId } = await page.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', hasResidentKey: true, automaticPresenceSimulation: true, ...kind },
  })
  await page.visit(`http://localhost:${shopPage.port}/`)
  /** What the page answers, or the name of the browser's refusal. */
  const ask = async (verb: 'createPasskey' | 'signByPasskey', options: object): Promise<Fields> => {
    const answer = await page.evaluate(
      `import('/passkey-page.js').then((page) => page.${verb}(${JSON.stringify(options)})).then(
        (made) => ({ made }), (error) => ({ browserRefused: error.name }))`,
    )
    if (typeof answer !== 'object' || answer === null) throw new Error('the page answered nothing')
    if (!('made' in answer)) return { ...answer } as const
    return { ...(answer.made as object) } as const
  }
  const credentials = async () => (await page.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  return {
    page,
    create: (options: object) => ask('createPasskey', options),
    sign: (options: object) => ask('signByPasskey', options),
    verifyNobody: () => page.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    credential: async (): Promise<Fields> => {
      const kept = await credentials()
      if (!Array.isArray(kept) || kept.length !== 1) throw new Error(`credentials: ${JSON.stringify(kept)}`)
      return kept[0]
    },
    keep: (credential: Fields) => page.send('WebAuthn.addCredential', { authenticatorId, credential }),
  } as const
}

const open = async () => {
  const opened = await openShop()
  const origin = `http://localhost:${shopPage.port}` as const
  const verifier = await createPasskeyVerifier({ rpId: 'localhost', rpName: 'Shop', origins: [origin] })
  const shop = createShop({ ...opened.ports, passkeys: must(verifier) })
  const owner = await join({ ...opened, shop }, 'owner@example.com', 'Owner')
  const invite = async () => must(await shop.accounts.beginPasskeyRegistration(by(owner.actor), {}))
  const add = async (device: Device) => {
    const { challengeId, options } = await invite()
    return shop.accounts.finishPasskeyRegistration(
      by(owner.actor),
      unchecked({
        challengeId,
        ...(await device.create(options)),
      }),
    )
  }
  const enter = async (device: Device, altered: object = {}) => {
    const { challengeId, options } = must(await shop.accounts.beginPasskeySignIn(by(guest), {}))
    const made = await device.sign({ ...options, ...altered })
    return shop.accounts.finishPasskeySignIn(by(guest), unchecked({ challengeId, ...made }))
  }
  return { ...opened, shop, owner, invite, add, enter }
}

const tagOf = (result: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['enter']>>): string =>
  result.match(
    () => 'ok',
    (error) => error.type,
  )

describe('passkeys of a real browser', () => {
  it('are made, sign in without a name, prove once more who one is, and lead nowhere once taken off', async () => {
    const { shop, owner, add, enter, pass } = await open()
    const { accountId } = owner
    const phone = await openDevice()
    const { passkeyId } = must(await add(phone))
    const entered = must(await enter(phone))
    expect(entered.accountId).toBe(accountId)

    const { actor } = must(await shop.accounts.actorOf(entered.token))
    pass(11 * 60_000)
    const late = await shop.accounts.removePasskey(by(actor), { passkeyId })
    expect(late._unsafeUnwrapErr().type).toBe('StepUpRequired')
    const { challengeId, options } = must(await shop.accounts.beginPasskeyStepUp(by(actor), {}))
    const proof = { kind: 'passkey', challengeId, ...(await phone.sign(options)) } as const
    const { token } = must(await shop.accounts.stepUp(by(actor), unchecked(proof)))
    const fresh = must(await shop.accounts.actorOf(token)).actor
    must(await shop.accounts.removePasskey(by(fresh), { passkeyId }))
    expect(tagOf(await enter(phone))).toBe('PasskeyRefused')
  })

  it('are the second proof of a sign-in by password, signed by a key of that account', async () => {
    const { shop, owner, add, now } = await open()
    const phone = await openDevice()
    must(await add(phone))
    const { secret } = must(await shop.accounts.enrolTotp(by(owner.actor), {}))
    must(await shop.accounts.confirmTotp(by(owner.actor), { code: hotpCode(secretBytesOf(secret), stepAt(now())) }))
    const half = await shop.accounts.signIn(by(guest), { identifier: owner.email, password })
    const error = half._unsafeUnwrapErr()
    if (error.type !== 'SecondFactorRequired' || error.passkey === undefined) throw new Error(error.type)
    const stranger = await openDevice()
    expect(await stranger.sign(error.passkey)).toEqual({ browserRefused: 'NotAllowedError' })
    const proof = { kind: 'passkey', challengeId: error.challengeId, ...(await phone.sign(error.passkey)) } as const
    expect(must(await shop.accounts.confirmSignIn(by(guest), unchecked(proof))).accountId).toBe(owner.accountId)
  })

  it('are made once on a device: the browser knows it by what the shop says', async () => {
    const { invite, add } = await open()
    const phone = await openDevice()
    must(await add(phone))
    expect(await phone.create((await invite()).options)).toEqual({ browserRefused: 'InvalidStateError' })
  })

  it('of a person who was not verified are refused by the browser, and by the shop where a page asked for less', async () => {
    const { invite, add, enter, shop, owner } = await open()
    const phone = await openDevice()
    must(await add(phone))
    await phone.verifyNobody()
    const { options } = must(await shop.accounts.beginPasskeySignIn(by(guest), {}))
    expect(await phone.sign(options)).toEqual({ browserRefused: 'NotAllowedError' })
    expect(tagOf(await enter(phone, { userVerification: 'discouraged' }))).toBe('PasskeyRefused')
    const touched = await openDevice(stick)
    const asked = await invite()
    expect(await touched.create(asked.options)).toEqual({ browserRefused: 'NotAllowedError' })
    const authenticatorSelection = { residentKey: 'discouraged', userVerification: 'discouraged' } as const
    const made = await touched.create({ ...asked.options, authenticatorSelection })
    expect(made.attestationObject).toBeTypeOf('string')
    const added = await shop.accounts.finishPasskeyRegistration(
      by(owner.actor),
      unchecked({
        challengeId: asked.challengeId,
        ...made,
      }),
    )
    expect(added._unsafeUnwrapErr().type).toBe('PasskeyRefused')
  })

  it('that were copied to another device are refused once the owner has used theirs since', async () => {
    const { add, enter } = await open()
    const phone = await openDevice()
    must(await add(phone))
    expect(tagOf(await enter(phone))).toBe('ok')
    const thief = await openDevice()
    await thief.keep(await phone.credential())
    expect(tagOf(await enter(phone))).toBe('ok')
    expect(tagOf(await enter(thief))).toBe('PasskeyRefused')
    expect(tagOf(await enter(phone))).toBe('ok')
  })

  it('at a page of another origin are refused by the shop, at another host by the browser', async () => {
    const { invite, add, enter, shop, owner } = await open()
    const phone = await openDevice()
    must(await add(phone))
    await phone.page.visit(`http://localhost:${otherPage.port}/`)
    expect(tagOf(await enter(phone))).toBe('PasskeyRefused')
    const { challengeId, options } = await invite()
    const made = await phone.create({ ...options, excludeCredentials: [] })
    expect(made.attestationObject).toBeTypeOf('string')
    const added = await shop.accounts.finishPasskeyRegistration(by(owner.actor), unchecked({ challengeId, ...made }))
    expect(added._unsafeUnwrapErr().type).toBe('PasskeyRefused')
    await phone.page.visit(`http://127.0.0.1:${shopPage.port}/`)
    const elsewhere = must(await shop.accounts.beginPasskeySignIn(by(guest), {}))
    expect(await phone.sign(elsewhere.options)).toEqual({ browserRefused: 'SecurityError' })
  })
})
