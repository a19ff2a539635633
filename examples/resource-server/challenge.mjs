/** What an API requires of the sign-in behind a token (RFC 9470). Reads `acr` and `auth_time`, as introspection or a JWT gives them. */

/**
 * The challenge for the header `WWW-Authenticate`; undefined where the sign-in is enough. `acr`: the levels that are, the preferred one
 * first. `maxAge`: seconds. `now`: milliseconds since 1970.
 */
export const challengeTo = (claims, { acr, maxAge }, now) => {
  const isStrong = acr === undefined || acr.includes(claims.acr);
  const isFresh = maxAge === undefined || now / 1000 - (claims.auth_time ?? 0) <= maxAge;
  if (isStrong && isFresh) return undefined;
  return [
    'Bearer error="insufficient_user_authentication"',
    `error_description="${isStrong ? 'a more recent' : 'a stronger'} sign-in is required"`,
    ...(acr === undefined ? [] : [`acr_values="${acr.join(' ')}"`]),
    ...(maxAge === undefined ? [] : [`max_age="${maxAge}"`]),
  ].join(', ');
};

/** The parameters of the authorization request that answers a challenge; undefined for any other header. */
export const requestFor = header => {
  const members = Object.fromEntries(
    [...(header ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  if (members.error !== 'insufficient_user_authentication') return undefined;
  const { acr_values, max_age } = members;
  return { ...(acr_values !== undefined && { acr_values }), ...(max_age !== undefined && { max_age }) };
};
