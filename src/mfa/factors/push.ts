/**
 * Second factor by a device that shows who asks, and approves once its person has typed the number of the page there. The answer
 * is signed by the key of the device. Its number is compared once: it is no guess that could be repeated.
 */
import { Problem } from '../../errors.ts';
import { constantTimeEqual } from '../../crypto.ts';
import type { PairingDevice } from '../../pairing-device.ts';
import type { PushMessage } from '../../ports/carriers.ts';
import type { Json } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import type {
  Acr,
  Amr,
  Authenticator,
  BegunCeremony,
  CeremonyContext,
  EnrollmentInput,
  Factor,
  MadeAuthenticator,
} from '../factor.ts';
import { isAnswer, isAnswerTo } from '../push/answers.ts';
import { maxDevices, pushType, type PushData } from '../push/data.ts';
import type { AnswerClaims, Unlock } from '../push/protocol.ts';
import type { PushSettings } from '../push/settings.ts';
import { maxWrongPins, newUnlock, satisfies, unlocked, type Unlocked } from '../push/unlocking.ts';
import { stepOf, totpType } from './totp.ts';

/** The operator's settings, and the RP ID of the credentials that devices make (WebAuthn). */
export type PushPolicy = Pick<PushSettings, 'digits' | 'unlock'> & { readonly rpId: string };

/** What is asked of a device. `digits`: of the number of the page; 0: there is no page. */
type Asked = { readonly handle: string; readonly unlock: Unlock; readonly digits: 0 | 2 | 6 };
type Enrolling = Asked & { readonly device: PairingDevice };

const answerTime: Millis = 60_000;
/** An approval finds the person anywhere, and not in front of a page. */
const approvalTime: Millis = 120_000;
/** At a pairing the person may have to choose a PIN first. */
const pairingAnswerTime: Millis = 300_000;
const redeem: Millis = 300_000;

/** Characters of a topic (RFC 8030 §5.4). */
const topicLength = 32;

const unfinished = { ok: false, reason: 'unfinished' } as const;
const wrong = { ok: false, reason: 'wrong' } as const;

const pushTo = (
  ctx: CeremonyContext,
  { subscription, language }: Pick<PushData, 'subscription' | 'language'>,
  { id, lifetime }: { readonly id?: string; readonly lifetime: Millis },
): PushMessage => ({
  via: 'push',
  ...(subscription !== undefined && { target: subscription }),
  ...(id !== undefined && { device: { userId: ctx.person.id, id } }),
  // Not the id of the challenge: a push service learns nothing that the API knows.
  topic: ctx.keyedHash(`topic:${ctx.challenge}`).slice(0, topicLength),
  language,
  origin: ctx.origin,
  lifetime,
});

const acrOf = (digits: Asked['digits']): Acr => (digits === 6 ? 'aal2' : 'mfa');
const amrWith = ({ amr }: Unlocked): readonly Amr[] => ['swk', 'mca', ...amr];

/** The claims of an approval of this request by this device. Checked here too, so that no other caller can leave it out. */
const approvalIn = (answer: Json, { handle }: Asked, ctx: CeremonyContext): AnswerClaims | undefined => {
  if (!isAnswer(answer) || answer.decision !== 'approve') return undefined;
  const { challenge: id, client, origin, now } = ctx;
  return isAnswerTo(answer, { id, nonce: ctx.nonce(), client, origin, handle, now }) ? answer : undefined;
};

const hasNumber = ({ number }: AnswerClaims, { digits }: Asked, ctx: CeremonyContext): boolean =>
  digits === 0 ? number === undefined : constantTimeEqual(number ?? '', ctx.code(digits));

/** The codes that come with a pairing, proven by the present one. undefined: it is wrong. */
const codesOf = async (
  { code }: AnswerClaims,
  { totp: secret, name }: PairingDevice,
  ctx: CeremonyContext,
): Promise<readonly MadeAuthenticator[] | undefined> => {
  if (secret === undefined) return [];
  const step = await stepOf(code ?? '', { secret }, ctx);
  // The code that proved the key is used: it cannot also be the next sign-in.
  return step === undefined ? undefined : [{ type: totpType, label: name, data: { secret, lastStep: step } }];
};

/** `id`: of its authenticator, once it is paired. */
interface Target {
  readonly label: string;
  readonly id?: string;
  readonly data: Pick<PushData, 'subscription' | 'language'>;
}

