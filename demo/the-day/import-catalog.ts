import { type ImportProgress, type RowError, receiveStockRows } from 'shopwright'
import { cutTo } from '../columns.js'
import type { CatalogFile } from '../read-catalog/open-catalog.js'
import { clerk, type Telling } from '../story.js'
import { deliverEvents } from './deliver-events.js'
import { describeIssue } from './row-issue.js'

export const merchantId = 'self'
const mostNamed = 6

type WrongRow = RowError & { readonly file: string }

/** The catalog comes in file by file, with its stock; rows that are wrong are named, and the rest is imported. */
export const importCatalog = async (story: Telling, files: readonly CatalogFile[]): Promise<void> => {
  const { shop, must, by, say, tell } = story
  story.chapter('The catalog comes in', '导入商品')
  const wrong: WrongRow[] = []
  const done = { created: 0, updated: 0, unchanged: 0, failed: 0, stocked: 0 }
  for (const file of files) {
    const { name, format, source, currency } = file
    const showProgress = ({ lineDone, counts }: ImportProgress): void => {
      const sofar = done.created + counts.created
      story.terminal.progress(
        say(
          `  ${cutTo(name, 30)}: line ${lineDone}, ${sofar} products`,
          `  ${cutTo(name, 30)}：第 ${lineDone} 行，商品 ${sofar} 个`,
        ),
      )
    }
    const report = must(
      'importProducts',
      await shop.catalog.importProducts(by(clerk), {
        importId: name,
        format,
        source,
        merchantId,
        currency,
        onProgress: showProgress,
        onError: (error) => wrong.push({ ...error, file: name }),
        receiveStock: (stock) =>
          receiveStockRows(shop.ports, {
            reference: name,
            rows: stock.map(({ sku, quantity }) => ({ sku, quantity })),
          }).andTee(({ received }) => {
            done.stocked += received
          }),
      }),
    )
    done.created += report.counts.created
    done.updated += report.counts.updated
    done.unchanged += report.counts.unchanged
    done.failed += report.counts.failed
  }
  story.terminal.progress('')
  tell(`${done.created} products are on sale.`, `已上架商品 ${done.created} 个。`)
  const again = done.updated + done.unchanged
  if (again > 0) story.note(`${again} rows spoke of a product that stood already`, `${again} 行对应已有商品`)
  tellWrong(story, wrong, done.failed)
  tell(`Stock of ${done.stocked} SKUs is on the shelves.`, `${done.stocked} 个 SKU 的库存已入库。`)
  await tellDepartments(story)
  tellMadeUp(story, files)
  await deliverEvents(story)
}

const mostDepartments = 5

const tellDepartments = async ({ shop, must, by, note, nameOf }: Telling): Promise<void> => {
  const tree = must('listCategories', await shop.catalog.listCategories(by(clerk)))
  const [top] = tree
  // One that holds everything tells nothing; what is below it does.
  const shown = tree.length === 1 && top !== undefined && top.children.length > 0 ? top.children : tree
  if (shown.length === 0) return
  const names = shown.slice(0, mostDepartments).map(({ name }) => nameOf(name, 20))
  const rest = shown.length > names.length ? ' …' : ''
  note(
    `${shown.length} ${shown.length === 1 ? 'department' : 'departments'}: ${names.join(', ')}${rest}`,
    `${shown.length} 个类目：${names.join('、')}${rest}`,
  )
}

const tellWrong = (story: Telling, wrong: readonly WrongRow[], failed: number): void => {
  if (failed === 0) return
  story.tellRefused(
    `${failed} ${failed === 1 ? 'row was' : 'rows were'} wrong and left out:`,
    `${failed} 行有误，未导入：`,
  )
  story.table(
    wrong.slice(0, mostNamed).map(({ file, line, externalId, issues }) => {
      const [issue] = issues
      const what = issue === undefined ? '' : describeIssue(issue)[story.locale]
      return [cutTo(file, 30), story.say(`line ${line}`, `第 ${line} 行`), cutTo(externalId ?? '', 20), cutTo(what, 60)]
    }),
  )
  const more = failed - Math.min(mostNamed, wrong.length)
  if (more > 0) story.note(`and ${more} more`, `另有 ${more} 行`)
}

const tellMadeUp = ({ note }: Telling, files: readonly CatalogFile[]): void => {
  const missing = new Set(files.flatMap(({ madeUp }) => madeUp))
  if (missing.size === 0) return
  if (missing.has('price')) {
    note(
      'stock, and prices where the catalog has none, are made up for the demo',
      '目录中缺少的价格和全部库存由演示虚构',
    )
  } else {
    note('the catalog states no stock; it is made up for the demo', '目录中没有库存，由演示虚构')
  }
}
