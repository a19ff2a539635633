/** Refuses requests that change state and do not come from our own pages (cross-site request forgery). */
import { Problem } from '../errors.ts';

/** The headers by which a browser states the origin of a request. */
interface RequestOrigin {
  readonly 'sec-fetch-site'?: string | undefined;
  readonly origin?: string | undefined;
}

// By hand: the browser itself states the source of a request, so no CSRF token has to be stored and put into each form.
/**
 * True for a request from our own pages. `Sec-Fetch-Site` decides where the browser sends it. An `Origin` of `null` is ignored
 * then: a browser that sends no referrer at all gives it to our own forms (Fetch standard, "append a request Origin header").
 * Without `Sec-Fetch-Site`, as in older browsers or behind a gateway that drops it, the `Origin` must be ours. Other programs
 * send neither, and are refused.
 */
export const isSameOrigin = ({ 'sec-fetch-site': site, origin }: RequestOrigin, ourOrigin: string): boolean => {
  const known = origin === 'null' ? undefined : origin;
  if (known !== undefined && known !== ourOrigin) return false;
  return site === undefined ? known === ourOrigin : site === 'same-origin';
};

/** @throws Problem 'forbidden' for a request that does not come from our own pages. */
export const requireSameOrigin = (sent: RequestOrigin, ourOrigin: string): void => {
  if (!isSameOrigin(sent, ourOrigin)) {
    throw new Problem(
      'forbidden',
      `got a request from ${sent.origin ?? 'an unknown origin'}, expected one from our own pages`,
    );
  }
};
