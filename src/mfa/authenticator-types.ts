/** Names the types of authenticators that several factors, and the rules about losing them, know. */

/** A telephone, which is called and texted. */
export const phoneType = 'phone';
/** The seed of an authenticator app or of a hardware token. */
export const totpType = 'totp';
/** A passkey or security key. */
export const passkeyType = 'passkey';
/** A paired device that approves requests. */
export const pushType = 'push';
