import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** The account a process runs under when it is not the caller's own. */
export type Account = {
  /** Name to show in messages. */
  readonly name: string
  /** Numeric user id. */
  readonly uid: number
  /** Numeric group id. */
  readonly gid: number
}

/** How a process ended, as data: it never surfaces as an uncaught 'error' event. */
export type ProcessOutcome =
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null; readonly output: string }
  | { readonly kind: 'unstartable'; readonly reason: string }

/** A process that runs, or the reason why it could not be started. */
export type Started = {
  readonly kind: 'running'
  readonly child: ChildProcess
  readonly ended: Promise<ProcessOutcome>
}

const outputCharacters = 4000

// Environment for the server’s programs: nothing of the caller's Postgres or locale settings, none of its secrets.
const serverEnvironment = (): Record<string, string> => {
  const kept = process.platform === 'win32' ? Object.keys(process.env) : ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR']
  const environment: Record<string, string> = {}
  for (const name of kept) {
    const value = process.env[name]
    if (value !== undefined && !/^(PG|LC_|LANG)/i.test(name)) environment[name] = value
  }
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...environment, LC_ALL: 'C', TZ: 'UTC' }
}

const describeFailure = (error: unknown, command: string, account: Account | undefined): string => {
  const message = error instanceof Error ? error.message : String(error)
  return account === undefined ? `${command}: ${message}` : `${command} as ${account.name}: ${message}`
}

/** Starts a process; `ended` resolves with its outcome and never rejects. */
export const startProcess = (
  command: string,
  commandArguments: readonly string[],
  options: SpawnOptions,
  account: Account | undefined,
): Started | Extract<ProcessOutcome, { kind: 'unstartable' }> => {
  let child: ChildProcess
  try {
    // Some refusals (EPERM and EINVAL of setuid) are thrown here, the others arrive as an 'error' event.
    child = spawn(command, commandArguments, {
      windowsHide: true,
      env: serverEnvironment(),
      cwd: process.platform === 'win32' ? undefined : '/',
      ...options,
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    })
  } catch (error) {
    return { kind: 'unstartable', reason: describeFailure(error, command, account) }
  }
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('error', () => {})
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-outputCharacters)
    })
  }
  // A child that is gone turns a write or an end into EPIPE; its exit tells the story.
  child.stdin?.on('error', () => {})
  const ended = new Promise<ProcessOutcome>((resolve) => {
    child.once('error', (error) => resolve({ kind: 'unstartable', reason: describeFailure(error, command, account) }))
    const event = child.stdout === null && child.stderr === null ? 'exit' : 'close'
    child.once(event, (code: number | null, signal: string | null) => {
      resolve({ kind: 'ended', code, signal, output: output.trim() })
    })
  })
  return { kind: 'running', child, ended }
}

/** Runs a process to its end with its output collected; ends it after `timeoutMilliseconds`. */
export const runProcess = async (
  command: string,
  commandArguments: readonly string[],
  account: Account | undefined,
  timeoutMilliseconds = 20_000,
): Promise<ProcessOutcome> => {
  const stdio: SpawnOptions['stdio'] = ['ignore', 'pipe', 'pipe']
  const started = startProcess(command, commandArguments, { stdio }, account)
  if (started.kind === 'unstartable') return started
  const timer = setTimeout(() => started.child.kill('SIGKILL'), timeoutMilliseconds)
  const outcome = await started.ended
  clearTimeout(timer)
  return outcome
}

/** One line that says why an outcome is not a success. */
export const describeOutcome = (outcome: ProcessOutcome): string => {
  if (outcome.kind === 'unstartable') return outcome.reason
  const end = outcome.signal === null ? `exit code ${outcome.code}` : `signal ${outcome.signal}`
  return outcome.output === '' ? end : `${end}: ${outcome.output.replace(/\s*\n\s*/g, ' | ')}`
}

/** Whether the process ran and ended with code 0. */
export const succeeded = (outcome: ProcessOutcome): outcome is Extract<ProcessOutcome, { kind: 'ended' }> =>
  outcome.kind === 'ended' && outcome.code === 0
