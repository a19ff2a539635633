/** Reads addresses of clients for headers. Not all are http or https: installed programs have schemes of their own (RFC 8252). */

const webSchemes: ReadonlySet<string> = new Set(['http:', 'https:']);

/** The origin of a web address. Undefined for another scheme, whose origin would be `null`, as that of a sandboxed frame is. */
export const webOrigin = (uri: string): string | undefined => {
  const url = URL.parse(uri);
  return url !== null && webSchemes.has(url.protocol) ? url.origin : undefined;
};

/** The source expression of this address in a Content-Security-Policy: an origin, or a scheme (W3C CSP Level 3 §2.3.1). */
export const cspSource = (uri: string): string | undefined => webOrigin(uri) ?? URL.parse(uri)?.protocol;
