/** The singular of a Latin word, as far as its letters tell; other words as they are. */
export const stem = (word: string): string => {
  if (word.length < 4 || word.charCodeAt(word.length - 1) !== 0x73)
    return word.length > 4 && word.endsWith('ie') ? `${word.slice(0, -2)}y` : word
  const before = word.charCodeAt(word.length - 2)
  if (before < 0x61 || before > 0x7a) return word
  const odd = irregular.get(word)
  if (odd !== undefined) return odd
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1)
  if (/(?:x|ch|sh|ss|zz)es$/.test(word)) return word.slice(0, -2)
  if (word.endsWith('oes')) return word.length > 5 ? word.slice(0, -2) : word.slice(0, -1)
  return before === 0x73 || before === 0x75 || before === 0x69 ? word : word.slice(0, -1)
}

const irregular: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['knives', 'knife'],
  ['shelves', 'shelf'],
  ['leaves', 'leaf'],
  ['wives', 'wife'],
  ['scarves', 'scarf'],
  ['loaves', 'loaf'],
  ['halves', 'half'],
])
