/** Names our cookies, bounds their values, and says what those have in common that hold a secret or a sealed value. */

/**
 * The name of a cookie in the browser. With https it is `__Host-…`, or `__Secure-…` for a path other than /: neither another
 * host nor plain http can set it (RFC 6265bis §4.1.3). Without https no such name is allowed. There it is `sallyport-…`, because
 * cookies are shared by all ports of a host, and an application under development may have a `session` of its own.
 */
export const cookieName = (name: string, { isHttps, path = '/' }: { isHttps: boolean; path?: string }): string =>
  `${isHttps ? (path === '/' ? '__Host-' : '__Secure-') : 'sallyport-'}${name}`;

/** Bytes of a sealed value. With name and attributes it stays below the 4096 bytes that browsers store (RFC 6265 §6.1). */
export const maxSealedBytes = 3500;

/**
 * Options of a cookie that holds a random secret or a sealed value, so that a signature would add nothing. Lax: the person may come
 * from another site, such as that of a mailbox, but no form of another site sends the cookie.
 */
export const cookieOptions = ({ isHttps, path }: { readonly isHttps: boolean; readonly path: string }) =>
  ({ path, httpOnly: true, sameSite: 'lax', secure: isHttps, signed: false, overwrite: true }) as const;
