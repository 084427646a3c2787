import type { Messages } from '../shared/messages.js'
import type { CategoryError } from './category.js'
import type { ImportInterrupted, ImportRunsElsewhere, StockNotReceived } from './import/import-products.js'
import type { ProductError } from './product.js'
import type { IndexUnreadable } from './search/saved/saved-file.js'

export type CatalogError =
  | IndexUnreadable
  | ProductError
  | CategoryError
  | ImportInterrupted
  | ImportRunsElsewhere
  | StockNotReceived

/** What each refusal of the catalog is called; `NotFound` stands with the errors of the core. */
export const catalogMessages: Messages<Exclude<CatalogError['type'], 'NotFound'>> = {
  ProductIncomplete: {
    en: 'The product cannot be on sale yet; missing: {missing}.',
    'zh-CN': '商品信息不完整，无法上架，缺少：{missing}。',
  },
  SkuTaken: { en: 'Another product has the SKU {sku}.', 'zh-CN': 'SKU {sku} 已被其他商品使用。' },
  ProductChanged: {
    en: 'The product was changed by somebody else meanwhile. Look at it again.',
    'zh-CN': '商品已被其他人修改，请重新查看后再保存。',
  },
  KitPartUnknown: {
    en: '{sku} cannot have {part} as a part: no product of the same merchant has that SKU, or it is a kit itself.',
    'zh-CN': '{sku} 不能包含 {part}：同一商家没有该 SKU 的商品，或它本身就是组合商品。',
  },
  CategoryCycle: {
    en: 'A category cannot be moved into its own branch.',
    'zh-CN': '不能把类目移动到它自己的下级类目中。',
  },
  CategoryTooDeep: { en: 'The tree may be {maximum} levels deep.', 'zh-CN': '类目层级最多为 {maximum} 级。' },
  ImportInterrupted: {
    en: 'The import stopped after line {lineDone} and can be resumed.',
    'zh-CN': '导入在第 {lineDone} 行后中断，可以继续。',
  },
  ImportRunsElsewhere: {
    en: 'The import {importId} is running elsewhere.',
    'zh-CN': '导入任务 {importId} 正在其他进程中运行。',
  },
  IndexUnreadable: {
    en: 'The saved search index cannot be read ({reason}) and has to be built anew.',
    'zh-CN': '无法读取已保存的搜索索引（{reason}），需要重新建立。',
  },
  StockNotReceived: {
    en: 'The stock of the rows after line {lineDone} could not be received ({reason}).',
    'zh-CN': '第 {lineDone} 行之后的库存入库失败（{reason}）。',
  },
}
