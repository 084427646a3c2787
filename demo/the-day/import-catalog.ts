import { type RowError, receiveStockRows } from 'shopwright'
import type { CatalogFile } from '../catalogs.js'
import { clerk, type Story } from '../story.js'
import { endProgress, printProgress } from '../terminal.js'

const merchantId = 'self'
const mostNamed = 5

/** The catalog comes in, with its stock; rows that are wrong are named. */
export const importCatalog = async (story: Story, file: CatalogFile): Promise<void> => {
  const { shop, say, tell, note, must, by } = story
  story.chapter('The catalog comes in', '导入商品')
  const wrong: RowError[] = []
  let received = 0
  const report = must(
    'importProducts',
    await shop.catalog.importProducts(by(clerk), {
      importId: 'opening',
      format: file.format,
      source: file.source,
      merchantId,
      currency: file.currency,
      onProgress: ({ counts }) =>
        printProgress(`  ${say('imported', '已导入')} ${counts.created + counts.updated + counts.unchanged}`),
      onError: (error) => wrong.push(error),
      receiveStock: (stock) =>
        receiveStockRows(shop.ports, {
          reference: 'opening',
          rows: stock.map(({ sku, quantity }) => ({ sku, quantity })),
        }).map((receipt) => {
          received += receipt.received
          return receipt
        }),
    }),
  )
  endProgress()
  const { created, failed } = report.counts
  tell(`${created} products are on sale, ${failed} rows were wrong.`, `上架商品 ${created} 个，错误行 ${failed} 行。`)
  for (const { line, externalId, issues } of wrong.slice(0, mostNamed)) {
    const [issue] = issues
    const what = `${issue?.path ?? ''} ${issue?.message ?? ''}`.trim()
    note(`${say('line', '第')} ${line}${say('', ' 行')}${externalId === null ? '' : ` (${externalId})`}: ${what}`)
  }
  if (wrong.length > mostNamed) note(say(`and ${wrong.length - mostNamed} more`, `另有 ${wrong.length - mostNamed} 行`))
  tell(`Stock of ${received} SKUs is on the shelves.`, `${received} 个 SKU 已入库。`)
  if (file.madeUp.length > 0) {
    const names = file.madeUp.join(', ')
    note(
      say(
        `the file states no ${names} for some rows; those are made up and marked`,
        `文件未提供的 ${names} 为示例数据`,
      ),
    )
  }
}
