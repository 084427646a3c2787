import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Locale } from 'shopwright'

const storages = ['memory', 'embedded', 'postgres'] as const
const locales = ['zh-CN', 'en'] as const

/** Where the day is kept. */
export type StorageChoice = (typeof storages)[number]

/** What the day shall be played with. */
export type DemoArguments = {
  /** A catalog file, or a folder of them. */
  readonly catalog: string
  readonly storage: StorageChoice
  readonly seed: number
  readonly locale: Locale
}

/** What was asked of the demo, or why it cannot be done. */
export type Asked =
  | { readonly kind: 'run'; readonly arguments: DemoArguments }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly sentence: string }

export const help = `One day of a shop, told in the terminal.

  npm run demo -- [options]

  --catalog FILE      a catalog: .jsonl, .csv or a known product list, plain or .gz; our own when absent
  --storage WHERE     memory, embedded (a real database that the demo starts itself; the default),
                      or postgres (the one of DATABASE_URL)
  --seed N            a whole number; the same one tells the same day; 1 when absent
  --locale LANGUAGE   zh-CN or en; en when absent
  --help              this page`

/** Reads the arguments of the command line. */
export const readArguments = (given: readonly string[]): Asked => {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: {
        catalog: { type: 'string', default: fileURLToPath(new URL('catalog', import.meta.url)) },
        storage: { type: 'string', default: 'embedded' },
        seed: { type: 'string', default: '1' },
        locale: { type: 'string', default: 'en' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'help' }
    const storage = storages.find((each) => each === values.storage)
    const locale = locales.find((each) => each === values.locale)
    if (storage === undefined) return refuse(`--storage is memory, embedded or postgres, not ${values.storage}.`)
    if (locale === undefined) return refuse(`--locale is zh-CN or en, not ${values.locale}.`)
    if (!/^\d{1,9}$/.test(values.seed)) return refuse(`--seed is a whole number, not ${values.seed}.`)
    return { kind: 'run', arguments: { catalog: values.catalog, storage, seed: Number(values.seed), locale } }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'The arguments cannot be read.')
  }
}

const refuse = (sentence: string): Asked => ({ kind: 'refused', sentence })
