/**
 * Second factor by a code of an authenticator app: TOTP (RFC 6238). Our own seeds have SHA-1, 6 digits and steps of 30 s; imported
 * ones (`otpauth.ts`) may differ. Accepts the previous, the current and the next step, each once.
 */
import { totpType } from '../authenticator-types.ts';
import { createGuardrails, generateSecret, generateURI, verify } from 'otplib';
import type { Json } from '../../ports/stores.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { Authenticator, CeremonyContext, Factor, StepOffset } from '../factor.ts';
import { codeDigits, codeIn } from './code.ts';

/** Hashes of RFC 6238 §1.2. */
export type TotpAlgorithm = 'sha1' | 'sha256' | 'sha512';

/** A seed and its parameters. Defaults: SHA-1, 6 digits, 30 s. */
export type TotpSeed = {
  /** Base32 in upper case, without padding. */
  readonly secret: string;
  readonly algorithm?: TotpAlgorithm;
  readonly digits?: number;
  /** Seconds of a time step. */
  readonly period?: number;
  /** Serial number of a hardware token: it is no app on the phone. */
  readonly serial?: string;
};

/** `lastStep`: the last time step that passed; each passes once (RFC 6238 §5.2). `leftAt`: when the only device with it removed it. */
type Seed = TotpSeed & { readonly lastStep: number; readonly leftAt?: EpochMillis };

export { totpType };
/** Label of a new authenticator, which pages translate. */
export const totpLabel = 'Authenticator app';

const usualPeriod = 30;
const seedBytes = 20;
/** Shortest imported seed: 80 bits, which some systems used for years. */
export const minSeedBytes = 10;
/** Longest imported seed, of a hardware token: 128 characters of base32. */
export const maxSeedBytes = 80;
const guardrails = createGuardrails({ MIN_SECRET_BYTES: minSeedBytes, MAX_SECRET_BYTES: maxSeedBytes });
const answerTime: Millis = 600_000;

/**
 * Matching time step of `code`, or undefined when none of the previous, current and next one matches.
 * Constant time per candidate. RFC 6238 §5.2 accepts one step of delay, and §6 a clock that runs one step fast or slow.
 */
const matchingStep = async (code: string, seed: TotpSeed, now: Millis): Promise<number | undefined> => {
  const { secret, algorithm = 'sha1', digits = codeDigits, period = usualPeriod } = seed;
  const result = await verify({
    secret,
    token: code,
    algorithm,
    digits,
    period,
    epoch: Math.floor(now / 1000),
    epochTolerance: [period, period],
    guardrails,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
};

/**
 * Our name in the app. The label of a Key URI has one colon, between this name and the account: apps cut it there, and some
 * refuse a second one. So the name has no port, and no colons of an IPv6 address.
 */
export const totpIssuer = (origin: string): string => new URL(origin).hostname.replaceAll(':', '-');

export const totp: Factor<Seed, null, Seed> = {
  type: totpType,
  answeredBy: 'browser',
  reaches: 'aal2',
  guessable: true,
  asksFor: 'any',
  lifetimes: { answer: answerTime, redeem: 300_000 },
  serves: ({ data: { leftAt } }) => leftAt === undefined,
  enroll: {
    async begin(_input, _bound, ctx) {
      const secret = generateSecret({ length: seedBytes });
      const uri = generateURI({ issuer: totpIssuer(ctx.origin), label: ctx.person.name, secret });
      return { state: { secret, lastStep: -1 }, prompt: { kind: 'scan', uri, next: 'code' } };
    },
    async finish(answer, seed, ctx) {
      const step = await stepOf(answer, seed, ctx);
      if (step === undefined) return { ok: false, reason: 'wrong' };
      // The code that proved the seed is used: it cannot also be the first sign-in.
      return { ok: true, label: totpLabel, data: { secret: seed.secret, lastStep: step }, amr: ['otp'], acr: 'aal2' };
    },
  },
  challenge: {
    async begin(candidates) {
      const lengths = candidates.map(({ data }) => data.digits ?? codeDigits);
      const [shortest, length] = [Math.min(...lengths), Math.max(...lengths)];
      return { state: null, prompt: { kind: 'code', length, ...(shortest < length && { shortest }) } };
    },
    async finish(answer, _state, candidates, ctx) {
      let reused = false;
      for (const candidate of candidates) {
        const step = await stepOf(answer, candidate.data, ctx);
        if (step !== undefined && step > candidate.data.lastStep) return passed(candidate, step, ctx.now);
        reused ||= step !== undefined;
      }
      return { ok: false, reason: 'wrong', ...(reused && { reused: true as const }) };
    },
  },
};

/** The time step of a typed code that this seed accepts now; undefined for any other text. */
export const stepOf = async (
  answer: Json,
  seed: TotpSeed,
  ctx: Pick<CeremonyContext, 'now'>,
): Promise<number | undefined> => {
  const code = codeIn(answer, seed.digits);
  return code === undefined ? undefined : matchingStep(code, seed, ctx.now);
};

const passed = (candidate: Authenticator<Seed>, lastStep: number, now: EpochMillis) => ({
  ok: true as const,
  stepOffset: offsetOf(lastStep - Math.floor(now / 1000 / (candidate.data.period ?? usualPeriod))),
  used: { ...candidate, data: { ...candidate.data, lastStep } },
  amr: ['otp' as const],
  acr: 'aal2' as const,
});

const offsetOf = (steps: number): StepOffset => (steps < 0 ? -1 : steps > 0 ? 1 : 0);
