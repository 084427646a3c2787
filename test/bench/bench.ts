/** What a figure is held against, and in which direction. */
type Target =
  | { readonly kind: 'atLeast'; readonly value: number }
  | { readonly kind: 'atMost'; readonly value: number }
  | { readonly kind: 'exactly'; readonly value: number }

/** One figure of a benchmark. */
export type Figure = {
  /** What was measured, in words. */
  readonly case: string
  readonly value: number
  /** Unit of `value` and `baseline`. */
  readonly unit: string
  /** The same figure of what it is compared with, taken in the same run. */
  readonly baseline: number | null
  /** How `value` stands to `baseline`, as the benchmark says; the median over rounds where there are rounds. */
  readonly ratio: number | null
  /** Holds for the ratio where there is one, else for the value. */
  readonly target: Target | null
  /** `time` and `memory` depend on the machine and never fail a run; a `correctness` figure that does not hold does. */
  readonly kind: 'time' | 'memory' | 'correctness'
}

/** A figure as it is printed by `--json`. */
export type PrintedFigure = {
  readonly case: string
  readonly value: number
  readonly unit: string
  readonly baseline: number | null
  readonly ratio: number | null
  readonly target: number | null
  readonly holds: boolean
}

/** An option of a benchmark, given as `--name VALUE`. */
type BenchOption = { readonly summary: string; readonly otherwise: string }

/** A benchmark. */
export type Bench<Name extends string = string> = {
  readonly name: string
  /** One line for the list. */
  readonly summary: string
  readonly options: Readonly<Record<Name, BenchOption>>
  /** Measures; `report` takes lines on how far it is. Throws where it cannot measure at all. */
  readonly run: (
    options: Readonly<Record<Name, string>>,
    report: (line: string) => void,
  ) => readonly Figure[] | Promise<readonly Figure[]>
}

/** Whether a figure meets its target; one without a target holds. */
export const figureHolds = (figure: Figure): boolean => {
  if (figure.target === null) return true
  const held = figure.ratio ?? figure.value
  switch (figure.target.kind) {
    case 'atLeast':
      return held >= figure.target.value
    case 'atMost':
      return held <= figure.target.value
    case 'exactly':
      return held === figure.target.value
  }
}

/** The figure as `--json` prints it, rounded to what a person would read. */
export const printFigure = (figure: Figure): PrintedFigure => ({
  case: figure.case,
  value: roundFigure(figure.value),
  unit: figure.unit,
  baseline: figure.baseline === null ? null : roundFigure(figure.baseline),
  ratio: figure.ratio === null ? null : roundFigure(figure.ratio),
  target: figure.target?.value ?? null,
  holds: figureHolds(figure),
})

/** The middle value, or the mean of the two in the middle; NaN of none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  return (upper + lower) / 2
}

/** A whole number of an option, or an error that names it. */
export const wholeOption = (name: string, text: string, least = 1): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`--${name} takes a whole number of at least ${least}, not ${JSON.stringify(text)}`)
  }
  return value
}

const roundFigure = (value: number): number =>
  Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))
