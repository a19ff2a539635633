/** Compares the identifiers of resource servers (RFC 8707 §2), and describes the server that one names. */

/**
 * The form in which two identifiers of resource servers are compared; undefined: not an absolute URI without fragment. So
 * `https://api.example.com` and `https://api.example.com/` are one, as they are to a URL parser.
 */
export const canonicalResource = (resource: string | undefined): string | undefined => {
  const url = resource === undefined || resource.includes('#') ? null : URL.parse(resource);
  return url?.href;
};

/** A client that is a resource server. */
export interface ResourceServer {
  readonly clientId: string;
  /** Its identifier as registered, which is the audience of its tokens. */
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly format: 'opaque' | 'jwt';
  /** Algorithm that signs its JWTs. */
  readonly signedBy: 'ES256' | 'RS256';
}
