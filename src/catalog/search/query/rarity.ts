/**
 * How much a word tells products apart: the logarithm of how few have it, as a whole number.
 *
 * @source the idf of BM25, Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009
 */
export const rarityOf = (documents: number, frequency: number): number =>
  Math.max(1, Math.round(64 * Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))))
