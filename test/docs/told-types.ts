import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const source = fileURLToPath(new URL('../../src/shop-events.ts', import.meta.url))

const open = () => {
  const program = ts.createProgram([source], {
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
    lib: ['lib.es2022.d.ts'],
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
  })
  const file = program.getSourceFile(source)
  const aliasOf = (name: string): ts.TypeAliasDeclaration | undefined => {
    let found: ts.TypeAliasDeclaration | undefined
    file?.forEachChild((node) => {
      if (ts.isTypeAliasDeclaration(node) && node.name.text === name) found = node
    })
    return found
  }
  return { checker: program.getTypeChecker(), aliasOf }
}

/** The names of all events that have a type. */
export const eventNames = (): readonly string[] => {
  const { checker, aliasOf } = open()
  const alias = aliasOf('ShopEventName')
  const type = alias === undefined ? undefined : checker.getTypeAtLocation(alias)
  return type?.isUnion() === true ? type.types.flatMap((each) => (each.isStringLiteral() ? [each.value] : [])) : []
}

/** What the body of an event may hold, in one of its variants. */
export type BodyShape = { readonly required: readonly string[]; readonly optional: readonly string[] }

/** The variants of the body of each event, by its name. */
export const bodyShapes = (): ReadonlyMap<string, readonly BodyShape[]> => {
  const { checker, aliasOf } = open()
  const alias = aliasOf('ShopEvents')
  if (alias === undefined) return new Map()
  const shapeOf = (type: ts.Type): BodyShape => {
    const members = checker.getPropertiesOfType(type)
    const isOptional = (member: ts.Symbol) => (member.flags & ts.SymbolFlags.Optional) !== 0
    return {
      required: members.filter((member) => !isOptional(member)).map(({ name }) => name),
      optional: members.filter(isOptional).map(({ name }) => name),
    }
  }
  return new Map(
    checker.getPropertiesOfType(checker.getTypeAtLocation(alias)).map((event) => {
      const body = checker.getPropertyOfType(checker.getTypeOfSymbolAtLocation(event, alias), 'body')
      const type = body === undefined ? undefined : checker.getTypeOfSymbolAtLocation(body, alias)
      const variants = type === undefined ? [] : type.isUnion() ? type.types : [type]
      return [event.name, variants.map(shapeOf)] as const
    }),
  )
}
