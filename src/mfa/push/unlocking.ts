/**
 * Checks what protects the key of a device, by the operator's policy: nothing, a PIN that only the server compares, or a biometric
 * of the device (WebAuthn user verification over the answer). Wrong PINs are counted in `challenge/device-answers.ts`.
 */
import { createHash } from 'node:crypto';
import { constantTimeEqual } from '../../crypto.ts';
import type { PairingDevice } from '../../pairing-device.ts';
import type { Amr, CeremonyContext } from '../factor.ts';
import { verifyAssertion } from '../passkeys/assertion.ts';
import { readAssertion, readRegistration } from '../passkeys/credential.ts';
import { defaultPolicy } from '../passkeys/policy.ts';
import { verifyRegistration } from '../passkeys/registration.ts';
import type { PushData } from './data.ts';
import { pinDigits, unlockText, unlocks, type AnswerClaims, type Unlock } from './protocol.ts';

/** What an answer proved beside the key of the device, and the members of its data that were made or changed by that. */
export type Unlocked = { readonly amr: readonly Amr[]; readonly data: Pick<PushData, 'pin' | 'credential'> };

/** Wrong PINs in a row after which a device must be paired again. */
export const maxWrongPins = 5;

/** A new PIN: ASCII digits. */
const newPin = new RegExp(`^[0-9]{${pinDigits.fewest},${pinDigits.most}}$`);

/** True where a device that is unlocked so satisfies a policy. */
export const satisfies = (unlock: Unlock, policy: Unlock): boolean =>
  unlocks.indexOf(unlock) >= unlocks.indexOf(policy);

/** Bound to the device, so that equal PINs of two devices have different hashes. */
const hashOfPin = (pin: string, handle: string, ctx: CeremonyContext): string => ctx.keyedHash(`pin:${handle}:${pin}`);

type Answered = Pick<AnswerClaims, 'request' | 'nonce' | 'decision' | 'number' | 'pin' | 'assertion' | 'registration'>;

/** The protection that a pairing sets up. undefined: its answer brings none that will do. */
export const newUnlock = async (
  answer: Answered,
  { handle, creationChallenge }: Pick<PairingDevice, 'handle' | 'creationChallenge'>,
  { unlock, rpId }: { readonly unlock: Unlock; readonly rpId: string },
  ctx: CeremonyContext,
): Promise<Unlocked | undefined> => {
  if (unlock === 'none') return { amr: [], data: {} };
  if (unlock === 'pin') {
    const { pin = '' } = answer;
    return newPin.test(pin) ? { amr: ['pin'], data: { pin: hashOfPin(pin, handle, ctx) } } : undefined;
  }
  const registration = readRegistration(answer.registration ?? '');
  if (registration === undefined || creationChallenge === undefined) return undefined;
  const expected = {
    challenge: creationChallenge,
    userVerification: 'required',
    origin: ctx.origin,
    now: ctx.now,
  } as const;
  const result = await verifyRegistration(registration, expected, defaultPolicy(rpId));
  if (!result.ok || !result.userVerified) return undefined;
  return { amr: ['user'], data: { credential: { handle: result.handle, data: result.data } } };
};

/** The protection of a paired device. undefined: the answer does not unlock it. */
export const unlocked = async (
  answer: Answered,
  { handle, data }: { readonly handle: string; readonly data: PushData },
  rpId: string,
  ctx: CeremonyContext,
): Promise<Unlocked | undefined> => {
  const { unlock, pin, credential } = data;
  if (unlock === 'none') return { amr: [], data: {} };
  if (unlock === 'pin') {
    const isRight = pin !== undefined && constantTimeEqual(hashOfPin(answer.pin ?? '', handle, ctx), pin);
    return isRight ? { amr: ['pin'], data: { pin } } : undefined;
  }
  const assertion = readAssertion(answer.assertion ?? '');
  if (assertion === undefined || credential === undefined) return undefined;
  const result = await verifyAssertion(assertion, credential, {
    challenge: createHash('sha256').update(unlockText(answer)).digest('base64url'),
    origin: ctx.origin,
    rpId,
    // The credential belongs to the device: its user handle is the device's, not the account's.
    userId: handle,
    userHandle: 'optional',
    userVerification: 'required',
  });
  return result.ok ? { amr: ['user'], data: { credential: { ...credential, data: result.data } } } : undefined;
};
