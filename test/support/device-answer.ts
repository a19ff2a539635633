/** Answers requests as a device does, for tests that go to the rules and not to the API. */
import type { PairingDevice } from '../../src/pairing-device.ts';
import type { VerifiedDevice } from '../../src/mfa/challenge/device.ts';
import type { PushData } from '../../src/mfa/push/data.ts';
import type { AnswerClaims, RequestClaims } from '../../src/mfa/push/protocol.ts';

/** An answer that fits no request; each member can be set. */
export const answerClaims = (members: Partial<AnswerClaims> = {}): AnswerClaims => ({
  iss: 'a device',
  aud: 'http://localhost:3000',
  request: 'a request',
  nonce: 'a nonce',
  client: 'Contoso',
  iat: 0,
  exp: 60,
  decision: 'approve',
  ...members,
});

/** The answer of the asked device to this request, at this moment. */
export const answerTo = (
  { iss, aud, jti: request, nonce, client }: RequestClaims,
  now: number,
  members: Partial<AnswerClaims> = {},
): AnswerClaims => {
  const iat = Math.floor(now / 1000);
  return answerClaims({ iss: aud, aud: iss, request, nonce, client, iat, exp: iat + 60, ...members });
};

/** A paired device, as its authenticator is stored. Its key signs nothing in these tests. */
export const storedDevice = (handle: string, data: Partial<PushData> = {}) => ({
  type: 'push',
  handle,
  data: {
    key: { kty: 'EC', crv: 'P-256', x: handle, y: handle },
    push: 'none',
    language: 'en',
    unlock: 'none',
    pairedAt: 0,
    ...data,
  } satisfies PushData,
});

/** A device of this person, as the API knows it once its signature was verified. */
export const verifiedDevice = (userId: string, handle: string, authenticator?: string): VerifiedDevice => ({
  userId,
  handle,
  ...(authenticator !== undefined && { authenticator }),
});

/** A device that has claimed a pairing. */
export const pairingDevice = (handle: string, members: Partial<PairingDevice> = {}): PairingDevice => ({
  key: { kty: 'EC', crv: 'P-256', x: handle, y: handle },
  handle,
  name: 'Ada’s Pixel',
  language: 'en',
  ...members,
});
