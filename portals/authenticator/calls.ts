/** Reads the calls of the API: the proof of the device, and a strict JSON body. */
import type { Context } from 'koa';
import { readBody } from '../../src/http/body.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';
import { Problem } from '../../src/errors.ts';
import type { AdmittedCall, Devices, ApiDevice } from '../../src/mfa/push/devices.ts';
import type { ProvenCall } from '../../src/mfa/push/device-proof.ts';
import { Refusal } from './refusals.ts';

/** Bytes. A WebAuthn credential with its attestation is the largest. */
const maxBody = 48 * 1024;

/** A call as it came. `json`: its body; undefined: it has none. */
export interface Call extends ProvenCall {
  readonly authorization: string | undefined;
  readonly json: unknown;
}

/**
 * Reads a call. A page of another website cannot make one, because the proof is no cookie; where a browser says that it tried, it
 * is refused.
 * @throws Refusal, Problem
 */
export const readCall = async (ctx: Context, origin: string): Promise<Call> => {
  const { authorization, origin: from, 'sec-fetch-site': site } = ctx.headers;
  const isStated = from !== undefined || site !== undefined;
  if (isStated && ctx.method !== 'GET') requireSameOrigin({ origin: from, 'sec-fetch-site': text(site) }, origin);
  const body = ctx.method === 'GET' ? new Uint8Array() : await readBody(ctx.req, maxBody);
  return { method: ctx.method, path: ctx.path, body, authorization, json: jsonIn(ctx, body) };
};

const text = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');

const jsonIn = (ctx: Context, body: Uint8Array): unknown => {
  if (body.length === 0) return undefined;
  if (ctx.is('application/json') !== 'application/json') {
    throw new Problem('unsupported-type', 'got another content type, expected application/json');
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Refusal('malformed');
  }
};

/** The device that made the call. @throws Refusal */
export const deviceOf = async (devices: Pick<Devices, 'admit'>, call: Call): Promise<ApiDevice> => {
  const admitted: AdmittedCall = await devices.admit(call.authorization, call);
  if (admitted.ok) return admitted.device;
  if (admitted.reason !== 'clock') throw new Refusal(admitted.reason);
  throw new Refusal('clock', { language: admitted.device.language });
};

/**
 * The members of a JSON object, where it has no others than these.
 * @throws Refusal 'malformed'
 */
export const membersOf = <Name extends string>(
  json: unknown,
  allowed: readonly Name[],
): { readonly [Member in Name]?: unknown } => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Refusal('malformed');
  const isAllowed = (name: string): boolean => allowed.some(each => each === name);
  if (!Object.keys(json).every(isAllowed)) throw new Refusal('malformed');
  return { ...json };
};

/** Characters of the longest language tag (RFC 5646 §4.4.1). */
const longestTag = 35;

/** A language tag. @throws Refusal 'malformed' */
export const languageIn = (value: unknown): string => {
  if (typeof value === 'string' && value.length <= longestTag && /^[A-Za-z0-9-]+$/.test(value)) return value;
  throw new Refusal('malformed');
};
