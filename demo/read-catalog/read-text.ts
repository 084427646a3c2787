import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'

/** Reads a file as pieces of text, unpacked where its name ends with `.gz`. */
export async function* readText(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  file.on('error', (cause) => stream.destroy(cause))
  stream.setEncoding('utf8')
  try {
    for await (const chunk of stream) yield String(chunk)
  } finally {
    file.destroy()
  }
}

/** Reads a file line by line, without the ends of the lines. */
export async function* readLines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of readText(path)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
