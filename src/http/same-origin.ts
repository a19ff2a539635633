/** Whether a request that changes something was made by a page of ours. */
import { Problem } from '../errors.ts';

interface RequestOrigin {
  readonly 'sec-fetch-site'?: string | undefined;
  readonly origin?: string | undefined;
}

// By hand: the browser itself states the source of a request, so no CSRF token has to be stored and put into each form.
/**
 * True for a request from our own pages. `Sec-Fetch-Site` decides where the browser sends it; our pages send no referrer,
 * so that the `Origin` of their forms is `null` (Fetch standard, "append a request Origin header") and says nothing.
 * Without it the Origin must be ours. Nothing at all, as from another program, is not ours.
 */
export const isSameOrigin = ({ 'sec-fetch-site': site, origin }: RequestOrigin, ourOrigin: string): boolean => {
  const said = origin === undefined || origin === 'null' ? undefined : origin;
  if (said !== undefined && said !== ourOrigin) return false;
  return site === undefined ? said === ourOrigin : site === 'same-origin';
};

/** @throws Problem 'forbidden' for a request that another site made our visitor's browser send. */
export const requireSameOrigin = (sent: RequestOrigin, ourOrigin: string): void => {
  if (!isSameOrigin(sent, ourOrigin)) {
    throw new Problem(
      'forbidden',
      `a request from our own pages was expected, got one from ${sent.origin ?? 'nowhere'}`,
    );
  }
};
