/** Where lines go: the standard output, or whatever takes text. */
export type Screen = { readonly write: (text: string) => unknown; readonly isTTY?: boolean }

/** Lines, colours and progress, as far as the screen can show them. */
export type Terminal = {
  readonly print: (...lines: readonly string[]) => void
  /** Writes over the last progress; an empty text clears it. Nothing where the screen is no terminal. */
  readonly progress: (text: string) => void
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

/** Opens a screen: colours only on a terminal, and never where `NO_COLOR` says so. */
export const openTerminal = (
  screen: Screen,
  environment: Readonly<Record<string, string | undefined>> = {},
): Terminal => {
  const isTerminal = screen.isTTY === true && environment.TERM !== 'dumb'
  const coloured = isTerminal && (environment.NO_COLOR ?? '') === ''
  const paint =
    (code: number) =>
    (text: string): string =>
      coloured ? `\u001b[${code}m${text}\u001b[0m` : text
  return {
    print: (...lines) => {
      for (const line of lines) screen.write(`${line}\n`)
    },
    progress: (text) => {
      if (isTerminal) screen.write(`\r\u001b[2K${text}`)
    },
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
    cyan: paint(36),
  }
}
