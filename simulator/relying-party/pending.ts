/**
 * Keeps sign-ins in progress in a cookie, so that a sign-in survives a restart of this process. The browser may read
 * them: without the client secret and the code they are useless.
 */

/** The values of an authorization request that the response must match. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The levels that the request asked for (`acr_values`). */
  readonly asked?: string;
}

const name = 'contoso-pending';
/** Limits the sign-ins of one browser, for example in several tabs. */
const maxPending = 5;
/** Lifetime of the cookie, in seconds. */
const lifetime = 900;
const randomValue = /^[A-Za-z0-9_-]{43}$/;

/** The sign-ins in progress of the browser that sent these cookies. */
export const pendingIn = (cookies: string | undefined): readonly PendingSignIn[] => {
  const value = new RegExp(`(?:^|; *)${name}=([A-Za-z0-9_.~-]{0,2000})(?:;|$)`).exec(cookies ?? '')?.[1] ?? '';
  return value.split('~').flatMap(entry => {
    const [state = '', nonce = '', verifier = '', encoded = ''] = entry.split('.');
    const asked = Buffer.from(encoded, 'base64url').toString();
    const values = { state, nonce, verifier, ...(asked !== '' && { asked }) };
    return [state, nonce, verifier].every(each => randomValue.test(each)) ? [values] : [];
  });
};

/** Short, so that the cookie stays below the size that browsers keep. */
const encodedLevels = (asked: string): string => Buffer.from(asked.slice(0, 60)).toString('base64url');

/** The cookie with the newest of these; without any, the cookie that deletes it. */
export const pendingCookie = (pending: readonly PendingSignIn[]): string => {
  const value = pending
    .slice(-maxPending)
    .map(({ state, nonce, verifier, asked }) =>
      [state, nonce, verifier, ...(asked ? [encodedLevels(asked)] : [])].join('.'),
    )
    .join('~');
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${pending.length === 0 ? 0 : lifetime}`;
};
