/** A form that Twilio posted to us: the signature over all of it first, then each field that is used by its whole shape. */
import twilio from 'twilio';
import { Problem } from '../../src/errors.ts';
import type { Callback } from '../../src/ports/carriers.ts';

export interface Trust {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  readonly callbackBase: URL;
}

/** Twilio adds fields without notice (`msg`), so names are held to a shape; only those that are asked for are ever read. */
const fieldName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const maxFields = 100;

export const forged = (what: string): Problem =>
  new Problem('forged', `a callback from Twilio was expected, got ${what}`);

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new Problem('forged', 'a form field that is not UTF-8', { cause });
  }
};

/** The form's fields, each once. Anything a sender of plain forms would not write is refused rather than read one way. */
const formFields = (body: Uint8Array): ReadonlyMap<string, string> => {
  const text = Buffer.from(body).toString('latin1');
  const pairs = text === '' ? [] : text.split('&', maxFields + 1);
  if (pairs.length > maxFields) throw forged(`more than ${maxFields} fields`);
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    const [name = '', value = '', ...more] = pair.split('=').map(decoded);
    if (more.length > 0 || !fieldName.test(name)) throw forged('a field no form of theirs has');
    if (fields.has(name)) throw forged(`the field ${name} twice`);
    fields.set(name, value);
  }
  return fields;
};

/** Gives the value of a field. @throws Problem 'forged' for another shape: a signature alone does not tell where one field ends (it joins them bare). */
export type ReadField = (name: string, shape: RegExp) => string | undefined;

/**
 * Opens forms of one account. The signed address is the configured public one and our path, whatever Host and
 * X-Forwarded-* say. @throws Problem 'forged' for anything Twilio did not sign for this very address and account.
 */
export const createFormReader =
  ({ accountSid, authTokens, callbackBase }: Trust) =>
  ({ path, headers, body }: Callback): ReadField => {
    const signature = headers['x-twilio-signature'];
    if (signature === undefined) throw forged('no signature');
    const fields = formFields(body);
    const address = callbackBase.href.replace(/\/$/, '') + path;
    const params = Object.fromEntries(fields);
    // Every token is tried, so that the time does not tell which one is current.
    const genuine = authTokens.map(token => twilio.validateRequest(token, signature, address, params));
    if (!genuine.includes(true)) throw forged('a signature of something else');
    const read: ReadField = (name, shape) => {
      const value = fields.get(name);
      if (value !== undefined && !shape.test(value)) throw forged(`a ${name} of another shape`);
      return value;
    };
    if (read('AccountSid', /^AC[0-9a-f]{32}$/) !== accountSid) throw forged('another account');
    return read;
  };
