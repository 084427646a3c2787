import type { Result } from 'neverthrow'
import { type Actor, describeError, type ErrorTag, formatMoney, type Locale, shopMessages } from 'shopwright'
import type { DemoShop } from './open-shop.js'
import { bold, cyan, dim, green, print, yellow } from './terminal.js'

/** A step that the shop refused; the day ends there. */
class StepRefused extends Error {}

/** What every act needs: the shop, the language, and how to tell what happened. */
export type Story = DemoShop & {
  readonly locale: Locale
  readonly currency: string
  readonly chapter: (en: string, chinese: string) => void
  /** Tells what a step came to, after it was done. */
  readonly tell: (en: string, chinese: string) => void
  readonly note: (text: string) => void
  readonly say: (en: string, chinese: string) => string
  readonly money: (minor: number) => string
  readonly when: (at: number) => string
  /** The answer of a step, or the end of the day. */
  readonly must: <Value>(step: string, result: ResultLike<Value>) => Value
  /** A command of somebody, under a key of its own. */
  readonly by: (actor: Actor) => { readonly actor: Actor; readonly key: string }
}

type ResultLike<Value> = Pick<Result<Value, { readonly type: string }>, 'match'>

export const clerk: Actor = { kind: 'staff', staffId: 'sue', roles: ['owner'], purpose: 'the day' }

/** Starts to tell a day. */
export const openStory = (opened: DemoShop, locale: Locale, currency: string): Story => {
  let chapters = 0
  let keys = 0
  const say = (en: string, chinese: string): string => (locale === 'en' ? en : chinese)
  const clock = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const when = (at: number): string => clock.format(at)
  return {
    ...opened,
    locale,
    currency,
    say,
    when,
    chapter: (en, chinese) => {
      chapters += 1
      print('', bold(cyan(`${chapters}. ${say(en, chinese)}`)))
    },
    tell: (en, chinese) => print(`${dim(when(opened.now()))}  ${green('✓')} ${say(en, chinese)}`),
    note: (text) => print(`${' '.repeat(13)}${yellow('›')} ${text}`),
    money: (minor) => formatMoney({ minor, currency }, { locale }).unwrapOr(`${minor} ${currency}`),
    must: (step, result) =>
      result.match(
        (value) => value,
        (error) => {
          throw new StepRefused(`${step}: ${sentenceOf(error, locale)} ${JSON.stringify(error)}`)
        },
      ),
    by: (actor) => {
      keys += 1
      return { actor, key: `demo-${keys}` }
    },
  }
}

const isKnown = (error: { readonly type: string }): error is { readonly type: ErrorTag } =>
  Object.hasOwn(shopMessages, error.type)

/** What a refusal says to a person. */
const sentenceOf = (error: { readonly type: string }, locale: Locale): string =>
  isKnown(error) ? describeError(error, locale) : error.type
