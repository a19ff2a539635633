/** The life of a challenge: begin, answer, respond, watch, redeem. With `deliveries.ts` the only room that expires, counts, binds, burns and audits. */
import { randomUUIDv7, type KeyObject } from 'node:crypto';
import type { Audit, AuditEvent, AuditFacts } from '../audit.ts';
import { keyedDigits, randomToken, sealJson, type Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Bell, Clock, Collection, Heard, Json, Message, Millis, Progress } from '../ports.ts';
import type { User } from '../records.ts';
import type { Authenticators } from './authenticators.ts';
import { binding, proving, type Ceremony, type Facts } from './ceremonies.ts';
import {
  isLive,
  pending,
  sealedTo,
  topicOf,
  type Body,
  type Contents,
  type Ended,
  type Moment,
  type Phase,
  type Reached,
  type View,
} from './challenge-record.ts';
import type { ChallengeStore, Standing } from './challenge-store.ts';
import type { Deliveries } from './deliveries.ts';
import type { Context, Factor } from './factor.ts';
import { ended, over, refused, type Answered, type Outcome, type Resent } from './outcome.ts';
import { mint, type Proof } from './proof.ts';
import type { Limits, Throttle } from './throttle.ts';
import { createWaker } from './waker.ts';

export interface Begun {
  readonly view: View;
  /** False: it was there already, and nothing was sent. */
  readonly fresh: boolean;
}

/** Who is asked for what. `input` (a number) only where a new authenticator is to be bound. */
export interface Asked {
  readonly userId: string;
  readonly factor: string;
  readonly chosen?: string;
  readonly purpose?: Body['purpose'];
  readonly input?: string;
}

/** What `hear` takes: a callback that says keys. */
export type HeardKeys = Extract<Heard, { readonly keys: string }>;

/** A waiting page reads again this often without a ring. */
const rereads: Millis = 5000;

interface Parts {
  readonly store: ChallengeStore;
  readonly bell: Bell;
  readonly clock: Clock;
  readonly users: Collection<User, 'canonical'>;
  readonly factors: readonly Factor[];
  readonly authenticators: Authenticators;
  readonly deliveries: Deliveries;
  readonly throttle: Throttle;
  readonly sealer: Sealer;
  /** Codes that we send are made with it. */
  readonly hashKey: KeyObject;
  readonly audit: Audit;
  readonly limits: Limits;
}

