/** A sign-in under way: what must come back unchanged. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const name = 'contoso-pending';
/** Sign-ins one browser may have under way, in as many tabs. */
const most = 5;
const seconds = 900;
const word = /^[A-Za-z0-9_-]{43}$/;

/**
 * The sign-ins that this browser began. They are kept in the browser (a cookie no script reads), not here, so that one
 * goes on where this process ended meanwhile. Whoever owns the browser may read them: without the client's secret and
 * the code they are worth nothing.
 */
export const pendingIn = (cookies: string | undefined): readonly Pending[] => {
  const value = new RegExp(`(?:^|; *)${name}=([A-Za-z0-9_.~-]{0,2000})(?:;|$)`).exec(cookies ?? '')?.[1] ?? '';
  return value.split('~').flatMap(entry => {
    const [state = '', nonce = '', verifier = ''] = entry.split('.');
    return [state, nonce, verifier].every(each => word.test(each)) ? [{ state, nonce, verifier }] : [];
  });
};

/** The cookie that keeps the newest of these. */
export const pendingCookie = (pending: readonly Pending[]): string => {
  const value = pending
    .slice(-most)
    .map(({ state, nonce, verifier }) => `${state}.${nonce}.${verifier}`)
    .join('~');
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${pending.length === 0 ? 0 : seconds}`;
};
