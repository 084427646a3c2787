import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every TypeScript file under the given folders, as paths from the project's root. */
export const listSources = (...folders: readonly string[]): string[] =>
  folders
    .flatMap((folder) => readFolder(folder))
    .filter((path) => path.endsWith('.ts'))
    .sort()

const readFolder = (folder: string): string[] => {
  try {
    return readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`)
  } catch {
    return []
  }
}

/**
 * A file as the rules see it: its path from the project's root, its syntax and the checker that knows its types. A file
 * that was parsed alone has no types: whoever asks for its checker is told so.
 */
export type Source = { readonly path: string; readonly file: ts.SourceFile; readonly checker: ts.TypeChecker }

/**
 * Type-checks the listed files together with files that exist only in memory.
 *
 * @param paths - paths from the project's root
 * @param planted - text by path from the project's root; stands beside the real files and may import them
 */
export const readSources = (paths: readonly string[], planted: ReadonlyMap<string, string>): Source[] => {
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, files: [], include: [] }, ts.sys, root)
  const virtual = new Map([...planted].map(([path, text]) => [root + path, text]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => virtual.has(name) || fileExists(name)
  host.readFile = (name) => virtual.get(name) ?? readFile(name)
  host.getSourceFile = (name, language, ...rest) => {
    const text = virtual.get(name)
    return text === undefined ? getSourceFile(name, language, ...rest) : ts.createSourceFile(name, text, language, true)
  }
  const names = [...paths, ...planted.keys()]
  const program = ts.createProgram({ rootNames: names.map((path) => root + path), options, host })
  const checker = program.getTypeChecker()
  return names.flatMap((path) => {
    const file = program.getSourceFile(root + path)
    return file === undefined ? [] : [{ path, file, checker }]
  })
}

/** Parses files each by itself, for rules that look at nothing but their text and syntax. */
export const parseSources = (paths: readonly string[]): Source[] =>
  paths.map((path) => ({
    path,
    file: ts.createSourceFile(root + path, readFileSync(root + path, 'utf8'), ts.ScriptTarget.ES2022, true),
    get checker(): never {
      throw new Error(`${path} was parsed without its types`)
    },
  }))
