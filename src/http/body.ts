/**
 * Reads request bodies up to a limit, and parses forms as strictly as our own pages write them.
 * Bodies stay as they were sent: a packed body is refused, because unpacking could multiply its size.
 */
import type { IncomingMessage } from 'node:http';
import { Problem } from '../errors.ts';
import { readForm } from '../strict-form.ts';

/** Of a whole body. */
const maxBodyBytes = 64 * 1024;
/** Of one field's value, unless its route says otherwise. */
export const maxFieldBytes = 1024;

/**
 * Bytes of the body, at most `limit` (64 KiB unless told).
 * @throws Problem 'unsupported-type' for a content coding (RFC 9110 §8.4); 'too-large' as soon as more than `limit` bytes
 * came; 'bad-request' where the body breaks off.
 */
export const readBody = async (request: IncomingMessage, limit = maxBodyBytes): Promise<Buffer> => {
  const { 'content-encoding': coding = 'identity' } = request.headers;
  if (coding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported-type', `got the content coding ${JSON.stringify(coding)}, expected none`);
  }
  const tooLarge = () => new Problem('too-large', `got a body of more than ${limit} bytes, expected at most ${limit}`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The connection is kept open, so that 413 can still be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) throw new Problem('internal', 'got a body that was decoded before, expected bytes');
      length += chunk.length;
      if (length > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('bad-request', 'got a body that broke off, expected all of it', { cause });
  }
  return Buffer.concat(chunks);
};

/** Fields that a form may have, each with the bytes that its value may take. */
export type Fields<Name extends string> = Readonly<Record<Name, number>>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type has exactly these names
const namesOf = <Name extends string>(fields: Fields<Name>): readonly Name[] => Object.keys(fields) as Name[];

const formType = /^application\/x-www-form-urlencoded(?:\s*;\s*charset=utf-8)?$/i;

/** @throws Problem 'unsupported-type' for another content type than that of a form. */
export const requireForm = (type: string | undefined): void => {
  if (type === undefined || !formType.test(type.trim())) {
    throw new Problem('unsupported-type', 'got another content type, expected application/x-www-form-urlencoded');
  }
};

/**
 * Fields of a form by their name. An empty body without a type is an empty form (a `fetch` without body).
 * @throws Problem 'unsupported-type' for another content type, 'too-large' for a long value, 'bad-request' as `readForm`.
 */
export const parseForm = <Name extends string>(
  type: string | undefined,
  body: Uint8Array,
  allowed: Fields<Name>,
): ReadonlyMap<Name, string> => {
  if (type === undefined && body.length === 0) return new Map();
  requireForm(type);
  const names = namesOf(allowed);
  const form = readForm(body, { fields: names, maxFields: names.length });
  for (const [name, value] of form) {
    if (Buffer.byteLength(value) > allowed[name]) {
      throw new Problem(
        'too-large',
        `got more than ${allowed[name]} bytes in ${name}, expected at most ${allowed[name]}`,
      );
    }
  }
  return form;
};
