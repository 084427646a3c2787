import ts from 'typescript'
import type { Source } from './program.js'

/** A house rule: which files it covers, and the nodes that break it. */
export type Rule = {
  readonly name: string
  readonly covers: (path: string) => boolean
  readonly findBreaches: (source: Source) => readonly ts.Node[]
}

const inCore = (path: string) => path.startsWith('src/')
const inPackage = (path: string) => inCore(path) || path.startsWith('adapters/')

/** Where a rule is broken, as `path:line text`. */
export const reportBreaches = (rule: Rule, sources: readonly Source[]): string[] =>
  sources
    .filter((source) => rule.covers(source.path))
    .flatMap((source) =>
      rule.findBreaches(source).map((node) => {
        const start = node.getStart(source.file)
        const line = source.file.getLineAndCharacterOfPosition(start).line + 1
        return `${source.path}:${line} ${node.getText(source.file).split('\n')[0]?.slice(0, 100)}`
      }),
    )

const collectNodes = (from: ts.Node, breaks: (node: ts.Node) => boolean): ts.Node[] => {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (breaks(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(from)
  return found
}

const isNever = (type: ts.Type) => (type.flags & ts.TypeFlags.Never) !== 0
const partsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type])
const comesFromNeverthrow = (symbol: ts.Symbol | undefined) =>
  symbol?.declarations?.some((at) => at.getSourceFile().fileName.includes('/neverthrow/')) ?? false

const isResult = (type: ts.Type, checker: ts.TypeChecker): boolean =>
  partsOf(type).some((part) => {
    const symbol = part.getSymbol()
    if (comesFromNeverthrow(symbol) && ['Ok', 'Err', 'ResultAsync'].includes(symbol?.name ?? '')) return true
    const awaited = isPromise(part) ? checker.getAwaitedType(part) : undefined
    return awaited !== undefined && isResult(awaited, checker)
  })

const isPromise = (type: ts.Type): boolean =>
  partsOf(type).some((part) => ['Promise', 'PromiseLike'].includes(part.getSymbol()?.name ?? ''))

