/** The id of a token is the token: it is kept as a hash, and never beside what it opens. */
import type { AdapterPayload } from 'oidc-provider';

export const withoutId = (payload: AdapterPayload): AdapterPayload => {
  const { jti, ...rest } = payload;
  return jti === undefined ? payload : rest;
};
