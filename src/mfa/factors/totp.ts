/**
 * Second factor by a code of an authenticator app: TOTP (RFC 6238) with SHA-1, 6 digits and steps of 30 s. Accepts the previous,
 * the current and the next step, each once.
 */
import { generateSecret, generateURI, verify } from 'otplib';
import type { Json } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import type { Authenticator, CeremonyContext, Factor } from '../factor.ts';
import { codeDigits as digits, codeIn } from './code.ts';

/** `secret`: base32, 160 bits. `lastStep`: the last time step that passed; each passes once (RFC 6238 §5.2). */
type Seed = { readonly secret: string; readonly lastStep: number };

const period = 30;
const seedBytes = 20;
const answerTime: Millis = 600_000;

/**
 * Matching time step of `code`, or undefined when none of the previous, current and next one matches.
 * Constant time per candidate. RFC 6238 §5.2 accepts one step of delay, and §6 a clock that runs one step fast or slow.
 */
const matchingStep = async (code: string, secret: string, now: Millis): Promise<number | undefined> => {
  const result = await verify({
    secret,
    token: code,
    digits,
    period,
    epoch: Math.floor(now / 1000),
    epochTolerance: [period, period],
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
};

/**
 * Our name in the app. The label of a Key URI has one colon, between this name and the account: apps cut it there, and some
 * refuse a second one. So the name has no port, and no colons of an IPv6 address.
 */
const issuerOf = (origin: string): string => new URL(origin).hostname.replaceAll(':', '-');

export const totp: Factor<Seed, null, Seed> = {
  type: 'totp',
  answeredBy: 'browser',
  reaches: 'aal2',
  guessable: true,
  asksFor: 'any',
  lifetimes: { answer: answerTime, redeem: 300_000 },
  enroll: {
    async begin(_input, _bound, ctx) {
      const secret = generateSecret({ length: seedBytes });
      const uri = generateURI({ issuer: issuerOf(ctx.origin), label: ctx.person.name, secret, digits, period });
      return { state: { secret, lastStep: -1 }, prompt: { kind: 'scan', uri, next: 'code' } };
    },
    async finish(answer, seed, ctx) {
      const step = await stepOf(answer, seed.secret, ctx);
      if (step === undefined) return { ok: false, reason: 'wrong' };
      // The code that proved the seed is used: it cannot also be the first sign-in.
      return { ok: true, label: 'Authenticator app', data: { secret: seed.secret, lastStep: step } };
    },
  },
  challenge: {
    async begin() {
      return { state: null, prompt: { kind: 'code', length: digits } };
    },
    async finish(answer, _state, candidates, ctx) {
      let reused = false;
      for (const candidate of candidates) {
        const step = await stepOf(answer, candidate.data.secret, ctx);
        if (step !== undefined && step > candidate.data.lastStep) return passed(candidate, step);
        reused ||= step !== undefined;
      }
      return { ok: false, reason: 'wrong', ...(reused && { reused: true as const }) };
    },
  },
};

const stepOf = async (answer: Json, secret: string, ctx: CeremonyContext): Promise<number | undefined> => {
  const code = codeIn(answer);
  return code === undefined ? undefined : matchingStep(code, secret, ctx.now);
};

const passed = (candidate: Authenticator<Seed>, lastStep: number) => ({
  ok: true as const,
  used: { ...candidate, data: { ...candidate.data, lastStep } },
  amr: ['otp' as const],
  acr: 'aal2' as const,
});
