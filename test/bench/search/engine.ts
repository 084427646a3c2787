import type { Goods } from './judged-set.js'

/** A search engine with its index built. */
export type OpenEngine = {
  /** Ids of products, best first, at most `limit`. */
  readonly search: (text: string, limit: number) => readonly string[] | Promise<readonly string[]>
}

/** An engine and the settings that it is run with. */
export type Engine = {
  readonly name: string
  readonly build: (goods: readonly Goods[]) => OpenEngine | Promise<OpenEngine>
}
