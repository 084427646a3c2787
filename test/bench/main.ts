import { type Bench, type Figure, figureHolds, printFigure } from './bench.js'

type Loaded = { readonly bench: Bench }

// Each is loaded when it is asked for: what the others need is no part of the memory that one measures.
const benches = {
  accounts: (): Promise<Loaded> => import('./accounts.js'),
  'buyer-prices': (): Promise<Loaded> => import('./buyer-prices.js'),
  checkout: (): Promise<Loaded> => import('./checkout.js'),
  facets: (): Promise<Loaded> => import('./facets.js'),
  'hot-sku': (): Promise<Loaded> => import('./hot-sku.js'),
  outbox: (): Promise<Loaded> => import('./outbox.js'),
  price: (): Promise<Loaded> => import('./price.js'),
  reconcile: (): Promise<Loaded> => import('./reconcile.js'),
  search: (): Promise<Loaded> => import('./search.js'),
  'search-postgres': (): Promise<Loaded> => import('./search-postgres.js'),
  webhook: (): Promise<Loaded> => import('./webhook.js'),
}

const isBench = (name: string): name is keyof typeof benches => Object.hasOwn(benches, name)

const loadAll = async (): Promise<readonly Bench[]> =>
  (await Promise.all(Object.values(benches).map((load) => load()))).map(({ bench }) => bench)

const printList = (all: readonly Bench[]): void => {
  const width = Math.max(...all.map((bench) => bench.name.length))
  console.log('Benchmarks; run one with `npm run bench -- NAME [--json] [options]`:\n')
  for (const bench of all) {
    console.log(`  ${bench.name.padEnd(width)}  ${bench.summary}`)
    for (const [name, option] of Object.entries(bench.options)) {
      console.log(`  ${' '.repeat(width)}    --${name}  ${option.summary} (${option.otherwise})`)
    }
  }
}

const readOptions = (bench: Bench, words: readonly string[]): Readonly<Record<string, string>> => {
  const options = Object.fromEntries(Object.entries(bench.options).map(([name, option]) => [name, option.otherwise]))
  for (let index = 0; index < words.length; index += 1) {
    const [, name = '', joined] = /^--([^=]+)(?:=(.*))?$/.exec(words[index] ?? '') ?? []
    if (!Object.hasOwn(options, name)) {
      const known = Object.keys(options).map((each) => `--${each}`)
      throw new Error(`${bench.name} knows no ${words[index]}; it takes ${['--json', ...known].join(', ')}`)
    }
    const value = joined ?? words[++index]
    if (value === undefined) throw new Error(`--${name} takes a value`)
    options[name] = value
  }
  return options
}

const signs = { atLeast: '>=', atMost: '<=', exactly: '=' } as const

const describeTarget = (figure: Figure): string =>
  figure.target === null ? '' : `${signs[figure.target.kind]} ${figure.target.value}`

const describeVerdict = (figure: Figure): string => {
  if (figure.target === null) return ''
  if (figureHolds(figure)) return 'yes'
  return figure.kind === 'correctness' ? 'NO (fails the run)' : 'no'
}

const printTable = (bench: Bench, figures: readonly Figure[]): void => {
  const header = ['case', 'value', 'unit', 'baseline', 'ratio', 'target', 'holds']
  const lines = figures.map((figure) => {
    const printed = printFigure(figure)
    return [
      printed.case,
      printed.value.toLocaleString('en'),
      printed.unit,
      printed.baseline?.toLocaleString('en') ?? '',
      printed.ratio?.toFixed(2) ?? '',
      describeTarget(figure),
      describeVerdict(figure),
    ]
  })
  const widths = header.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)))
  const rightAligned = new Set(['value', 'baseline', 'ratio'])
  const printLine = (cells: readonly string[]): void => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0
      return rightAligned.has(header[column] ?? '') ? cell.padStart(width) : cell.padEnd(width)
    })
    console.log(padded.join('  ').trimEnd())
  }
  console.log(`${bench.name}: ${bench.summary}\n`)
  printLine(header)
  printLine(widths.map((width) => '-'.repeat(width)))
  for (const line of lines) printLine(line)
}

const main = async (words: readonly string[]): Promise<number> => {
  const asJson = words.includes('--json')
  const [name, ...rest] = words.filter((word) => word !== '--json')
  if (name === undefined) {
    const all = await loadAll()
    if (asJson) console.log(JSON.stringify(all.map((bench) => ({ name: bench.name, summary: bench.summary }))))
    else printList(all)
    return 0
  }
  if (!isBench(name)) throw new Error(`There is no benchmark ${name}; there are ${Object.keys(benches).join(', ')}`)
  const { bench } = await benches[name]()
  // Progress goes beside the result, which another program may read.
  const figures = await bench.run(readOptions(bench, rest), (line) => process.stderr.write(`${line}\n`))
  if (asJson) console.log(JSON.stringify({ name: bench.name, results: figures.map(printFigure) }, null, 2))
  else printTable(bench, figures)
  return figures.some((figure) => figure.kind === 'correctness' && !figureHolds(figure)) ? 1 : 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
