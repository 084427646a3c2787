/** A key made ready to seal with. */
export type Aes = {
  readonly encrypt: (context: Bytes, nonce: Bytes, bytes: Bytes) => Promise<Bytes>
  /** Undefined for what is not of this key, this context and this nonce, or was changed. */
  readonly decrypt: (context: Bytes, nonce: Bytes, data: Bytes) => Promise<Bytes | undefined>
}

/** Digests bytes with a key made ready for it. */
export type Hmac = (bytes: Bytes) => Promise<Bytes>

/**
 * AES-256-GCM, its 16-byte tag behind the cipher text, and HMAC-SHA-256, as a runtime provides them. Every implementation
 * gives the same bytes.
 */
export type Ciphers = {
  readonly importAes: (key: Bytes) => Promise<Aes>
  readonly importHmac: (key: Bytes) => Promise<Hmac>
}

export type Bytes = Uint8Array<ArrayBuffer>

/** What is needed of `node:crypto`; written out, so that the declarations need no types of Node. */
type NodeCrypto = {
  readonly createCipheriv: (name: 'aes-256-gcm', key: Bytes, nonce: Bytes, options: TagOptions) => NodeCipher
  readonly createDecipheriv: (name: 'aes-256-gcm', key: Bytes, nonce: Bytes, options: TagOptions) => NodeDecipher
  readonly createHmac: (name: string, key: Bytes) => { update(bytes: Bytes): { digest(): Uint8Array } }
}

type TagOptions = { readonly authTagLength: number }
type NodeStream = { setAAD(context: Bytes): unknown; update(bytes: Bytes): Uint8Array; final(): Uint8Array }
type NodeCipher = NodeStream & { getAuthTag(): Uint8Array }
type NodeDecipher = NodeStream & { setAuthTag(tag: Bytes): unknown }

const tagBytes = 16

/** By WebCrypto, which every runtime has. Each call of it is a task for another thread. */
export const webCiphers: Ciphers = {
  importAes: async (bytes) => {
    const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
    const parameters = (additionalData: Bytes, iv: Bytes) => ({
      name: 'AES-GCM',
      iv,
      additionalData,
      tagLength: tagBytes * 8,
    })
    return {
      encrypt: async (context, nonce, plain) =>
        new Uint8Array(await crypto.subtle.encrypt(parameters(context, nonce), key, plain)),
      decrypt: (context, nonce, data) =>
        crypto.subtle.decrypt(parameters(context, nonce), key, data).then(
          (plain) => new Uint8Array(plain),
          () => undefined,
        ),
    }
  },
  importHmac: async (bytes) => {
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return async (text) => new Uint8Array(await crypto.subtle.sign('HMAC', key, text))
  },
}

/**
 * By `node:crypto`, on the thread that asks: for texts as short as a name or an address the way to another thread and
 * back costs many times what the cipher does.
 */
export const nodeCiphers = ({ createCipheriv, createDecipheriv, createHmac }: NodeCrypto): Ciphers => ({
  importAes: async (key) => ({
    encrypt: async (context, nonce, plain) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      cipher.setAAD(context)
      const text = cipher.update(plain)
      return joined(text, cipher.final(), cipher.getAuthTag())
    },
    decrypt: async (context, nonce, data) => {
      if (data.length < tagBytes) return undefined
      const end = data.length - tagBytes
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(context)
      decipher.setAuthTag(data.subarray(end))
      const text = decipher.update(data.subarray(0, end))
      try {
        return joined(text, decipher.final())
      } catch {
        // The tag does not fit.
        return undefined
      }
    },
  }),
  importHmac: async (key) => async (text) => joined(createHmac('sha256', key).update(text).digest()),
})

const joined = (...parts: readonly Uint8Array[]): Bytes => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Those of Node where there is a Node, or what is like it; else those of WebCrypto. A bundle for a browser takes nothing in. */
export const ciphersOfRuntime = (): Ciphers => {
  const builtIn: NodeCrypto | undefined = globalThis.process?.getBuiltinModule?.('node:crypto')
  return builtIn === undefined ? webCiphers : nodeCiphers(builtIn)
}