export class Challenges {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Asks a person for a factor. Same person and choice: the same challenge, nothing sent, or anew once it ended. Another: the old one is cancelled
   * and its call hung up. What may not be sent (budget, pause, another call ringing) gives a challenge that has ended, and why.
   * @throws Problem 'bad-request' when the person has no such method, or for an `input` that the factor cannot use.
   */
  async begin(asked: Asked, boundTo: string, moment: Moment): Promise<Begun> {
    const user = await this.#user(asked.userId);
    if (user === undefined) throw new Problem('bad-request', `no account ${asked.userId} that may sign in`);
    const was = await this.#read(boundTo);
    if (was !== undefined && isSame(was.body, asked) && isLive(was.view)) return { view: was.view, fresh: false };
    if (was !== undefined) await this.#cancel(was);

    const { body, token, message } = await this.#draft(asked, user, boundTo, moment);
    await this.#parts.store.keep(body, token);
    if (!(await this.#parts.store.win(body, was?.body))) return this.#lost(boundTo);
    await this.#record('challenge.begun', 'info', body, moment, 'browser');
    if (message !== undefined) await this.#send(user, body, message, moment);
    await this.#ring(body);
    return { view: (await this.#stand(body)).view, fresh: true };
  }

  /** Ends what is pending or passed but not redeemed, and hangs up. */
  async cancel(boundTo: string): Promise<void> {
    const was = await this.#read(boundTo);
    if (was !== undefined) await this.#cancel(was);
  }

  /** The browser answers. Refused for a factor that a device answers: a browser can never approve a call. */
  async answer(boundTo: string, answer: Json): Promise<Outcome> {
    const was = await this.#read(boundTo);
    if (was === undefined || this.#factor(was.body).answeredBy !== 'browser') return refused;
    return this.#judge(was, answer, 'browser');
  }

  /**
   * A device or the telephone answers, found by the token of its address. `reference` must be the one first sent or first
   * heard. For a factor that the browser answers, keys only repeat the announcement.
   */
  async respond(token: string, answer: Json, reference?: string): Promise<Outcome> {
    const body = await this.#parts.store.byToken(token);
    if (body === undefined) return refused;
    const was = await this.#stand(body);
    if (reference !== undefined) {
      if (!(await this.#parts.deliveries.binds(body, reference))) return refused;
      await this.#note(was, 'answered');
    }
    return this.#factor(body).answeredBy === 'device' ? this.#judge(was, answer, 'carrier') : this.#repeat(was);
  }

  /**
   * Keys that were pressed on a telephone, or its being picked up, found by the token of the callback's address. `reference`
   * must be the one first sent or first heard. For a factor that the browser answers no keys approve anything.
   */
  async hear({ token, reference, keys, by }: HeardKeys): Promise<Answered> {
    const body = await this.#parts.store.byToken(token);
    if (body === undefined) return { outcome: refused, language: undefined };
    return {
      outcome: by === 'machine' ? refused : await this.respond(token, keys, reference),
      language: this.#parts.store.contents(body).moment.language,
    };
  }

  /**
   * Sends the message of a pending challenge once more, the same code in it. Of two that ask at once one sends; tries, strikes
   * and deadline stay as they are.
   */
  async resend(boundTo: string): Promise<Resent> {
    const was = await this.#read(boundTo);
    if (was === undefined || this.#factor(was.body).again === undefined) return { ok: false, why: 'refused' };
    return { ok: false, why: was.view.phase === 'pending' ? 'spent' : 'over' };
  }

  /** What the carrier tells of a call informs and never approves; the end of a call ends its pending challenge. */
  async report(token: string, progress: Progress, reference: string): Promise<boolean> {
    const { store, deliveries } = this.#parts;
    const body = await store.byToken(token);
    if (body === undefined || !(await deliveries.binds(body, reference))) return false;
    const was = await this.#stand(body);
    if (progress.step === 'ended') await this.#end(was, deliveries.meaning(progress.why));
    else await this.#note(was, progress.step);
    return true;
  }

  /** A phone that is picked up after its time does not bring back what has ended: the deadline moves with the pick-up. */
  async #note({ body, view }: Standing, step: Reached['step']): Promise<void> {
    if (view.phase === 'pending' && (await this.#parts.deliveries.note(body, step))) await this.#ring(body);
  }

  async current(boundTo: string): Promise<View | undefined> {
    return (await this.#read(boundTo))?.view;
  }

  /** The view now, then each change, on any node, until nothing can change any more or `signal` says stop. */
  async *watch(boundTo: string, signal: AbortSignal): AsyncGenerator<View> {
    const waker = createWaker(signal);
    const silence = await this.#parts.bell.hear(topicOf(boundTo), waker.wake);
    try {
      let told = '';
      while (!signal.aborted) {
        const view = await this.current(boundTo);
        if (view === undefined) return;
        const text = JSON.stringify(view);
        if (text !== told) yield view;
        told = text;
        if (!isLive(view)) return;
        await waker.woken(rereads);
      }
    } finally {
      silence();
    }
  }

  /**
   * Of many callers one gets the proof of a challenge that was answered right, within its time, by an authenticator that
   * still counts: one that was taken away since then proves nothing any more.
   */
  async redeem(boundTo: string): Promise<Proof | undefined> {
    const claimed = await this.claim(boundTo, 'prove');
    if (claimed === undefined || !('authenticator' in claimed.facts)) return undefined;
    const { body, facts, at } = claimed;
    const user = await this.#user(body.userId);
    if (user?.authenticators.includes(facts.authenticator) !== true) return undefined;
    return mint({ ...facts, userId: body.userId, factor: body.factor, at });
  }

  /** As `redeem`, for the facts themselves: what `enrollments.ts` binds. */
  async claim(
    boundTo: string,
    purpose: Body['purpose'],
  ): Promise<{ readonly body: Body; readonly facts: Facts; readonly at: number; readonly moment: Moment } | undefined> {
    const was = await this.#read(boundTo);
    if (was?.body.purpose !== purpose || was.view.phase !== 'passed' || was.phase.name !== 'passed') return undefined;
    const { body, phase, contents } = was;
    const { store, clock } = this.#parts;
    if (!(await store.swap(body, phase, { name: 'redeemed', at: clock() }))) return undefined;
    await this.#record('challenge.redeemed', 'success', body, contents.moment, 'browser');
    return { body, facts: store.facts(body, phase), at: phase.at, moment: contents.moment };
  }

  async #judge(was: Standing, answer: Json, actor: 'browser' | 'carrier'): Promise<Outcome> {
    const { throttle, limits } = this.#parts;
    const { body, contents, view } = was;
    if (view.phase !== 'pending') return over(view);
    // Counted before it is looked at, so parallel guesses cannot share a try.
    const tries = await this.#parts.store.countTry(body);
    if (tries === 0) return this.#over(was, 'lost');
    if (tries > limits.triesPerChallenge) return ended('tries');
    const user = await this.#user(body.userId);
    if (user === undefined) return this.#over(was, 'cancelled');

    const factor = this.#factor(body);
    const strikes = factor.guessable && body.purpose === 'prove';
    const admission = strikes ? await throttle.admit(user.id, factor.type) : undefined;
    if (admission?.admitted === false) {
      await this.#record('challenge.answered', 'refused', body, contents.moment, actor, { reason: admission.why });
      return admission.why === 'wait' ? { ok: false, ...admission } : { ok: false, why: 'disabled' };
    }
    const context = this.#context(body.id, contents.moment, '');
    const verdict = await this.#ceremony(body, user).judge(answer, contents.state, context);
    if (verdict.ok) return this.#pass(was, verdict.facts, actor, strikes);
    if (verdict.why === 'notMe') return this.#deny(was, actor);
    if (verdict.why === 'wrong') {
      await this.#wrong(was, actor, admission?.count, verdict.reused);
      const triesLeft = limits.triesPerChallenge - tries;
      return { ok: false, why: 'wrong', triesLeft, ...(verdict.reused && { reused: true as const }) };
    }
    if (tries >= limits.triesPerChallenge) return this.#over(was, 'silence');
    const turn = factor.speak?.(contents.state, typeof answer === 'string' ? answer : '', context);
    return { ok: false, why: 'unfinished', ...(turn !== undefined && { turn }) };
  }

  #repeat({ body, contents, view }: Standing): Outcome {
    if (view.phase !== 'pending') return over(view);
    const turn = this.#factor(body).speak?.(contents.state, '', this.#context(body.id, contents.moment, ''));
    return { ok: false, why: 'unfinished', ...(turn !== undefined && { turn }) };
  }

  async #pass(was: Standing, facts: Facts, actor: string, strikes: boolean): Promise<Outcome> {
    const { store, throttle, deliveries } = this.#parts;
    const { body, contents, phase } = was;
    if (!(await store.pass(body, phase, facts))) return over((await this.#stand(body)).view);
    if (strikes) await throttle.clear(body.userId, body.factor);
    await deliveries.settle(body, contents.sentTo?.to);
    await this.#record('challenge.passed', 'success', body, contents.moment, actor, {
      ...('acr' in facts && { acr: facts.acr, amr: facts.amr.join(' '), authenticator: facts.authenticator }),
    });
    await this.#ring(body);
    return body.purpose === 'bind' ? { ok: true, binds: true } : { ok: true };
  }

  /** The owner says that it was not them: this attempt dies, and nothing rings them for a day. */
  async #deny({ body, contents, phase }: Standing, actor: string): Promise<Outcome> {
    const { moment } = contents;
    // The pause first: were it to fail after the denial, the same keys said once more would find nothing left to deny.
    const until = await this.#parts.throttle.pause(body.userId);
    const won = await this.#parts.store.swap(body, phase, { name: 'denied', at: this.#parts.clock() });
    if (!won) return over((await this.#stand(body)).view);
    await this.#parts.deliveries.release(body);
    await this.#record('challenge.denied', 'refused', body, moment, actor);
    await this.#record('account.paused', 'info', body, moment, 'system', { until });
    await this.#record('notice.sent', 'info', body, moment, 'system', { notice: 'not-me' });
    await this.#ring(body);
    return { ok: false, why: 'notMe' };
  }

  async #wrong({ body, contents }: Standing, actor: string, count?: number, reused?: true): Promise<void> {
    const { moment } = contents;
    await this.#record('challenge.answered', 'failure', body, moment, actor, {
      reason: reused ? 'reused' : 'wrong',
      ...(count !== undefined && { count }),
    });
    if (reused) await this.#warn('factor.reused', 'code-reused', body, moment);
    if (count !== undefined && this.#parts.throttle.isDisabling(count)) {
      await this.#warn('factor.disabled', 'factor-disabled', body, moment);
    }
  }

  async #warn(event: 'factor.reused' | 'factor.disabled', notice: string, body: Body, moment: Moment): Promise<void> {
    await this.#record(event, 'refused', body, moment, 'system');
    await this.#record('notice.sent', 'info', body, moment, 'system', { notice });
  }

  /** Nothing more can come of it; on a telephone its last words are the answer to this very callback. */
  async #over(was: Standing, why: Ended): Promise<Outcome> {
    await this.#end(was, why);
    return ended(why);
  }

  /** What is over by time or tries stays so: cancelling it is no way to have it anew. */
  async #cancel(was: Standing): Promise<void> {
    if (!isLive(was.view)) return;
    if (await this.#end(was, 'cancelled', ['pending', 'passed'])) await this.#parts.deliveries.hangUp(was.body);
  }

  /** Swaps to ended from one of these phases; true for the one caller that did. */
  async #end({ body, contents }: Standing, why: Ended, from: readonly Phase['name'][] = ['pending']): Promise<boolean> {
    const { store, clock, deliveries } = this.#parts;
    const phase = await store.phase(body);
    if (phase === undefined || !from.includes(phase.name)) return false;
    if (!(await store.swap(body, phase, { name: 'ended', at: clock(), why }))) return false;
    await deliveries.release(body);
    await this.#record('challenge.ended', 'info', body, contents.moment, 'system', { reason: why });
    await this.#ring(body);
    return true;
  }

  /** Sends, or ends what cannot be sent: a page never waits for a phone that does not ring. */
  async #send(user: User, body: Body, message: Message, moment: Moment): Promise<void> {
    const end = async (why: Ended): Promise<boolean> =>
      this.#parts.store.swap(body, pending, { name: 'ended', at: this.#parts.clock(), why });
    try {
      const rests = user.pausedUntil !== undefined && this.#parts.clock() < user.pausedUntil;
      const reason = rests ? 'paused' : await this.#parts.deliveries.send(body, message, moment);
      if (reason === undefined) return;
      await end(reason);
      await this.#record('challenge.refused', 'refused', body, moment, 'system', { reason });
    } catch (error) {
      await end('undeliverable');
      throw error;
    }
  }

  /** Somebody else began first: theirs is the challenge. */
  async #lost(boundTo: string): Promise<Begun> {
    const winner = await this.#read(boundTo);
    if (winner === undefined) throw new Problem('unavailable', `the challenge of ${boundTo} is gone`);
    return { view: winner.view, fresh: false };
  }

