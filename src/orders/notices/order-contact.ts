/** How a buyer wants to be told of an order: by e-mail, or by text message. */
export type OrderContact = { readonly email: string } | { readonly phone: string }
