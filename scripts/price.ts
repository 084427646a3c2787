import { readFileSync } from 'node:fs'
import { explainPrice, parsePriceInput, pricingMessages, renderExplanation, renderPrice } from '../src/pricing/index.js'
import type { Message } from '../src/shared/messages.js'
import { fillMessage } from '../src/shared/messages.js'

// Prices a cart file and explains it: `npm run price -- FILE.json [--locale zh-CN|en] [--json]`.

const usage = 'npm run price -- FILE.json [--locale zh-CN|en] [--json]'

const readWords = (words: readonly string[]): { file: string; locale: 'zh-CN' | 'en'; json: boolean } => {
  const place = words.indexOf('--locale')
  const locale = place < 0 ? 'en' : words[place + 1]
  if (locale !== 'en' && locale !== 'zh-CN') throw new Error(`--locale takes zh-CN or en: ${usage}`)
  const files = words.filter((word, index) => !word.startsWith('--') && (place < 0 || index !== place + 1))
  const [file, ...others] = files
  if (file === undefined || others.length > 0) throw new Error(`One cart file is asked for: ${usage}`)
  const unknown = words.find((word) => word.startsWith('--') && word !== '--locale' && word !== '--json')
  if (unknown !== undefined) throw new Error(`${unknown} is not known: ${usage}`)
  return { file, locale, json: words.includes('--json') }
}

const parseJson = (file: string): unknown => {
  const text = readFileSync(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const main = (words: readonly string[]): number => {
  const { file, locale, json } = readWords(words)
  const input = parsePriceInput(parseJson(file))
  if (input.isErr()) {
    const issues = input.error.issues.map((issue) => `  ${JSON.stringify(issue)}`)
    process.stderr.write(`${file} is no cart to price:\n${issues.join('\n')}\n`)
    return 1
  }
  const explained = explainPrice(input.value)
  if (explained.isErr()) {
    process.stderr.write(`${fillMessage(pricingMessages[explained.error.type], locale, explained.error)}\n`)
    return 1
  }
  if (json) {
    console.log(JSON.stringify(explained.value, null, 2))
    return 0
  }
  const names: Record<string, Message> = {}
  for (const { offerId, title } of input.value.offers) names[offerId] = title
  const rows = renderPrice({ ...explained.value.price, trace: [] }, locale, { offers: names })
  for (const { kind, label, amount } of rows) console.log(`${kind === 'share' ? '    ' : ''}${label}  ${amount}`)
  const timeZone = input.value.offers[0]?.window.timeZone
  console.log('')
  for (const sentence of renderExplanation(explained.value, locale, {
    offers: names,
    ...(timeZone === undefined ? {} : { timeZone }),
  }))
    console.log(sentence)
  return 0
}

try {
  process.exitCode = main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
