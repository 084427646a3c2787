import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Variables of a script by name, as pgbench keeps them. */
export type Variables = Map<string, bigint>

/** What a client does for one checkout, in order. */
export type ScriptStep =
  /** Sets a variable. */
  | { readonly kind: 'set'; readonly name: string; readonly evaluate: (variables: Variables) => bigint }
  /** Sends a statement, prepared under `name`; its parameters are the variables named. */
  | { readonly kind: 'send'; readonly name: string; readonly text: string; readonly parameters: readonly string[] }

/** Where a file of this folder lies. */
export const pgbenchFile = (name: string): string => resolve('test/bench/pgbench', name)

/** The text of a file of this folder. */
export const readPgbenchFile = (name: string): string => readFileSync(pgbenchFile(name), 'utf8')

/** Reads the part of pgbench's script language that the checkout uses: `\set` of sums and products, and statements. */
export const readScript = (script: string): readonly ScriptStep[] => {
  const steps: ScriptStep[] = []
  let pending = ''
  for (const line of script.split('\n')) {
    if (line.startsWith('--') || line.trim() === '') continue
    const [, name, expression] = /^\\set\s+(\w+)\s+(.+)$/.exec(line) ?? []
    if (name !== undefined && expression !== undefined) {
      steps.push({ kind: 'set', name, evaluate: readExpression(expression) })
      continue
    }
    if (line.startsWith('\\')) throw new Error(`not understood in the pgbench script: ${line}`)
    pending = pending === '' ? line : `${pending}\n${line}`
    if (!pending.endsWith(';')) continue
    steps.push(readStatement(pending.slice(0, -1), steps.length))
    pending = ''
  }
  if (pending !== '') throw new Error(`the pgbench script ends inside a statement: ${pending}`)
  return steps
}

const readStatement = (text: string, position: number): ScriptStep => {
  const parameters: string[] = []
  const numbered = text.replace(/:([A-Za-z_]\w*)/g, (_, name: string) => {
    parameters.push(name)
    return `$${parameters.length}`
  })
  return { kind: 'send', name: `baseline_${position}`, text: numbered, parameters }
}

type Evaluate = (variables: Variables) => bigint

const readExpression = (text: string): Evaluate => {
  const terms = text.split('+').map((term): Evaluate => {
    const factors = term.split('*').map(readFactor)
    return (variables) => factors.reduce((product, factor) => product * factor(variables), 1n)
  })
  return (variables) => terms.reduce((sum, term) => sum + term(variables), 0n)
}

const readFactor = (spaced: string): Evaluate => {
  const text = spaced.trim()
  if (/^\d+$/.test(text)) {
    const value = BigInt(text)
    return () => value
  }
  const [, variable] = /^:(\w+)$/.exec(text) ?? []
  if (variable !== undefined) {
    return (variables) => {
      const value = variables.get(variable)
      if (value === undefined) throw new Error(`the pgbench script uses :${variable} before it is set`)
      return value
    }
  }
  const [, low, high] = /^random\((\d+), (\d+)\)$/.exec(text) ?? []
  if (low === undefined || high === undefined) throw new Error(`not understood in the pgbench script: ${text}`)
  const first = Number(low)
  const count = Number(high) - first + 1
  return () => BigInt(first + Math.floor(Math.random() * count))
}
