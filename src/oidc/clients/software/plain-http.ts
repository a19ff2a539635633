/** Lets openid-client use an issuer with http, as beside `npm start`. */

/**
 * The last arguments of its `discovery()`, with the comma before them; empty for an issuer with https.
 * `before`: an argument that stands between.
 */
export const plainHttp = (issuer: string, before?: string): string =>
  issuer.startsWith('http:')
    ? `,${before === undefined ? '' : ` ${before},`} { execute: [client.allowInsecureRequests] }`
    : '';