/** The expression behind parentheses and `void`, neither of which uses a value. */
const unwrap = (expression: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(expression) || ts.isVoidExpression(expression)
    ? unwrap(expression.expression)
    : expression

/** What is assigned is held, not dropped. */
const isKept = (node: ts.Expression): boolean =>
  ts.isBinaryExpression(node) &&
  node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
  node.operatorToken.kind <= ts.SyntaxKind.LastAssignment

export const droppedResults: Rule = {
  name: 'no Result is dropped',
  covers: inPackage,
  findBreaches: ({ file, checker }) =>
    collectNodes(
      file,
      (node) =>
        ts.isExpressionStatement(node) &&
        !isKept(node.expression) &&
        isResult(checker.getTypeAtLocation(unwrap(node.expression)), checker),
    ),
}

export const floatingPromises: Rule = {
  name: 'no promise is left alone',
  covers: inPackage,
  findBreaches: ({ file, checker }) =>
    collectNodes(
      file,
      (node) =>
        ts.isExpressionStatement(node) &&
        !isKept(node.expression) &&
        isPromise(checker.getTypeAtLocation(node.expression)),
    ),
}

/** A default branch is honest when the compiler proves that nothing reaches it. */
const provesNever = (clause: ts.DefaultClause, checker: ts.TypeChecker): boolean =>
  collectNodes(
    clause,
    (node) =>
      (ts.isVariableDeclaration(node) && node.type?.kind === ts.SyntaxKind.NeverKeyword) ||
      (ts.isSatisfiesExpression(node) && node.type.kind === ts.SyntaxKind.NeverKeyword) ||
      (ts.isCallExpression(node) &&
        (checker.getResolvedSignature(node)?.parameters ?? []).some((parameter) =>
          isNever(checker.getTypeOfSymbolAtLocation(parameter, node)),
        )),
  ).length > 0

const matchesAnything = (node: ts.CallExpression): boolean => {
  const [pattern] = node.arguments
  return pattern !== undefined && ts.isPropertyAccessExpression(pattern) && ['P._', 'P.any'].includes(pattern.getText())
}

const calledName = (node: ts.Node): string | undefined =>
  ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : undefined

export const defaultBranches: Rule = {
  name: 'unions are matched exhaustively, without a default',
  covers: inCore,
  findBreaches: ({ file, checker }) =>
    collectNodes(
      file,
      (node) =>
        (ts.isDefaultClause(node) && !provesNever(node, checker)) ||
        calledName(node) === 'otherwise' ||
        (calledName(node) === 'with' && ts.isCallExpression(node) && matchesAnything(node)),
    ),
}

const outsideNames = new Set([
  'process',
  'Buffer',
  'console',
  'crypto',
  'performance',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
])
const localTimeMethods = new Set(
  ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']
    .flatMap((field) => [`get${field}`, `set${field}`])
    .concat('getTimezoneOffset', 'toDateString', 'toTimeString', 'resolvedOptions'),
)
const localeMethods = new Set([
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleUpperCase',
  'toLocaleLowerCase',
])
const chanceOfNanoid = new Set(['nanoid', 'random', 'customAlphabet'])
// The id source is a port; this file holds the one made of nanoid, for hosts that bring none.
const idSource = 'src/shared/ids.ts'

/** A name used as a value, not as a property, a field or a type. */
const isFreeName = (node: ts.Node, checker: ts.TypeChecker): node is ts.Identifier => {
  if (!ts.isIdentifier(node) || !outsideNames.has(node.text)) return false
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false
  const declared = checker.getSymbolAtLocation(node)?.declarations ?? []
  return !declared.some(
    (at) =>
      inPackage(at.getSourceFile().fileName.replace(/^.*?\/(src|adapters)\//, '$1/')) &&
      !at.getSourceFile().isDeclarationFile,
  )
}

const readsWorld = (node: ts.Node, checker: ts.TypeChecker): boolean => {
  if (isFreeName(node, checker)) return true
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText()
    return text === 'Date.now' || text === 'Math.random' || localTimeMethods.has(node.name.text)
  }
  if (ts.isNewExpression(node)) {
    const made = node.expression.getText()
    const count = node.arguments?.length ?? 0
    // `new Date(y, m, d)` is read in the machine's time zone, `new Intl.X()` in its language.
    return (made === 'Date' && count !== 1) || (made.startsWith('Intl.') && count === 0)
  }
  if (ts.isCallExpression(node)) {
    const name = calledName(node)
    if (node.expression.getText() === 'Date') return true
    if (name !== undefined && localeMethods.has(name)) return node.arguments.length === 0
    return name === 'localeCompare' && node.arguments.length < 2
  }
  return (
    ts.isImportSpecifier(node) &&
    !node.getSourceFile().fileName.endsWith(`/${idSource}`) &&
    chanceOfNanoid.has((node.propertyName ?? node.name).text) &&
    ts.isStringLiteral(node.parent.parent.parent.moduleSpecifier) &&
    node.parent.parent.parent.moduleSpecifier.text === 'nanoid'
  )
}

export const worldReads: Rule = {
  name: 'the core reads no clock, chance, environment or console',
  covers: inCore,
  findBreaches: ({ file, checker }) => collectNodes(file, (node) => readsWorld(node, checker)),
}

const throwsInside = (node: ts.Node, checker: ts.TypeChecker): boolean => {
  if (ts.isThrowStatement(node)) return true
  const name = calledName(node)
  if (name === '_unsafeUnwrap' || name === '_unsafeUnwrapErr') return true
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false
  if (node.expression.getText() === 'Promise.reject') return true
  // The name is looked at first: types of every receiver would be those of the whole program.
  if (name !== 'parse' && name !== 'parseAsync') return false
  return checker.getTypeAtLocation(node.expression.expression).getProperty('safeParse') !== undefined
}

export const throws: Rule = {
  name: 'the core throws nothing',
  covers: inCore,
  findBreaches: ({ file, checker }) => collectNodes(file, (node) => throwsInside(node, checker)),
}

const escapesTo = new Set([ts.SyntaxKind.AnyKeyword, ts.SyntaxKind.NeverKeyword])

export const typeEscapes: Rule = {
  name: 'nothing steps around the type checker',
  covers: inPackage,
  findBreaches: ({ file }) => {
    const casts = collectNodes(
      file,
      (node) =>
        (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) &&
        (escapesTo.has(node.type.kind) || ts.isAsExpression(node.expression)),
    )
    return /@ts-(ignore|nocheck|expect-error)/.test(file.text) ? [...casts, file] : casts
  },
}

const maxLines = 450

export const longFiles: Rule = {
  name: `no file is longer than ${maxLines} lines`,
  covers: () => true,
  findBreaches: ({ file }) => (file.text.trimEnd().split('\n').length > maxLines ? [file] : []),
}

const emptyWords = /(^|[a-z0-9_])([Mm]anager|[Hh]elpers?|[Ii]mpl|[Uu]tils?)(?![a-z])/
const emptyFileNames = /(^|[/.-])(managers?|helpers?|impl|utils?|common|misc)(?=[/.-])/

export const emptyNames: Rule = {
  name: 'names say what a thing is',
  covers: () => true,
  findBreaches: ({ path, file }) => {
    const declared = collectNodes(file, (node) => {
      if (!ts.isIdentifier(node)) return false
      const parent = node.parent
      const names =
        ts.isVariableDeclaration(parent) ||
        ts.isFunctionDeclaration(parent) ||
        ts.isClassDeclaration(parent) ||
        ts.isTypeAliasDeclaration(parent) ||
        ts.isInterfaceDeclaration(parent) ||
        ts.isParameter(parent) ||
        ts.isPropertySignature(parent) ||
        ts.isMethodSignature(parent)
      return names && parent.name === node && emptyWords.test(node.text)
    })
    return emptyFileNames.test(path) ? [...declared, file] : declared
  },
}

export const zodImports: Rule = {
  name: 'zod stands only in schema files, as a namespace',
  covers: inCore,
  findBreaches: ({ path, file }) =>
    collectNodes(file, (node) => {
      if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return false
      if (!/^zod(\/|$)/.test(node.moduleSpecifier.text)) return false
      const bindings = node.importClause?.namedBindings
      const inSchema = path.endsWith('.schema.ts') || path === 'src/shared/schema-of.ts'
      const typesOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      return !inSchema || !(typesOnly || (bindings !== undefined && ts.isNamespaceImport(bindings)))
    }),
}

export const unfinishedWork: Rule = {
  name: 'nothing is left to do later',
  covers: (path) => !path.startsWith('test/tidy'),
  findBreaches: ({ file }) => (/\b(TODO|FIXME|HACK)\b|\bnot (yet )?implemented\b/i.test(file.text) ? [file] : []),
}

export const rules: readonly Rule[] = [
  droppedResults,
  floatingPromises,
  defaultBranches,
  worldReads,
  throws,
  typeEscapes,
  longFiles,
  emptyNames,
  zodImports,
  unfinishedWork,
]
