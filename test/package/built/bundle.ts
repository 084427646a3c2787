import { type BuildOptions, build } from 'esbuild'
import { inject } from 'vitest'

/** Bundles a few lines that use the installed package, minified, its run-time dependencies included. */
export const bundle = async (lines: string, options: BuildOptions = {}): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: lines, resolveDir: inject('consumer') },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'silent',
    ...options,
  })
  return outputFiles?.[0]?.text ?? ''
}
