// A catalog file: errors row by row, read twice without doing anything twice, gone on with where it stopped.
import { createShop, receiveStockRows } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, examplePorts } from './support/mug-shop.js'
import { must } from './support/must.js'

const shop = createShop({ ...examplePorts, storage: createMemoryStorage() })

// #region file
const file = `externalId,title.en,title.zh-CN,brand,category,price,attribute.volume,tag,image
pot,Teapot,茶壶,Kiln,Kitchen > Tea,89,0.8 l,露营,https://example.com/pot.jpg
cup,Teacup,茶杯,Kiln,Kitchen > Tea,19.90,150 ml,,
jar,Jar,罐子,Kiln,Kitchen > Storage,much,1 l,,
`
// A file may come in pieces of any size, as from a stream.
const pieces = [file.slice(0, 100), file.slice(100)]
const request = { importId: 'spring', format: 'csv', merchantId: 'me', currency: 'CNY', source: pieces } as const
const first = must(await shop.catalog.importProducts(byStaff(), request))
for (const { line, externalId, issues } of first.errors) {
  console.log(`line ${line} (${externalId}): ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`)
}
// #endregion

// #region again
const mended = { ...request, importId: 'spring-2', source: [file.replace('much', '45')] }
const again = must(await shop.catalog.importProducts(byStaff(), mended))
console.log(`again: ${again.counts.created} new, ${again.counts.unchanged} as they were`)
// #endregion

// #region stock
const counted = 'externalId,title,category,price,stock\nbowl,Bowl,Kitchen,25,12\n'
const reference = 'spring-3'
must(
  await shop.catalog.importProducts(byStaff(), {
    ...request,
    importId: reference,
    source: [counted],
    receiveStock: (stock) =>
      receiveStockRows(shop.ports, { reference, rows: stock.map(({ sku, quantity }) => ({ sku, quantity })) }),
  }),
)
// #endregion

const { products } = must(
  await shop.catalog.listProducts(by('ann'), { filter: { attributes: { volume: ['800 ml'] } } }),
)
console.log(`on sale with 800 ml: ${products.map(({ title }) => title['zh-CN']).join()}`)
