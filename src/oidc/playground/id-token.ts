/** Verifies an ID token as a client must (OIDC Core §3.1.3.7), and tells the result of each check. */
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import type { EpochMillis } from '../../ports/time.ts';

/** Names of the checks, in their order. */
export const checkNames = ['signature', 'alg', 'iss', 'aud', 'exp', 'iat', 'nonce', 'auth_time', 'acr'] as const;
export type CheckName = (typeof checkNames)[number];

/** noted: the client should know it, and may accept the token. */
export interface Check {
  readonly name: CheckName;
  readonly state: 'passed' | 'failed' | 'noted';
  /** From the token; absent where it has no such member. */
  readonly got?: string;
  readonly expected: string;
}

/** An ID token, taken apart. */
export interface ReadIdToken {
  /** Indented JSON. */
  readonly header: string;
  readonly payload: string;
  readonly checks: readonly Check[];
}

/** What the client knows. */
export interface Expected {
  readonly issuer: string;
  readonly clientId: string;
  /** The algorithm that it registered. */
  readonly alg: string;
  readonly nonce: string;
  /** Of the request. */
  readonly acrValues?: string;
  readonly maxAge?: number;
  readonly keys: JSONWebKeySet;
  readonly now: EpochMillis;
}

/** Seconds by which the clocks of client and server may differ. */
const tolerance = 5;

/** Takes the token apart and checks it. undefined: it is no signed JWT. */
export const readIdToken = async (token: string, expected: Expected): Promise<ReadIdToken | undefined> => {
  const parts = partsOf(token);
  if (parts === undefined) return undefined;
  const { header, payload } = parts;
  const isSigned = await isSignedBy(token, expected);
  return {
    header: JSON.stringify(header, undefined, 2),
    payload: JSON.stringify(payload, undefined, 2),
    checks: [
      check('signature', isSigned, textOf(header['kid']), 'jwks_uri'),
      check('alg', header['alg'] === expected.alg, textOf(header['alg']), expected.alg),
      ...claimChecks(payload, expected),
    ],
  };
};

type Members = Readonly<Record<string, unknown>>;

const partsOf = (token: string): { readonly header: Members; readonly payload: Members } | undefined => {
  try {
    return { header: { ...decodeProtectedHeader(token) }, payload: { ...decodeJwt(token) } };
  } catch {
    return undefined;
  }
};

const isSignedBy = async (token: string, { keys, alg }: Expected): Promise<boolean> => {
  try {
    // The registered algorithm alone, so that a token cannot choose a weaker one (RFC 8725 §3.1).
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
};

const claimChecks = (payload: Members, expected: Expected): readonly Check[] => {
  const now = Math.floor(expected.now / 1000);
  const { iss, aud, exp, iat, nonce } = payload;
  return [
    check('iss', iss === expected.issuer, textOf(iss), expected.issuer),
    check('aud', [aud].flat().length === 1 && [aud].flat()[0] === expected.clientId, textOf(aud), expected.clientId),
    check('exp', typeof exp === 'number' && exp > now - tolerance, timeOf(exp), `> ${timeOf(now)}`),
    check('iat', typeof iat === 'number' && iat <= now + tolerance, timeOf(iat), `≤ ${timeOf(now)}`),
    check('nonce', nonce === expected.nonce, textOf(nonce), expected.nonce),
    ...requestChecks(payload, expected, now),
  ];
};

/** Checks of what the request asked for. */
const requestChecks = (payload: Members, { acrValues, maxAge }: Expected, now: number): readonly Check[] => {
  const { auth_time: at, acr } = payload;
  const isRecent = maxAge === undefined || (typeof at === 'number' && now - at <= maxAge + tolerance);
  const wished = acrValues?.split(' ').filter(Boolean) ?? [];
  return [
    ...(maxAge === undefined ? [] : [check('auth_time', isRecent, timeOf(at), `≥ ${timeOf(now - maxAge)}`)]),
    ...(wished.length === 0
      ? []
      : [
          // `acr_values` is a voluntary wish: a token that tells another level is valid (OIDC Core §5.5.1.1).
          {
            ...check('acr', true, textOf(acr), wished.join(', ')),
            state: wished.some(each => each === acr) ? ('passed' as const) : ('noted' as const),
          },
        ]),
  ];
};

const check = (name: CheckName, isRight: boolean, got: string | undefined, expected: string): Check => ({
  name,
  state: isRight ? 'passed' : 'failed',
  ...(got !== undefined && { got }),
  expected,
});

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

/** Seconds since 1970 as a time that people read. */
const timeOf = (seconds: unknown): string =>
  typeof seconds === 'number' && Math.abs(seconds) < 8.64e12 ? new Date(seconds * 1000).toISOString() : String(seconds);
