/**
 * Reads the signed answer of a device, and compares it with the request that it answers. Pure but for the signature; what an answer
 * does to a challenge is in `challenge/device-answers.ts`.
 */
import { constantTimeEqual } from '../../crypto.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { DeviceKey } from '../../pairing-device.ts';
import { clockTolerance, readSigned } from './device-jwt.ts';
import { jwtTypes, type AnswerClaims, type Decision } from './protocol.ts';

/** Longest texts of an answer, in characters. An assertion and a registration are JSON of WebAuthn. */
const texts: Readonly<Record<string, number>> = {
  iss: 64,
  aud: 300,
  request: 64,
  nonce: 64,
  client: 300,
  number: 6,
  pin: 32,
  code: 8,
  assertion: 16_384,
  registration: 16_384,
};
const required = ['iss', 'aud', 'request', 'nonce', 'client'] as const;
const decisions: readonly Decision[] = ['approve', 'decline', 'report'];

const fits = ([name, value]: readonly [string, unknown]): boolean =>
  typeof value === 'string' && value.length <= (texts[name] ?? -1);

/** True for the claims of an answer: each member has its type. Unknown members are refused: the person signed nothing else. */
export const isAnswer = (claims: unknown): claims is AnswerClaims => {
  if (typeof claims !== 'object' || claims === null) return false;
  const { iat, exp, decision, ...rest }: Readonly<Record<string, unknown>> = { ...claims };
  return (
    Number.isSafeInteger(iat) &&
    Number.isSafeInteger(exp) &&
    decisions.some(each => each === decision) &&
    required.every(name => typeof rest[name] === 'string') &&
    Object.entries(rest).every(fits)
  );
};

/** The claims of an answer that this key signed; undefined: it did not, or it is no answer. `isAnswerTo` compares its times. */
export const readAnswer = async (jwt: string, key: DeviceKey): Promise<AnswerClaims | undefined> => {
  const claims = await readSigned(jwt, jwtTypes.answer, key);
  return isAnswer(claims) ? claims : undefined;
};

/** What an answer must repeat. */
export interface AskedRequest {
  readonly id: string;
  readonly nonce: string;
  readonly client: string;
  /** The issuer's origin. */
  readonly origin: string;
  /** Handle of the device that is asked. */
  readonly handle: string;
  readonly now: EpochMillis;
}

/** True for an answer of this device to this request, made now. */
export const isAnswerTo = (claims: AnswerClaims, asked: AskedRequest): boolean => {
  const { iss, aud, request, nonce, client, iat, exp } = claims;
  const isRecent =
    Math.abs(iat * 1000 - asked.now) <= clockTolerance && exp >= iat && exp * 1000 > asked.now - clockTolerance;
  return (
    iss === asked.handle &&
    aud === asked.origin &&
    request === asked.id &&
    constantTimeEqual(nonce, asked.nonce) &&
    client === asked.client &&
    isRecent
  );
};
