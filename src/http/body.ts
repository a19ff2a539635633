/** Reads what a request carries, bounded, and forms as strictly as our own pages write them. */
import type { IncomingMessage } from 'node:http';
import { Problem } from '../errors.ts';

/** Bytes of a whole body. */
const largestBody = 64 * 1024;
/** Bytes of one field's value, unless its route says otherwise. */
export const largestField = 1024;

/**
 * The body's bytes as they came. @throws Problem 'unsupported-type' for a packed one (nothing is ever unpacked: RFC 9110 §8.4);
 * 'too-large' before more than `limit` bytes were kept; 'bad-request' when it breaks off.
 */
export const readBody = async (request: IncomingMessage, limit = largestBody): Promise<Buffer> => {
  const { 'content-encoding': coding = 'identity' } = request.headers;
  if (coding.toLowerCase() !== 'identity')
    throw new Problem('unsupported-type', 'a body without content coding was expected');
  const tooLarge = () => new Problem('too-large', `a body of more than ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const parts: Buffer[] = [];
  let length = 0;
  try {
    // The connection is kept: whoever sent too much is still to be told.
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(part)) throw new Problem('internal', 'a body that was decoded before');
      length += part.length;
      if (length > limit) throw tooLarge();
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('bad-request', 'a body that broke off', { cause });
  }
  return Buffer.concat(parts);
};

/** The fields a form may have, each with the bytes its value may take. */
export type Fields<Name extends string> = Readonly<Record<Name, number>>;

const formType = /^application\/x-www-form-urlencoded(?:\s*;\s*charset=utf-8)?$/i;

const textOf = (body: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new Problem('bad-request', 'a form that is not UTF-8', { cause });
  }
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new Problem('bad-request', 'a form field with a broken escape', { cause });
  }
};

// By hand: URLSearchParams and body parsers accept broken escapes, repeated and unknown fields; here each is refused.
/**
 * The fields of a form; what is not in `allowed`, or comes twice, is refused rather than ignored. An empty body without a
 * type is an empty form (a `fetch` without body). @throws Problem 'unsupported-type', 'bad-request', 'too-large'.
 */
export const parseForm = <Name extends string>(
  type: string | undefined,
  body: Uint8Array,
  allowed: Fields<Name>,
): ReadonlyMap<Name, string> => {
  const form = new Map<Name, string>();
  if (type === undefined && body.length === 0) return form;
  if (type === undefined || !formType.test(type.trim())) {
    throw new Problem('unsupported-type', 'a form (application/x-www-form-urlencoded) was expected');
  }
  const isKnown = (name: string): name is Name => Object.hasOwn(allowed, name);
  const text = textOf(body);
  for (const pair of text === '' ? [] : text.split('&', Object.keys(allowed).length + 1)) {
    const cut = pair.indexOf('=');
    const name = decoded(cut < 0 ? pair : pair.slice(0, cut));
    if (!isKnown(name)) throw new Problem('bad-request', 'a field that this form does not have');
    if (form.has(name)) throw new Problem('bad-request', `the field ${name} twice`);
    const value = cut < 0 ? '' : decoded(pair.slice(cut + 1));
    if (Buffer.byteLength(value) > allowed[name]) {
      throw new Problem('too-large', `more than ${allowed[name]} bytes in ${name}`);
    }
    form.set(name, value);
  }
  return form;
};