const approve = <State extends Asked>(
  state: State,
  ctx: CeremonyContext,
  { label, id, data }: Target,
  lifetime = answerTime,
): BegunCeremony<State> => ({
  state,
  prompt: { kind: 'approve', show: state.digits === 0 ? '' : ctx.code(state.digits), sentTo: label },
  message: pushTo(ctx, data, { ...(id !== undefined && { id }), lifetime }),
});

const claimedBy = (input: EnrollmentInput | undefined): PairingDevice => {
  if (typeof input === 'object' && 'device' in input) return input.device;
  throw new Problem('bad-request', 'got no device, expected one that has claimed a pairing');
};

/** The factor, with the operator's policy. */
export const createPush = ({ digits, unlock: policy, rpId }: PushPolicy): Factor<PushData, Asked, Enrolling> => ({
  type: pushType,
  via: 'push',
  answeredBy: 'device',
  reaches: acrOf(digits),
  guessable: false,
  attempts: 1,
  spentReason: 'wrong-number',
  asksFor: 'one',
  most: maxDevices,
  lifetimes: { answer: answerTime, redeem },
  serves: ({ data: { unlock, wrongPins = 0, leftAt } }) =>
    satisfies(unlock, policy) && wrongPins < maxWrongPins && leftAt === undefined,
  enroll: {
    async begin(input, bound, ctx) {
      const device = claimedBy(input);
      if (bound.length >= maxDevices) {
        throw new Problem(
          'bad-request',
          `got ${bound.length} devices of this person, expected fewer than ${maxDevices}`,
        );
      }
      const state: Enrolling = { handle: device.handle, unlock: policy, digits, device };
      const begun = approve(state, ctx, { label: device.name, data: device });
      return { ...begun, lifetimes: { answer: pairingAnswerTime, redeem } };
    },
    async finish(answer, state, ctx) {
      const claims = approvalIn(answer, state, ctx);
      const { device, unlock } = state;
      const protection = claims && (await newUnlock(claims, device, { unlock, rpId }, ctx));
      const also = claims && (await codesOf(claims, device, ctx));
      if (claims === undefined || protection === undefined || also === undefined) return unfinished;
      if (!hasNumber(claims, state, ctx)) return wrong;
      const { key, handle, name, language, subscription } = device;
      const data: PushData = {
        key,
        ...(subscription !== undefined && { subscription }),
        push: subscription === undefined ? 'none' : 'works',
        language,
        unlock,
        ...protection.data,
        pairedAt: ctx.now,
      };
      return { ok: true, label: name, handle, data, also, amr: amrWith(protection), acr: acrOf(state.digits) };
    },
  },
  challenge: {
    async begin([device], ctx) {
      if (device?.handle === undefined) throw new Problem('bad-request', 'a push needs a device to wake');
      const { handle, data } = device;
      if (ctx.purpose === 'approval' && data.unlock === 'none')
        throw new Problem(
          'bad-request',
          'got a device without PIN or biometric, expected one: no password came before',
        );
      const asked = { handle, unlock: data.unlock };
      if (ctx.purpose !== 'approval') return approve<Asked>({ ...asked, digits }, ctx, device);
      const begun = approve<Asked>({ ...asked, digits: 0 }, ctx, device, approvalTime);
      return { ...begun, lifetimes: { answer: approvalTime, redeem } };
    },
    async finish(answer, state, [device], ctx) {
      const claims = approvalIn(answer, state, ctx);
      if (claims === undefined || device?.handle !== state.handle) return unfinished;
      const protection = await unlocked(claims, { handle: state.handle, data: device.data }, rpId, ctx);
      if (protection === undefined) return unfinished;
      if (!hasNumber(claims, state, ctx)) return wrong;
      const used: Authenticator<PushData> = { ...device, data: { ...device.data, ...protection.data } };
      return { ok: true, used, amr: amrWith(protection), acr: acrOf(state.digits) };
    },
  },
  async unlocks(answer, state, [device], ctx) {
    const claims = approvalIn(answer, state, ctx);
    if (claims === undefined) return 'not-unlocked';
    if ('device' in state) {
      const protection = await newUnlock(claims, state.device, { unlock: state.unlock, rpId }, ctx);
      if (protection === undefined) return 'not-unlocked';
      return (await codesOf(claims, state.device, ctx)) === undefined ? 'wrong-code' : 'unlocked';
    }
    if (device?.handle !== state.handle) return 'not-unlocked';
    const protection = await unlocked(claims, { handle: state.handle, data: device.data }, rpId, ctx);
    return protection === undefined ? 'not-unlocked' : 'unlocked';
  },
});
