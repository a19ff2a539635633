/**
 * Asks a list of leaked passwords whether a password is in it, by the range query of "Have I Been Pwned" (k-anonymity): the list
 * learns the first 5 of 40 hexadecimal digits of the SHA-1, and answers with the rest of every hash that begins so. SHA-1 names the
 * password to that protocol, and is not stored.
 *
 * The check fails open. A list that does not answer must not stop people from setting a password, and the other rules still hold.
 */
import { createHash } from 'node:crypto';
import { isProblem } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Millis, Schedule } from '../../ports/time.ts';

/** Whether a password, in the form that is hashed, is on the list. Never throws. */
export type IsBreached = (password: string) => Promise<boolean>;

/** Sends one request. @throws Problem 'unreached' */
type Ask = (
  address: URL,
  request: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
) => Promise<Response>;

/** Time for the answer: a person waits for it. */
const within: Millis = 1500;
/** Hexadecimal digits that are sent. */
const sent = 5;

/** Gives the function. `url`: the base address, to which the digits are appended. */
export const createBreachedPasswords =
  (deps: { readonly url: URL; readonly ask: Ask; readonly schedule: Schedule; readonly log: Log }): IsBreached =>
  async password => {
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
    const address = new URL(deps.url);
    address.pathname = `${address.pathname.replace(/\/$/, '')}/${hash.slice(0, sent)}`;
    const timeout = new AbortController();
    const cancel = deps.schedule(within, async () => timeout.abort(new Error(`no answer within ${within} ms`)));
    try {
      // Padding hides the number of matches from an observer of the encrypted traffic.
      const answer = await deps.ask(address, { headers: { 'add-padding': 'true' }, signal: timeout.signal });
      if (answer.status !== 200) throw new Error(`got the status ${answer.status}, expected 200`);
      return isListed(await answer.text(), hash.slice(sent));
    } catch (error) {
      deps.log.warn('breached-passwords.unchecked', {
        host: deps.url.host,
        reason: Error.isError(error) ? error.message : 'unknown',
        retryable: !isProblem(error) || error.retryable,
      });
      return false;
    } finally {
      cancel();
    }
  };

/** Whether a line of the answer, `REST:COUNT`, has this rest. Padding has the count 0. */
const isListed = (answer: string, rest: string): boolean =>
  answer.split(/\r?\n/).some(line => {
    const [listed, count] = line.split(':', 2);
    return listed?.toUpperCase() === rest && Number(count) > 0;
  });
