import type { Result } from 'neverthrow'
import {
  type Actor,
  describeError,
  type ErrorTag,
  formatMoney,
  type Locale,
  type LocalText,
  shopMessages,
  textIn,
} from 'shopwright'
import { type Cell, cutTo, tableLines } from './columns.js'
import type { DemoShop } from './open-shop.js'
import { Refusal } from './refusal.js'
import type { Terminal } from './terminal.js'

/** What every act needs: the shop, the language, and how to tell what happened. */
export type Telling = DemoShop & {
  readonly terminal: Terminal
  readonly seed: number
  readonly locale: Locale
  readonly chapter: (en: string, chinese: string) => void
  /** Tells what a step came to, after it was done. */
  readonly tell: (en: string, chinese: string) => void
  /** Tells that a step was turned down, as it should be. */
  readonly tellRefused: (en: string, chinese: string) => void
  /** A line on what was told before. */
  readonly note: (en: string, chinese: string) => void
  /** A table below what was told; with `head` its first row names the columns, with `total` its last one sums them up. */
  readonly table: (rows: readonly (readonly Cell[])[], look?: { readonly head?: true; readonly total?: true }) => void
  readonly say: (en: string, chinese: string) => string
  /** What a thing of the catalog is called, as one short line. */
  readonly nameOf: (title: LocalText, columns?: number) => string
  readonly when: (at: number) => string
  /** The answer of a step, or the end of the day. */
  readonly must: <Value>(step: string, result: ResultLike<Value>) => Value
  /** The sentence of a refusal that the step has to come to, or the end of the day. */
  readonly mustRefuse: (step: string, result: ResultLike<unknown>) => string
  /** A command of somebody, under a key of its own. */
  readonly by: (actor: Actor) => { readonly actor: Actor; readonly key: string }
}

/** A telling that knows in which currency the day is paid. */
export type Story = Telling & {
  readonly currency: string
  readonly money: (minor: number) => string
}

type ResultLike<Value> = Pick<Result<Value, { readonly type: string }>, 'match'>

/** Whoever works in the shop. */
export const clerk: Actor = { kind: 'staff', staffId: 'sue', roles: ['owner'], purpose: 'the day' }

/** Starts to tell a day. */
export const openTelling = (
  opened: DemoShop,
  { terminal, locale, seed }: { readonly terminal: Terminal; readonly locale: Locale; readonly seed: number },
): Telling => {
  const { print, bold, dim, red, green, yellow, cyan } = terminal
  let chapters = 0
  let keys = 0
  const say = (en: string, chinese: string): string => (locale === 'en' ? en : chinese)
  const when = (at: number): string => momentOf(at, locale)
  const indent = when(opened.now()).length + 4
  const step = (mark: string, text: string): void => print(`${dim(when(opened.now()))}  ${mark} ${text}`)
  const fail = (name: string, error: { readonly type: string }): never => {
    const facts = `${name}: ${JSON.stringify(error)}`
    throw new Refusal({
      en: `${sentenceOf(error, 'en')} (${facts})`,
      'zh-CN': `${sentenceOf(error, 'zh-CN')}（${facts}）`,
    })
  }
  return {
    ...opened,
    terminal,
    seed,
    locale,
    say,
    when,
    nameOf: (title, columns = 44) => cutTo(textIn(title, locale), columns),
    chapter: (en, chinese) => {
      chapters += 1
      print('', bold(cyan(`${chapters}. ${say(en, chinese)}`)))
    },
    tell: (en, chinese) => step(green('✓'), say(en, chinese)),
    tellRefused: (en, chinese) => step(red('✗'), say(en, chinese)),
    note: (en, chinese) => print(`${' '.repeat(indent)}${yellow('›')} ${say(en, chinese)}`),
    table: (rows, look = {}) => {
      const lines = tableLines(rows, indent)
      for (const [place, line] of lines.entries()) {
        if (look.head === true && place === 0) print(dim(line))
        else print(look.total === true && place === lines.length - 1 ? bold(line) : line)
      }
    },
    must: (name, result) =>
      result.match(
        (value) => value,
        (error) => fail(name, error),
      ),
    mustRefuse: (name, result) =>
      result.match(
        () => fail(name, { type: 'NotRefused' }),
        (error) => sentenceOf(error, locale),
      ),
    by: (actor) => {
      keys += 1
      return { actor, key: `demo-${keys}` }
    },
  }
}

/** Goes on with a telling in a currency. */
export const inCurrency = (telling: Telling, currency: string): Story => ({
  ...telling,
  currency,
  money: (minor) => formatMoney({ minor, currency }, { locale: telling.locale }).unwrapOr(`${minor} ${currency}`),
})

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

// The clock on the wall of the shop, in Shanghai.
const momentOf = (at: number, locale: Locale): string => {
  const shown = new Date(at + 8 * 3_600_000)
  const time = shown.toISOString().slice(11, 16)
  if (locale !== 'en') return `${shown.toISOString().slice(5, 10)} ${time}`
  return `${String(shown.getUTCDate()).padStart(2)} ${months[shown.getUTCMonth()]} ${time}`
}

const isKnown = (error: { readonly type: string }): error is { readonly type: ErrorTag } =>
  Object.hasOwn(shopMessages, error.type)

/** What a refusal says to a person. */
const sentenceOf = (error: { readonly type: string }, locale: Locale): string =>
  isKnown(error) ? describeError(error, locale) : error.type
