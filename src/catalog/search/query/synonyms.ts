/** What else may be written for a word, as the index has it, and what that is worth, 1 to 16. */
export type SynonymTable = (word: string) => readonly { readonly word: string; readonly weight: number }[]

/** No synonyms. */
export const noSynonyms: SynonymTable = () => []
