import { help, readArguments } from './arguments.js'
import { openStorage } from './open-storage.js'
import { playDay } from './play-day.js'
import { openCatalog, ownCatalog } from './read-catalog/open-catalog.js'
import { Refusal } from './refusal.js'
import { openTerminal, type Screen } from './terminal.js'

/** Where the demo writes, and what it knows of its surroundings. */
export type Surroundings = {
  readonly out: Screen
  readonly err: Screen
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Runs the demo as the command line asks; the exit code: 0 when the day went well and every ledger balances. */
export const runDemo = async (given: readonly string[], { out, err, environment }: Surroundings): Promise<0 | 1> => {
  const asked = readArguments(given)
  const terminal = openTerminal(out, environment)
  const complaints = openTerminal(err, environment)
  switch (asked.kind) {
    case 'help':
      terminal.print(help[asked.locale])
      return 0
    case 'refused':
      complaints.print(complaints.red(asked.sentence[asked.locale]), '', help[asked.locale])
      return 1
    case 'run': {
      const { catalog, storage, seed, locale } = asked.arguments
      try {
        const files = await openCatalog(catalog ?? ownCatalog)
        const opened = await openStorage(storage, environment.DATABASE_URL)
        try {
          return (await playDay({ files, opened, terminal, seed, locale })) ? 0 : 1
        } finally {
          await opened.close()
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        terminal.progress('')
        complaints.print(complaints.red(error.text[locale]))
        return 1
      }
    }
  }
}
