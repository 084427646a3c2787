import { defineConfig } from 'tsup'

// One output file per source file: importing one name then costs only the files behind it.
// Types come from the compiler, by tsconfig.build.json, which the build script runs next.
export default defineConfig({
  entry: ['src/**/*.ts', 'adapters/**/*.ts'],
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  bundle: false,
  splitting: false,
  clean: true,
  dts: false,
  outDir: 'dist',
  silent: true,
})
