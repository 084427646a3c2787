import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Locale } from 'shopwright'

/** What the demo is asked to do. */
export type DemoOptions = {
  readonly catalog: string
  readonly storage: 'memory' | 'embedded' | 'postgres'
  readonly seed: number
  readonly locale: Locale
}

/** How to call the demo. */
export const usage = `npm run demo -- [--catalog FILE] [--storage memory|embedded|postgres] [--seed N] [--locale zh-CN|en]

  --catalog  a file or folder of products; the shop's own catalog of about 200 when absent
  --storage  embedded: a database that the demo starts itself (the default); postgres: the one of DATABASE_URL
  --seed     makes other ids; the same seed tells the same day
  --locale   the language of what is shown`

/** Reads the words of the command line; a sentence where they make no sense. */
export const readOptions = (words: readonly string[]): DemoOptions | 'help' | { readonly wrong: string } => {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        catalog: { type: 'string', default: fileURLToPath(new URL('catalog', import.meta.url)) },
        storage: { type: 'string', default: 'embedded' },
        seed: { type: 'string', default: '1' },
        locale: { type: 'string', default: 'en' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return 'help'
    const { catalog, storage, locale } = values
    if (storage !== 'memory' && storage !== 'embedded' && storage !== 'postgres') {
      return { wrong: `--storage knows memory, embedded and postgres, not ${storage}` }
    }
    if (locale !== 'zh-CN' && locale !== 'en') return { wrong: `--locale knows zh-CN and en, not ${locale}` }
    const seed = Number(values.seed)
    if (!Number.isSafeInteger(seed)) return { wrong: `--seed takes a whole number, not ${values.seed}` }
    return { catalog, storage, seed, locale }
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}
