import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namedCases } from './cases.js'
import { at, everyPath, isObject, type Path, replaced, whoMay } from './inputs-of.js'
import { call, must, type OpenedShop, type Refusal } from './open-shop.js'
import { expectUntouched, unaskedShop } from './unasked-shop.js'

/** Members whose keys the caller chooses: there, another key is no unknown one. */
const openKeys: readonly string[] = ['attributes', 'options', 'classes', 'mapping', 'answers']
/** What is no input but a stream: its rows are judged one by one. */
const notInput: readonly string[] = ['source']

const judged = (input: unknown): readonly Path[] =>
  everyPath(input).filter((path) => !path.some((step) => notInput.includes(step)))

// An object without members says nothing, whatever it is made of, and one that is `undefined` is as if it were not there;
// verbs that ask for nothing take it.
const saysSomething = (value: unknown): boolean =>
  value !== undefined &&
  (!isObject(value) || Array.isArray(value) || Object.values(value).some((member) => member !== undefined))

const strictObjects = (input: unknown): readonly Path[] =>
  judged(input).filter((path) => {
    const inner = at(input, path)
    return isObject(inner) && !Array.isArray(inner) && !openKeys.includes(path.at(-1) ?? '')
  })

const leaves = (input: unknown): readonly Path[] => judged(input).filter((path) => !isObject(at(input, path)))

const nested = (depth: number): unknown => {
  let value: unknown = 'x'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value }
  return value
}

/** Values that no member of any input takes. */
const poison: Readonly<Record<string, unknown>> = {
  'a megabyte of text': 'x'.repeat(1_000_000),
  'half a character': 'a\ud800b',
  'the other half': '\udc00',
  'a zero character': 'a\u0000b',
  'not a number': Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'an object nested deeply': nested(20_000),
  'a list nested in itself': [[[[[]]]]],
  'a big integer': 10n,
  'a function': () => 'x',
  'a symbol': Symbol('x'),
  'a date': new Date(0),
  'a map': new Map([['a', 1]]),
  'a polluted prototype': JSON.parse('{"__proto__":{"polluted":true}}'),
}

const refusalOf = async (
  opened: OpenedShop,
  name: string,
  input: unknown,
  key?: unknown,
): Promise<Refusal | undefined> =>
  (await call(opened.shop, name, whoMay(name), input, key)).match(
    () => undefined,
    (error) => error,
  )

describe.each(namedCases)('%s', (name, { input }) => {
  const valid = input((id) => `absent-${id}`)

  it('refuses a member it does not know, and says where', async () => {
    const opened = await unaskedShop()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...strictObjects(valid)),
        fc.oneof(
          fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'shop', 'accountId2', 'role', '\u0000'),
          fc.string({ minLength: 1 }).map((text) => `x-${text}`),
        ),
        fc.jsonValue(),
        async (path, key, value) => {
          const inner: object = isObject(at(valid, path)) ? Object(at(valid, path)) : {}
          // Defined, not assigned: `__proto__` must come as a member of its own, as it does out of JSON.
          const widened = Object.defineProperty({ ...inner }, key, { value, enumerable: true, configurable: true })
          const refusal = await expectUntouched(opened, () => refusalOf(opened, name, replaced(valid, path, widened)))
          expect(refusal).toMatchObject({ type: 'InvalidInput' })
          expect(refusal).toHaveProperty(
            'issues',
            expect.arrayContaining([expect.objectContaining({ path: path.join('.').slice(0, 200) })]),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  // What asks for nothing has no member to poison.
  if (leaves(valid).length > 0)
    it('refuses a poisoned member, whichever it is', async () => {
      const opened = await unaskedShop()
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...leaves(valid)),
          fc.constantFrom(...Object.keys(poison)),
          async (path, which) => {
            const poisoned = replaced(valid, path, poison[which])
            const refusal = await expectUntouched(opened, () => refusalOf(opened, name, poisoned))
            expect(refusal).toMatchObject({ type: 'InvalidInput' })
          },
        ),
        { numRuns: 60 },
      )
    })

  it('refuses what is no object at all', async () => {
    const opened = await unaskedShop()
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.constantFrom<unknown>(null, 0, '', false, [], [null]),
          fc.constantFrom(...Object.values(poison)).filter(saysSomething),
          anything.filter(saysSomething),
        ),
        async (value) => {
          const refusal = await expectUntouched(opened, () => refusalOf(opened, name, value))
          expect(refusal).toMatchObject({ type: 'InvalidInput' })
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a command key', () => {
  it.each([
    ['no text', undefined],
    ['nothing', null],
    ['a number', 7],
    ['empty', ''],
    ['too long', 'k'.repeat(201)],
    ['a megabyte', 'k'.repeat(1_000_000)],
    ['half a character', 'k\ud800'],
    ['a zero character', 'k\u0000'],
  ])('that is %s is refused before anything is read', async (_, key) => {
    const opened = await unaskedShop()
    const before = { ...opened.counts }
    const answer = await Reflect.apply(opened.shop.cart.clearCart, undefined, [
      { actor: { kind: 'guest', guestId: 'passer-by' }, key },
      {},
    ])
    expect(answer._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'key' }] })
    expect(opened.counts).toEqual(before)
  })
})

describe('verbs that name no actor', () => {
  it('believe no bytes that no gateway signed', async () => {
    const opened = await unaskedShop()
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.dictionary(fc.string(), fc.string()),
        async (body, headers) => {
          const before = { ...opened.counts }
          const handled = must(await opened.shop.orders.receiveNotification({ gatewayId: 'sandbox', body, headers }))
          expect(handled.outcome).toBe('rejected')
          // That one came is noted once an hour; whether it was already is found out as it is written.
          expect(opened.counts).toEqual({ reads: before.reads, commits: before.commits + 1 })
        },
      ),
    )
    for (const gatewayId of ['', '__proto__', 'constructor', 'toString', 'x'.repeat(1_000_000)]) {
      const answer = await opened.shop.orders.receiveNotification({ gatewayId, body: new Uint8Array(), headers: {} })
      expect(answer._unsafeUnwrapErr().type).toBe('GatewayUnknown')
    }
  })
})
