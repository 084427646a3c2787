import type { Result, ResultAsync } from 'neverthrow'
import * as shopwright from 'shopwright'
import { describeError, type ErrorTag, type Message, type Shop, shopMessages } from 'shopwright'
import { describe, expect, it } from 'vitest'

type TagOf<Failure> = Failure extends { readonly type: infer Tag extends string }
  ? string extends Tag
    ? never
    : Tag
  : never

/** The tags a function may refuse with. */
type Refuses<Verb> = Verb extends (
  ...given: never[]
) => ResultAsync<unknown, infer Failure> | Result<unknown, infer Failure>
  ? TagOf<Failure>
  : never

type RefusalsOf<Functions> = { [Name in keyof Functions]-?: Refuses<Functions[Name]> }[keyof Functions]

/** Of every verb of a shop, and of every public function beside it. */
type PublicTag = { [Group in keyof Shop]: RefusalsOf<Shop[Group]> }[keyof Shop] | RefusalsOf<typeof shopwright>

// Does not compile while any tag is without a text; the compiler names those that are.
const withoutText: Record<Exclude<PublicTag, ErrorTag>, never> = {}

// Some refusals that must be among them, so that the types above cannot come to say nothing.
const someTags: readonly PublicTag[] = ['Denied', 'OutOfStock', 'PriceChanged', 'CurrencyMismatch', 'SignInRefused']

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'en' in value && 'zh-CN' in value

/** Every public table of texts, by its name. */
const catalogs = Object.entries(shopwright).flatMap(([name, value]: [string, unknown]) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const messages = Object.entries(value).filter((entry): entry is [string, Message] => isMessage(entry[1]))
  return messages.length === 0 ? [] : [[name, messages] as const]
})
const texts = catalogs.flatMap(([catalog, messages]) =>
  messages.map(([tag, message]): readonly [string, Message] => [`${catalog}.${tag}`, message]),
)

const factsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()

describe('the texts of refusals', () => {
  it('leave no refusal of a public function without one', () => {
    expect(Object.keys(withoutText)).toEqual([])
    expect(Object.keys(shopMessages)).toEqual(expect.arrayContaining([...someTags]))
  })

  it('hold every catalog of every module', () => {
    const refusals = catalogs.filter(([name]) =>
      /^(shared|notify|accounts|catalog|review|inventory|promotions|membership|pricing|cart|payment|order|aftersales)Messages$/.test(
        name,
      ),
    )
    expect(refusals).toHaveLength(13)
    expect(new Set(refusals.flatMap(([, messages]) => messages.map(([tag]) => tag)))).toEqual(
      new Set(Object.keys(shopMessages)),
    )
  })

  it.each(texts)('%s says something in both languages, of the same facts', (_, message) => {
    expect(message.en.trim()).not.toBe('')
    expect(message['zh-CN'].trim()).not.toBe('')
    expect(factsIn(message['zh-CN'])).toEqual(factsIn(message.en))
  })

  it('are Chinese where they say so, and hold no Chinese where they say English', () => {
    for (const [tag, message] of Object.entries(shopMessages)) {
      expect(message['zh-CN'], tag).toMatch(/\p{Script=Han}/u)
      expect(message.en, tag).not.toMatch(/\p{Script=Han}/u)
    }
  })
})

describe('describeError', () => {
  it('fills the facts of the refusal into its text', () => {
    const error = { type: 'QuantityExceedsOrder', lineId: 'l1', left: 2, asked: 3 } as const
    expect(describeError(error, 'en')).toBe('Of line l1 only 2 are left; 3 were asked for.')
    expect(describeError(error, 'zh-CN')).toBe('商品行 l1 最多还可处理 2 件，不能处理 3 件。')
    expect(describeError({ type: 'Busy' }, 'en')).toBe('Too much is going on here just now. Try again in a moment.')
  })
})