  async #draft(
    asked: Asked,
    user: User,
    boundTo: string,
    moment: Moment,
  ): Promise<{ readonly body: Body; readonly token: string; readonly message?: Message | undefined }> {
    const { clock, sealer } = this.#parts;
    const factor = this.#factor(asked);
    const { purpose = 'prove', chosen, input } = asked;
    const token = randomToken();
    const ceremony = this.#ceremony({ factor: factor.type, purpose, chosen }, user, input);
    const id = randomUUIDv7();
    const opened = await ceremony.open(this.#context(id, moment, token));
    if (opened === undefined) throw new Problem('bad-request', `the account ${user.id} has no such ${factor.type}`);
    const { state, prompt, message, lasts = factor.lasts } = opened;
    const contents: Contents = { state, prompt, moment, ...(message && sentBy(message)) };
    const body: Body = {
      id,
      purpose,
      boundTo,
      userId: user.id,
      factor: factor.type,
      ...(chosen !== undefined && { chosen }),
      ...(message !== undefined && { via: message.via }),
      begunAt: clock(),
      answerBy: clock() + lasts.answer,
      ...(lasts.afterPickUp !== undefined && { afterPickUp: lasts.afterPickUp }),
      redeemFor: lasts.redeem,
      sealed: sealJson(sealer, contents, sealedTo(id)),
    };
    return { body, token, message };
  }

  async #read(boundTo: string): Promise<Standing | undefined> {
    const body = await this.#parts.store.current(boundTo);
    return body && this.#stand(body);
  }

  async #stand(body: Body): Promise<Standing> {
    return this.#parts.store.stand(body, this.#factor(body));
  }

  /** An account that may sign in. */
  async #user(id: string): Promise<User | undefined> {
    const user = await this.#parts.users.get(id);
    return user?.lockedAt === undefined ? user : undefined;
  }

  #ceremony(
    of: { readonly factor: string; readonly purpose: Body['purpose']; readonly chosen?: string | undefined },
    user: User,
    input?: string,
  ): Ceremony {
    const factor = this.#factor(of);
    return of.purpose === 'prove'
      ? proving(factor, user, of.chosen, this.#parts.authenticators)
      : binding(factor, user, input, this.#parts.authenticators);
  }

  #factor({ factor: type }: { readonly factor: string }): Factor {
    const factor = this.#parts.factors.find(each => each.type === type);
    if (factor === undefined) throw new Problem('bad-request', `no factor '${type}' is in use`);
    return factor;
  }

  #context(id: string, { client, language, origin, person }: Moment, token: string): Context {
    const { clock, hashKey } = this.#parts;
    const code = (digits: number): string => keyedDigits(hashKey, `code:${id}`, digits);
    return { now: clock(), client, language, origin, person, token, code };
  }

  async #ring(body: Body): Promise<void> {
    await this.#parts.bell.ring(topicOf(body.boundTo));
  }

  async #record(
    event: AuditEvent['event'],
    outcome: AuditEvent['outcome'],
    { userId: subject, factor }: Body,
    { reference, client, address }: Moment,
    actor: string,
    facts: AuditFacts = {},
  ): Promise<void> {
    await this.#parts.audit({ event, outcome, actor, subject, reference, client, address, factor, ...facts });
  }
}

const sentBy = (message: Message): Pick<Contents, 'sentTo' | 'screened'> => {
  const { to, extension } = message;
  const isScreened = message.via === 'call' && message.screened;
  return {
    sentTo: { to, ...(extension !== undefined && { extension }) },
    ...(isScreened && { screened: true as const }),
  };
};

const isSame = (body: Body, asked: Asked): boolean =>
  body.purpose === (asked.purpose ?? 'prove') &&
  body.userId === asked.userId &&
  body.factor === asked.factor &&
  body.chosen === asked.chosen;
