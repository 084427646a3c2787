import * as z from 'zod'
import { runGoldenLedger } from './golden-ledger.js'
import { runGoldenLevels } from './golden-levels.js'
import { runGoldenPrice } from './golden-price.js'
import { runMedusaPayment } from './medusa-payment.js'
import { runMedusaPrice } from './medusa-price.js'
import { runMedusaPriceList } from './medusa-price-list.js'
import { runPeerComponent } from './peer-component.js'
import { runPeerPayment } from './peer-payment.js'
import { runPeerPrice } from './peer-price.js'
import { type Difference, Inexpressible, judge, type Verdict } from './verdict.js'

const anyCase = z.looseObject({ id: z.string() })

/** A case of a file, with its verdict. */
export type CaseRun = { readonly id: string; readonly verdict: Verdict }

/** Runs every case of a file, whatever their shape. */
export const runCases = (file: unknown): readonly CaseRun[] => {
  const cases = z.looseObject({ cases: z.array(anyCase) }).parse(file)
  return cases.cases.map((each) => ({ id: each.id, verdict: judge(() => runCase(each, cases)) }))
}

const runCase = (each: z.infer<typeof anyCase>, file: Readonly<Record<string, unknown>>): readonly Difference[] => {
  if (each.kind === 'ledger') return 'tierConfig' in each ? runGoldenLevels(each) : runGoldenLedger(each)
  if ('exponent' in each) return runGoldenPrice(each)
  if ('peer' in each && 'taxInclusive' in each) return runPeerPrice(each)
  if ('peer' in each && each.kind === 'payment-ledger') return runPeerPayment(each)
  if ('peer' in each && 'kind' in each) return runPeerComponent(each)
  if ('group' in each && 'priceLists' in each) return runMedusaPriceList(each, file.fixtures)
  if ('group' in each && each.group === 'payments') return runMedusaPayment(each)
  if ('group' in each && 'promotions' in each) return runMedusaPrice(each)
  throw new Inexpressible(`unknown shape: ${Object.keys(each).join(', ')} in a file of ${Object.keys(file).join(', ')}`)
}
