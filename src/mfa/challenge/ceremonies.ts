/**
 * Runs the two ceremonies of a factor: authentication proves a bound authenticator, enrollment binds a new one.
 * A proof burns its step or counter in the durable store before it passes, so that no answer can be used twice.
 */
import type { KeyObject } from 'node:crypto';
import { hmac, hmacDigits } from '../../crypto.ts';
import type { Json, Write } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { AuthenticatorData } from '../authenticator-data.ts';
import type { Authenticators } from '../authenticators.ts';
import type { StoredAuthenticator } from '../sealed-authenticators.ts';
import type { ClockDrift } from '../clock-drift.ts';
import {
  authenticatorOf,
  candidatesFor,
  type BegunCeremony,
  type CeremonyContext,
  type EnrollmentInput,
  type Factor,
  type VerificationResult,
} from '../factor.ts';
import type { ChallengeRecord, EstablishedFacts } from '../challenge-state/record.ts';
import type { RequestContext } from '../challenge-state/request-context.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

/** The only mailbox that a person may bind: a typed one could be anybody's. */
const verifiedAddress = ({ email, emailVerified }: User): string | undefined =>
  emailVerified === true ? email : undefined;

interface CeremoniesDeps {
  readonly authenticators: Authenticators;
  readonly authenticatorData: Pick<AuthenticatorData, 'burning'>;
  readonly clock: Clock;
  /** Key of the codes that we send. */
  readonly hashKey: KeyObject;
  readonly clockDrift: Pick<ClockDrift, 'note'>;
}

/** The ceremony that is to begin. */
export interface CeremonyRequest {
  readonly factor: Factor;
  readonly user: User;
  readonly purpose: ChallengeRecord['purpose'];
  readonly chosen?: string | undefined;
  /** Input of an enrollment (a number). */
  readonly input?: EnrollmentInput | undefined;
  /** Authenticators of the person, where they were just read. */
  readonly stored?: readonly StoredAuthenticator[] | undefined;
}

/** Writes a burned answer, with all that belongs to it. False: another answer changed the authenticator first. */
export type Burn = (write: Write) => Promise<boolean>;

/** A right answer with its facts, or why it was not right. */
export type CeremonyResult = VerificationResult<{ readonly facts: EstablishedFacts }>;

/** An account, and its authenticators where this request has read them. */
export interface Prover {
  readonly user: User;
  readonly stored?: readonly StoredAuthenticator[] | undefined;
}

/** Characters of base64url that hold 128 bits. */
const nonceLength = 22;

/** A right answer is verified again when its authenticator changed meanwhile: it may just have been renamed. */
const maxVerifications = 3;

export class Ceremonies {
  readonly #deps: CeremoniesDeps;

  constructor(deps: CeremoniesDeps) {
    this.#deps = deps;
  }

  /** The context of a challenge's ceremony. `token`: only where a message is to be made. */
  context(
    { id, boundTo }: Pick<ChallengeRecord, 'id' | 'boundTo'>,
    request: RequestContext,
    token: string = '',
  ): CeremonyContext {
    const { clock, hashKey } = this.#deps;
    const { client, language, origin, person, level, isConditional, purpose } = request;
    const code = (digits: number): string => hmacDigits(hashKey, `code:${id}`, digits);
    const nonce = (): string => hmac(hashKey, `nonce:${id}`).slice(0, nonceLength);
    const keyedHash = (text: string): string => hmac(hashKey, text);
    const more = {
      ...(level !== undefined && { level }),
      ...(isConditional && { isConditional }),
      ...(purpose !== undefined && { purpose }),
    };
    const secrets = { code, nonce, keyedHash };
    return {
      now: clock(),
      client,
      language,
      origin,
      person,
      token,
      binding: boundTo,
      challenge: id,
      ...secrets,
      ...more,
    };
  }

  /** Begins a ceremony; undefined: the person has no authenticator that this factor could ask for. */
  async begin(
    { factor, user, purpose, chosen, input, stored }: CeremonyRequest,
    context: CeremonyContext,
  ): Promise<BegunCeremony | undefined> {
    const all = stored ?? (await this.#deps.authenticators.of(user));
    if (purpose === 'enroll') {
      const bound = all.filter(each => each.type === authenticatorOf(factor));
      return factor.enroll.begin(factor.enrolls === 'email' ? verifiedAddress(user) : input, bound, context);
    }
    const candidates = candidatesFor(factor, all, chosen);
    return candidates.length === 0 ? undefined : factor.challenge.begin(candidates, context);
  }

  /** Verifies an answer to a challenge of this account. `burn` writes the authenticator that gave a right one. */
  async verify(
    challenge: LoadedChallenge,
    prover: Prover,
    { answer, burn }: { readonly answer: Json; readonly burn: Burn },
  ): Promise<CeremonyResult> {
    const { record, contents, factor } = challenge;
    const context = this.context(record, contents.request);
    if (record.purpose === 'authenticate') return this.#authenticate(challenge, prover, { answer, burn, context });
    const result = await factor.enroll.finish(answer, contents.state, context);
    if (!result.ok) return result;
    const { ok: _ok, ...facts } = result;
    const { handle } = facts;
    if (handle !== undefined && (await this.#deps.authenticators.ownerOf(handle)) !== undefined)
      return { ok: false, reason: 'wrong', because: 'bound' };
    return { ok: true, facts };
  }

  async #authenticate(
    { record, contents, factor }: LoadedChallenge,
    { user, stored }: Prover,
    { answer, burn, context }: { readonly answer: Json; readonly burn: Burn; readonly context: CeremonyContext },
  ): Promise<CeremonyResult> {
    const { authenticators, authenticatorData } = this.#deps;
    for (let verified = 0; verified < maxVerifications; verified += 1) {
      // What was read before is tried once: the write compares with its revision, and loses where it has changed.
      const all = (verified === 0 ? stored : undefined) ?? (await authenticators.of(user));
      const candidates = candidatesFor(factor, all, record.chosen);
      const result = await factor.challenge.finish(answer, contents.state, candidates, context);
      if (!result.ok) return result;
      const { used, amr, acr, stepOffset } = result;
      const write = authenticatorData.burning(candidates, used, factor.type);
      const facts = { authenticator: used.id, amr, acr };
      if (write !== undefined && (await burn(write))) {
        if (stepOffset !== undefined) this.#deps.clockDrift.note(stepOffset);
        return { ok: true, facts };
      }
    }
    return { ok: false, reason: 'wrong' };
  }
}
