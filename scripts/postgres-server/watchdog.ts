/*
 * A guarded program lives no longer than the process that started it. Its guard holds one end of a pipe whose other end
 * only the parent has: when the parent ends in any way, kill -9 included, the kernel closes that end, the guard reads
 * end-of-file, stops the program and removes the run folder. The guard's text is handed over on the command line,
 * because a file of the project may be unreadable for the account that the server runs under.
 */

// TERM ends a program that has not yet installed its handlers (QUIT is ignored in a background job until then);
// for a running server QUIT means an immediate shutdown, which is right where the data is thrown away. The folder is
// removed a second time because a stopped initdb may leave a child that writes for a moment longer.
const shellGuard = `
folder=$1 mode=$2
shift 2
trap : HUP INT TERM
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
( while read -r _; do :; done <&3
  : >"$folder/abandoned"
  kill -TERM $program
  kill -QUIT $program ) 2>/dev/null &
reader=$!
while :; do
  wait $program
  status=$?
  kill -0 $program 2>/dev/null || break
done
kill -KILL $reader 2>/dev/null
if [ "$mode" = remove ] || [ -e "$folder/abandoned" ]; then
  rm -rf "$folder" 2>/dev/null || { sleep 1; rm -rf "$folder"; }
fi
exit $status
`

// Windows has no sh; Node is there by definition, and no account is changed, so it can always be read.
const nodeGuard = `
const { spawn } = require('node:child_process')
const { rmSync } = require('node:fs')
const [folder, mode, command, ...args] = process.argv.slice(1)
let abandoned = false
const end = (status) => {
  if (mode === 'remove' || abandoned) {
    try { rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) } catch {}
  }
  process.exit(status)
}
const program = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true })
const stop = () => { abandoned = true; program.kill(process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT') }
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => {})
process.stdin.on('end', stop).on('error', stop).resume()
program.on('error', (error) => { console.error(error.message); end(1) })
program.on('exit', (code) => end(code ?? 1))
`

/** A program wrapped in its guard; the caller must give it a pipe as standard input and keep that pipe open. */
export type GuardedCommand = { readonly command: string; readonly commandArguments: readonly string[] }

/**
 * Wraps a program so that it stops, and `folder` is removed, when the parent's end of standard input closes.
 * With `afterwards: 'remove'` the folder is removed however the program ends.
 */
export const guardCommand = (
  program: { readonly command: string; readonly commandArguments: readonly string[] },
  folder: string,
  afterwards: 'keep' | 'remove',
  guard: 'shell' | 'node' = process.platform === 'win32' ? 'node' : 'shell',
): GuardedCommand => {
  const rest = [folder, afterwards, program.command, ...program.commandArguments]
  return guard === 'shell'
    ? { command: '/bin/sh', commandArguments: ['-c', shellGuard, 'postgres-guard', ...rest] }
    : { command: process.execPath, commandArguments: ['-e', nodeGuard, '--', ...rest] }
}
