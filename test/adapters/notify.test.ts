import { notifierCases } from '../../adapters/contract/notifier.js'
import { createConsoleNotifier } from '../../adapters/notify/console/index.js'
import { runContract } from '../support/run-contract.js'

runContract('the console notifier', notifierCases, async () => {
  const lines: string[] = []
  let broken = false
  const notifier = createConsoleNotifier((line) => {
    if (broken) throw new Error(line)
    lines.push(line)
  })
  return {
    notifier,
    delivered: () => lines,
    breakChannel: () => {
      broken = true
    },
  }
})
