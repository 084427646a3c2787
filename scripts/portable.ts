// Fails when a tracked file names a package registry's host or a path of one machine: the project must build anywhere.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '')
// Files about to be added count as tracked.
const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard')

const strangers = [
  { what: 'a registry host', pattern: /registry\.(npmjs\.org|yarnpkg\.com|npmmirror\.com)|"resolved": "[^"]*:/ },
  { what: "a machine's path", pattern: /(?<![\w.$}/-])\/(work|home(?!\/linuxbrew)|Users|root)\/[\w.-]+/ },
  { what: 'a temporary path', pattern: /(?<![\w.$}/-])\/(var\/)?tmp\/[\w.-]+/ },
]
const ownFile = 'scripts/portable.ts'

const findings = files
  .filter((path) => path !== ownFile)
  .flatMap((path) => {
    const text = readFileSync(root + path)
    if (text.includes(0)) return []
    return text
      .toString('utf8')
      .split('\n')
      .flatMap((line, index) =>
        strangers
          .filter(({ pattern }) => pattern.test(line))
          .map(({ what }) => `${path}:${index + 1} names ${what}: ${line.trim().slice(0, 120)}`),
      )
  })

for (const finding of findings) console.log(finding)
console.log(`portable: ${files.length} files read, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
