/** Lifetimes of sessions, sign-ins, grants and tokens. */
import { duration } from '../setting.ts';

export const lifetimes = {
  sessionLifetime: duration(
    'SALLYPORT_SESSION_LIFETIME',
    '24h',
    '5m',
    '30d',
    'Longest time that a browser stays signed in.',
  ),
  rememberBrowser: duration(
    'SALLYPORT_REMEMBER_BROWSER',
    '0s',
    '0s',
    '365d',
    'How long a person may have a browser remembered after a second step in it: there the password alone signs them in, at level `sfa`. It never counts where more than `sfa` is required or asked for, or a recent sign-in (`max_age`, `prompt=login`). 0s: no browser is remembered; others are asked again at once where this is lowered. Usual: 14d.',
  ),
  sessionIdle: duration(
    'SALLYPORT_SESSION_IDLE',
    '1h',
    '1m',
    '30d',
    'A session ends when it was not used for this long.',
  ),
  interactionLifetime: duration(
    'SALLYPORT_INTERACTION_LIFETIME',
    '10m',
    '2m',
    '1h',
    'Time to finish a sign-in once it has begun.',
  ),
  authorizationCodeLifetime: duration(
    'SALLYPORT_AUTHORIZATION_CODE_LIFETIME',
    '60s',
    '10s',
    '10m',
    'Lifetime of an authorization code.',
  ),
  accessTokenLifetime: duration(
    'SALLYPORT_ACCESS_TOKEN_LIFETIME',
    '1h',
    '1m',
    '24h',
    'Lifetime of access tokens and ID tokens.',
  ),
  refreshTokenLifetime: duration(
    'SALLYPORT_REFRESH_TOKEN_LIFETIME',
    '14d',
    '5m',
    '365d',
    'A refresh token expires when it was not used for this long.',
  ),
  refreshReuseWithin: duration(
    'SALLYPORT_REFRESH_REUSE_WITHIN',
    '10s',
    '0s',
    '60s',
    'A client that repeats a refresh within this time, from two tabs or because an answer was lost, gets the same new refresh token until that was used. Any other second use ends all tokens of the grant. 0s: every second use does.',
  ),
  grantLifetime: duration(
    'SALLYPORT_GRANT_LIFETIME',
    '90d',
    '1h',
    '365d',
    'Lifetime of a grant to a client, and of every token issued under it.',
  ),
};
