/**
 * Second factor by a passkey or security key (WebAuthn). One challenge asks for any of a person's; the level depends on the one
 * that answers, and on user verification. Nothing can be guessed, so wrong answers never disable it.
 */
import { Problem } from '../../errors.ts';
import type { Acr, Authenticator, Factor } from '../factor.ts';
import type { PasskeyDescriptor } from '../../passkey-options.ts';
import { passkeyLabel } from '../passkeys/aaguids.ts';
import { verifyAssertion } from '../passkeys/assertion.ts';
import { readAssertion, readRegistration } from '../passkeys/credential.ts';
import { amrOf, levelOf, passkeyType, type PasskeyData } from '../passkeys/data.ts';
import { creationOptions, newPasskeyChallenge, passkeyTime, requestOptions } from '../passkeys/options.ts';
import { isAccepted, type PasskeyPolicy } from '../passkeys/policy.ts';
import { verifyRegistration } from '../passkeys/registration.ts';

/** Most passkeys of one person. */
export const maxPasskeys = 10;

/** What was asked. Kept here, because the page that answers may have been changed. */
type Asked = { readonly challenge: string; readonly userVerification: 'preferred' | 'required' };

const descriptorOf = ({ handle = '', data }: Authenticator<PasskeyData>): PasskeyDescriptor => ({
  type: 'public-key',
  id: handle,
  ...(data.transports.length > 0 && { transports: data.transports }),
});

/** Levels that a passkey reaches only with user verification. */
const needsVerification: ReadonlySet<Acr> = new Set(['aal2', 'phr']);

const verificationFor = (policy: PasskeyPolicy, level: Acr = 'sfa'): Asked['userVerification'] =>
  needsVerification.has(level) ? 'required' : policy.userVerification;

/** The candidates that can do the user verification that is asked. Where none can, all of them, and the answer is refused. */
const ableToVerify = (
  userVerification: Asked['userVerification'],
  candidates: readonly Authenticator<PasskeyData>[],
): readonly Authenticator<PasskeyData>[] => {
  const able = candidates.filter(({ data }) => userVerification === 'preferred' || data.userVerified);
  return able.length > 0 ? able : candidates;
};

const wrong = { ok: false, reason: 'wrong' } as const;

/** The factor, with the operator's policy. */
export const createPasskey = (policy: PasskeyPolicy): Factor<PasskeyData, Asked, Asked> => ({
  type: passkeyType,
  answeredBy: 'browser',
  reaches: 'phr',
  guessable: false,
  asksFor: 'any',
  most: maxPasskeys,
  lifetimes: { answer: passkeyTime, redeem: 300_000 },
  serves: ({ data }) =>
    isAccepted(policy, data.aaguid) && (policy.userVerification === 'preferred' || data.userVerified),
  reachesWith: candidates => levelOf({ userVerified: candidates.some(({ data }) => data.userVerified) }),
  enroll: {
    async begin(_input, bound, { person, level }) {
      if (bound.length >= maxPasskeys) {
        throw new Problem(
          'bad-request',
          `got ${bound.length} passkeys of this person, expected fewer than ${maxPasskeys}`,
        );
      }
      const asked: Asked = { challenge: newPasskeyChallenge(), userVerification: verificationFor(policy, level) };
      const options = creationOptions(policy, { ...asked, person, exclude: bound.map(descriptorOf) });
      return { state: asked, prompt: { kind: 'new-passkey', options } };
    },
    async finish(answer, { challenge, userVerification }, { origin, isConditional = false, now }) {
      const registration = readRegistration(answer);
      if (registration === undefined) return wrong;
      const expected = { challenge, userVerification, origin, isConditional, now };
      const result = await verifyRegistration(registration, expected, policy);
      if (!result.ok) return result.because === 'policy' ? { ...wrong, because: 'policy' } : wrong;
      const { handle, data, userVerified } = result;
      const enrolled = { ok: true, label: passkeyLabel(data), handle, data } as const;
      // The browser may have made it without asking anybody, which is no step of a sign-in.
      if (isConditional && !userVerified) return { ...enrolled, amr: [], acr: 'sfa' };
      return { ...enrolled, amr: amrOf(data, userVerified), acr: levelOf({ userVerified }) };
    },
  },
  challenge: {
    async begin(candidates, { level }) {
      const asked: Asked = { challenge: newPasskeyChallenge(), userVerification: verificationFor(policy, level) };
      const allow = ableToVerify(asked.userVerification, candidates).map(descriptorOf);
      return { state: asked, prompt: { kind: 'passkey', options: requestOptions(policy, { ...asked, allow }) } };
    },
    async finish(answer, { challenge, userVerification }, candidates, { origin, person }) {
      const assertion = readAssertion(answer);
      const stored = candidates.find(({ handle }) => handle !== undefined && handle === assertion?.id);
      if (assertion === undefined || stored === undefined) return wrong;
      const expected = { challenge, origin, rpId: policy.rpId, userId: person.id, userVerification };
      const result = await verifyAssertion(assertion, stored, { ...expected, userHandle: 'optional' });
      if (result.ok) return { ok: true, used: { ...stored, data: result.data }, amr: result.amr, acr: result.acr };
      if (result.because === 'repeated') return { ok: false, reason: 'unfinished' };
      return result.because === 'copied' ? { ...wrong, because: 'copied', authenticator: stored.id } : wrong;
    },
  },
});
