/** Reads what Twilio posts to us: the signature over the raw form first, then the shape of each field that is used. */
import twilio from 'twilio';
import { Problem } from '../../src/errors.ts';
import type { Callback, Heard, Progress } from '../../src/ports.ts';
import { readAddress } from './address.ts';

interface Trust {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  readonly callbackBase: URL;
}

/** Twilio adds fields without notice (`msg`), so names are held to a shape; only those below are ever read. */
const fieldName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const maxFields = 100;

/** The fields that are read, each with its whole shape: a signature alone does not tell where one field ends (it joins them bare). */
const shapes = {
  AccountSid: /^AC[0-9a-f]{32}$/,
  CallSid: /^CA[0-9a-f]{32}$/,
  CallStatus: /^(?:queued|initiated|ringing|in-progress|completed|busy|failed|no-answer|canceled)$/,
  Digits: /^[0-9*#]{0,7}$/,
  AnsweredBy: /^(?:human|machine_start|machine_end_beep|machine_end_silence|machine_end_other|fax|unknown)$/,
} as const;

const progress: Readonly<Record<string, Progress | undefined>> = {
  queued: { step: 'dialled' },
  initiated: { step: 'dialled' },
  ringing: { step: 'ringing' },
  'in-progress': { step: 'answered' },
  completed: { step: 'ended', why: 'completed' },
  busy: { step: 'ended', why: 'busy' },
  'no-answer': { step: 'ended', why: 'no-answer' },
  failed: { step: 'ended', why: 'failed' },
  canceled: { step: 'ended', why: 'canceled' },
};

const forged = (what: string) => new Problem('forged', `a callback from Twilio was expected, got ${what}`);

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

const answerers: Readonly<Record<string, 'human' | 'machine' | 'unknown' | undefined>> = {
  human: 'human',
  fax: 'machine',
  unknown: 'unknown',
};

/**
 * A reader for one account's callbacks. The signed address is the configured public one and our path, whatever Host and
 * X-Forwarded-* say. @throws Problem 'forged' for anything Twilio did not sign for this very address.
 */
export const createReader =
  ({ accountSid, authTokens, callbackBase }: Trust) =>
  ({ path, headers, body }: Callback): Heard => {
    const signature = headers['x-twilio-signature'];
    if (signature === undefined) throw forged('no signature');
    const fields = formFields(body);
    const address = callbackBase.href.replace(/\/$/, '') + path;
    const params = Object.fromEntries(fields);
    // Every token is tried, so that the time does not tell which one is current.
    const genuine = authTokens.map(token => twilio.validateRequest(token, signature, address, params));
    if (!genuine.includes(true)) throw forged('a signature of something else');

    const ours = readAddress(path);
    if (ours === undefined) throw forged('an address that is not ours');
    const { token, step, heard } = ours;
    const read = (name: keyof typeof shapes): string | undefined => {
      const value = fields.get(name);
      if (value !== undefined && !shapes[name].test(value)) throw forged(`a ${name} of another shape`);
      return value;
    };
    const [account, reference, status] = [read('AccountSid'), read('CallSid'), read('CallStatus')];
    const [digits = '', answeredBy] = [read('Digits'), read('AnsweredBy')];
    if (account !== accountSid || reference === undefined) throw forged('another account, or no call');

    if (step === 'status') {
      const reached = progress[status ?? ''];
      if (reached === undefined) throw forged('a status without CallStatus');
      return { token, reference, progress: reached };
    }
    if (step === 'answered' && digits !== '') throw forged('keys before anything was said');
    const by = answerers[answeredBy ?? 'unknown'] ?? 'machine';
    return { token, reference, keys: heard + digits, by };
  };
