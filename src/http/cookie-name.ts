/** Names our cookies. */

/**
 * The name of a cookie in the browser. With https it is `__Host-…`, or `__Secure-…` for a path other than /: neither another
 * host nor plain http can set it (RFC 6265bis §4.1.3). Without https no such name is allowed. There it is `sallyport-…`, because
 * cookies are shared by all ports of a host, and an application under development may have a `session` of its own.
 */
export const cookieName = (name: string, { isHttps, path = '/' }: { isHttps: boolean; path?: string }): string =>
  `${isHttps ? (path === '/' ? '__Host-' : '__Secure-') : 'sallyport-'}${name}`;
