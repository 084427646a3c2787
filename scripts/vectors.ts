import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkAlipay } from './vectors/alipay.js'
import { checkBill } from './vectors/bill.js'
import type { Check } from './vectors/check.js'
import { checkPayPal, checkPayPalRequests } from './vectors/paypal.js'
import { checkReconcile } from './vectors/reconcile.js'
import { checkStripe } from './vectors/stripe.js'
import { checkWechatPay } from './vectors/wechatpay.js'

// Holds the gateways against what the services themselves have published: `npm run vectors`, or `npm run vectors -- FOLDER/`. The
// material lies in the shared folder beside the project and is not part of it.

const folder = process.argv[2] ?? fileURLToPath(new URL('../../shared/data/payments/', import.meta.url))

const run = (checks: readonly Check[]): number => {
  const failed = checks.filter(({ differs }) => differs !== null)
  for (const { name, differs } of failed) console.log(`failed   ${name}: ${differs}`)
  console.log(`${checks.length - failed.length} passed, ${failed.length} failed`)
  return failed.length > 0 ? 1 : 0
}

if (existsSync(folder)) {
  process.exitCode = run([
    ...checkWechatPay(folder),
    ...checkBill(folder),
    ...(await checkReconcile(folder)),
    ...checkAlipay(folder),
    ...checkStripe(folder),
    ...checkPayPal(folder),
    ...(await checkPayPalRequests(folder)),
  ])
} else {
  console.log('vectors: not run: no shared folder')
}
