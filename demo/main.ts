import { runDemo } from './run-demo.js'

// Whoever reads along may have seen enough (`| head`); that is no failure.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await runDemo(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  environment: process.env,
})
