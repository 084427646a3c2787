/** The languages every text of the core is written in. */
export type Locale = 'zh-CN' | 'en'

/** A text in every language; `{name}` stands for a fact of the error or event it speaks of. */
export type Message = Readonly<Record<Locale, string>>

/** A text for every tag of a union of errors or states; one that is missing does not compile. */
export type Messages<Tag extends string> = Readonly<Record<Tag, Message>>

/**
 * Fills the facts of an error into its text.
 *
 * @param facts - the error itself; a member that is a list is joined with commas, one that is missing stays as `{name}`
 */
export const fillMessage = (message: Message, locale: Locale, facts: object): string =>
  message[locale].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value: unknown = Object.hasOwn(facts, name) ? Reflect.get(facts, name) : undefined
    if (Array.isArray(value)) return value.map(String).join(', ')
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole
  })
