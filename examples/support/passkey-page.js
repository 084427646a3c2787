// What a page of the shop does: it hands the options of the shop to the browser, and what the device made back to the shop.

// #region create
/** Makes a passkey: `options` are those of `beginPasskeyRegistration`, the answer is for `finishPasskeyRegistration`. */
export const createPasskey = async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const { id, response } = (await navigator.credentials.create({ publicKey })).toJSON()
  const { clientDataJSON: clientDataJson, attestationObject, transports } = response
  return { credentialId: id, clientDataJson, attestationObject, transports }
}
// #endregion

// #region sign
/** Signs by a passkey: for `finishPasskeySignIn`, and with `kind: 'passkey'` for `stepUp` and `confirmSignIn`. */
export const signByPasskey = async (options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const { id, response } = (await navigator.credentials.get({ publicKey })).toJSON()
  const { clientDataJSON: clientDataJson, authenticatorData, signature, userHandle } = response
  return { credentialId: id, clientDataJson, authenticatorData, signature, userHandle }
}
// #endregion
