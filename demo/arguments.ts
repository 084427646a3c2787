import { parseArgs } from 'node:util'
import type { Locale, Message } from 'shopwright'

const storages = ['memory', 'embedded', 'postgres'] as const
const locales = ['zh-CN', 'en'] as const

/** Where the day is kept. */
export type StorageChoice = (typeof storages)[number]

/** What the day shall be played with. */
export type DemoArguments = {
  /** A catalog file, or a folder of them; our own when null. */
  readonly catalog: string | null
  readonly storage: StorageChoice
  readonly seed: number
  readonly locale: Locale
}

/** What was asked of the demo, or why it cannot be done; in the language that was asked for, English where none was. */
export type Asked =
  | { readonly kind: 'run'; readonly arguments: DemoArguments }
  | { readonly kind: 'help'; readonly locale: Locale }
  | { readonly kind: 'refused'; readonly locale: Locale; readonly sentence: Message }

/** What the demo can be asked. */
export const help: Message = {
  en: `One day of a shop, told in the terminal.

  npm run demo -- [options]

  --catalog FILE|DIR  products to sell: .jsonl, .csv or .json, plain or .gz, or a folder of such
                      files; our own 200 when absent
  --storage WHERE     embedded: a real database that the demo starts itself (when absent)
                      memory:   nothing is kept
                      postgres: the database of DATABASE_URL, in a schema of the demo's own
  --seed N            a whole number; the same one tells the same day; 1 when absent
  --locale LANGUAGE   en or zh-CN; en when absent
  --help              this page`,
  'zh-CN': `在终端里看一家商店的一天。

  npm run demo -- [选项]

  --catalog 文件|目录  要出售的商品：.jsonl、.csv 或 .json，可为 .gz，也可以是放这些文件的目录；
                       缺省为自带的约 200 个商品
  --storage 存储       embedded：演示自行启动的真实数据库（缺省）
                       memory：  只在内存中，不保存
                       postgres：DATABASE_URL 指定的数据库，使用演示专用的 schema
  --seed N             整数；相同的数讲述相同的一天；缺省为 1
  --locale 语言        en 或 zh-CN；缺省为 en
  --help               显示本页`,
}

const options = {
  catalog: { type: 'string' },
  storage: { type: 'string' },
  seed: { type: 'string' },
  locale: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** Reads the arguments of the command line. */
export const readArguments = (given: readonly string[]): Asked => {
  const { values, tokens } = parseArgs({
    args: [...given],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const locale = locales.find((each) => each === values.locale) ?? 'en'
  const refuse = (en: string, chinese: string): Asked => ({
    kind: 'refused',
    locale,
    sentence: { en, 'zh-CN': chinese },
  })
  for (const token of tokens) {
    if (token.kind === 'positional') {
      return refuse(`“${token.value}” is not expected here.`, `不认识的参数“${token.value}”。`)
    }
    if (token.kind !== 'option') continue
    if (!Object.hasOwn(options, token.name)) {
      return refuse(`There is no option ${token.rawName}.`, `没有选项 ${token.rawName}。`)
    }
    if (token.name !== 'help' && (token.value ?? '') === '') {
      return refuse(`${token.rawName} needs a value.`, `${token.rawName} 需要一个值。`)
    }
    if (token.name === 'help' && token.value !== undefined) {
      return refuse('--help takes no value.', '--help 不带值。')
    }
  }
  if (values.help === true) return { kind: 'help', locale }
  const text = (name: 'catalog' | 'storage' | 'seed' | 'locale'): string | null => {
    const value = values[name]
    return typeof value === 'string' ? value : null
  }
  const asked = { storage: text('storage') ?? 'embedded', seed: text('seed') ?? '1', locale: text('locale') ?? 'en' }
  const storage = storages.find((each) => each === asked.storage)
  if (!locales.some((each) => each === asked.locale)) {
    return refuse(
      `--locale is zh-CN or en, not “${asked.locale}”.`,
      `--locale 只能是 zh-CN 或 en，不能是“${asked.locale}”。`,
    )
  }
  if (storage === undefined) {
    return refuse(
      `--storage is memory, embedded or postgres, not “${asked.storage}”.`,
      `--storage 只能是 memory、embedded 或 postgres，不能是“${asked.storage}”。`,
    )
  }
  if (!/^\d{1,9}$/.test(asked.seed)) {
    return refuse(
      `--seed is a whole number of at most nine digits, not “${asked.seed}”.`,
      `--seed 是最多九位的整数，不能是“${asked.seed}”。`,
    )
  }
  return { kind: 'run', arguments: { catalog: text('catalog'), storage, seed: Number(asked.seed), locale } }
}
