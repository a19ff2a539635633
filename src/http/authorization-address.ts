/** Tells requests to the authorization endpoint from others, and which of them a page may offer to repeat. */
import type { Context } from 'koa';

/** Bytes of all names and values of an authorization request together. */
export const longestParameters = 8192;

/** True for a request to the authorization endpoint. The library matches any letter case and a final slash. */
export const isAuthorization = ({ path }: Pick<Context, 'path'>): boolean => /^\/auth\/?$/i.test(path);

/** Characters. Every accepted request fits whose parameters need no escape. */
const longestAddress = longestParameters + '/auth?'.length;

/** The address of a begun sign-in, for a link that begins it again; undefined: it cannot be repeated by a link. */
export const addressToRepeat = ({
  method,
  path,
  originalUrl,
}: Pick<Context, 'method' | 'path' | 'originalUrl'>): string | undefined =>
  method === 'GET' && isAuthorization({ path }) && originalUrl.length <= longestAddress ? originalUrl : undefined;
