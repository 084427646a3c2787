import type { Message, RowIssue } from 'shopwright'

// What most often goes wrong in a file, in words; for the rest the check's own message has to do.
const words: Readonly<Record<string, Message>> = {
  invalid_json: { en: 'is not JSON', 'zh-CN': '不是有效的 JSON' },
  not_a_whole_number: { en: 'is not a whole number', 'zh-CN': '不是整数' },
  not_a_flag: { en: 'is neither true nor false', 'zh-CN': '不是 true 或 false' },
  unknown_column: { en: 'is not a column we know', 'zh-CN': '是未知的列' },
  unrecognized_keys: { en: 'is not a member we know', 'zh-CN': '含有未知的字段' },
  duplicate_row: { en: 'stands in an earlier row too', 'zh-CN': '与前面的行重复' },
  missing_for_sale: { en: 'is missing, and a product on sale needs it', 'zh-CN': '缺失，上架商品必须填写' },
  sku_taken: { en: 'belongs to another product', 'zh-CN': '已被其他商品使用' },
  missing: { en: 'is missing', 'zh-CN': '缺失' },
  duplicate: { en: 'stands twice', 'zh-CN': '重复' },
  InvalidAmount: { en: 'is not an amount', 'zh-CN': '不是有效的金额' },
  TooManyDecimals: { en: 'has more decimals than the currency', 'zh-CN': '小数位数超过该币种' },
  too_small: { en: 'is too small or empty', 'zh-CN': '过小或为空' },
  too_big: { en: 'is too large or too long', 'zh-CN': '过大或过长' },
}

/** What is wrong with a row, in a few words. */
export const describeIssue = ({ path, code, message }: RowIssue): Message => {
  const said = words[code] ?? { en: message, 'zh-CN': message }
  // A product with a single choice states it in the row itself.
  const member = path.replace(/^variants\.0\./, '')
  return member === '' ? said : { en: `${member} ${said.en}`, 'zh-CN': `${member} ${said['zh-CN']}` }
}
