/**
 * Reads the forms that Twilio posts: checks the signature over the whole form, then the shape of each field that is used.
 * The shapes are needed because Twilio's signature joins names and values without a separator: the same bytes cut at
 * another place have the same signature. https://www.twilio.com/docs/usage/security#validating-requests
 */
// Only the validator: the whole SDK would take 18 MB of memory.
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import type { TwilioSettings } from '../../src/config/twilio.ts';
import { isProblem, Problem } from '../../src/errors.ts';
import type { Callback } from '../../src/ports/carriers.ts';
import { readForm } from '../../src/strict-form.ts';

/** Settings by which a callback is known to be genuine. */
export type Trust = Pick<TwilioSettings, 'accountSid' | 'authTokens' | 'callbackBase'>;

/** Twilio adds fields without notice, so any name of this shape is accepted; only expected fields are read. */
const fieldName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const maxFields = 100;

/** `got`: completes "got …". */
export const forged = (got: string, options?: { readonly cause?: unknown }): Problem =>
  new Problem('forged', `got ${got}, expected a callback that Twilio signed`, options);

const formFields = (body: Uint8Array): ReadonlyMap<string, string> => {
  try {
    return readForm(body, { fields: fieldName, maxFields });
  } catch (cause) {
    throw isProblem(cause, 'bad-request') ? forged('a form that Twilio does not write', { cause }) : cause;
  }
};

/**
 * Gives a reader of forms that returns the fields of `shapes` which are present, by name.
 * The signed address is the configured public one and our path: `Host` and `X-Forwarded-*` are not used.
 * @throws Problem 'forged' for a form that Twilio did not sign for this address and account, or a field of another shape.
 */
export const createFormReader = <Name extends string>(
  { accountSid, authTokens, callbackBase }: Trust,
  shapes: Readonly<Record<Name, RegExp>>,
): ((callback: Callback) => ReadonlyMap<Name, string>) => {
  const isRead = (name: string): name is Name => Object.hasOwn(shapes, name);
  return ({ path, headers, body }) => {
    const signature = headers['x-twilio-signature'];
    if (signature === undefined) throw forged('a form without a signature');
    const fields = formFields(body);
    const address = callbackBase.href.replace(/\/$/, '') + path;
    const params = Object.fromEntries(fields);
    // Every token is tried, so that the time does not show which one is current.
    const results = authTokens.map(token => webhooks.validateRequest(token, signature, address, params));
    if (!results.includes(true)) throw forged('a signature of something else');
    if (fields.get('AccountSid') !== accountSid) throw forged('a form about another account');
    const read = new Map<Name, string>();
    for (const [name, value] of fields) {
      if (!isRead(name)) continue;
      if (!shapes[name].test(value)) throw forged(`a ${name} of another shape`);
      read.set(name, value);
    }
    return read;
  };
};
