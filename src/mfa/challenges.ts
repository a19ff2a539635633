/** The life of a challenge: begin, answer, respond, watch, redeem. With `deliveries.ts` the only room that expires, counts, binds, burns and audits. */
import { randomUUIDv7 } from 'node:crypto';
import type { Audit } from '../audit.ts';
import { openJson, randomToken, sealJson, type Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Bell, Clock, Collection, Ephemeral, Json, Millis, Progress, Turn } from '../ports.ts';
import type { User } from '../records.ts';
import type { Authenticators } from './authenticators.ts';
import { binding, proving, type Ceremony, type Facts } from './ceremonies.ts';
import {
  deadline,
  keys,
  pending,
  standing,
  topicOf,
  type Body,
  type Contents,
  type Ended,
  type Moment,
  type Phase,
  type View,
} from './challenge-record.ts';
import type { Deliveries } from './deliveries.ts';
import type { Context, Factor } from './factor.ts';
import { mint, type Proof } from './proof.ts';
import type { Limits, Throttle } from './throttle.ts';

/** What came of an answer. */
export type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'wrong'; readonly triesLeft: number; readonly reused?: true }
  /** No guess yet; on a telephone, what it says next. */
  | { readonly ok: false; readonly why: 'unfinished'; readonly turn?: Turn }
  | { readonly ok: false; readonly why: 'notMe' }
  | { readonly ok: false; readonly why: 'wait'; readonly until: number }
  | { readonly ok: false; readonly why: 'disabled' }
  /** Nothing can come of this challenge any more, or it has been answered. */
  | { readonly ok: false; readonly why: 'over'; readonly phase: Phase['name']; readonly ended?: Ended }
  /** Not this side's to answer, or nothing there. */
  | { readonly ok: false; readonly why: 'refused' };

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

/** How long a challenge is remembered after its last use, so that a late page or callback still learns what became of it. */
const remembered: Millis = 600_000;
/** A waiting page reads again this often without a ring. */
const rereads: Millis = 5000;

interface Parts {
  readonly ephemeral: Ephemeral;
  readonly bell: Bell;
  readonly clock: Clock;
  readonly users: Collection<User, 'canonical'>;
  readonly factors: readonly Factor[];
  readonly authenticators: Authenticators;
  readonly deliveries: Deliveries;
  readonly throttle: Throttle;
  readonly sealer: Sealer;
  readonly audit: Audit;
  readonly limits: Limits;
}

interface Read {
  readonly body: Body;
  readonly contents: Contents;
  readonly phase: Phase;
  readonly view: View;
}

export class Challenges {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Asks a person for a factor. Same person and choice: the same challenge, nothing sent. Another: the old one is cancelled
   * and its call hung up. What may not be sent (budget, pause, another call ringing) gives a challenge that has ended, and why.
   * @throws Problem 'bad-request' when the person has no such method, or for an `input` that the factor cannot use.
   */
  async begin(asked: Asked, boundTo: string, moment: Moment): Promise<Begun> {
    const user = await this.#user(asked.userId);
    if (user === undefined) throw new Problem('bad-request', `no account ${asked.userId} that may sign in`);
    const was = await this.#read(boundTo);
    if (was !== undefined && isSame(was.body, asked) && isLive(was.view)) return { view: was.view, fresh: false };
    if (was !== undefined) await this.#end(was.body, 'cancelled', moment);

    const opened = await this.#open(asked, user, boundTo, moment);
    const { body, contents, message } = opened;
    await this.#put(body, opened.token);
    if (!(await this.#win(boundTo, was?.body.id, body))) {
      const winner = await this.#read(boundTo);
      if (winner === undefined) throw new Problem('unavailable', `the challenge of ${boundTo} is gone`);
      return { view: winner.view, fresh: false };
    }
    await this.#record('challenge.begun', 'info', body, moment, 'browser');
    const refused = message === undefined ? undefined : await this.#send(user, body, message, moment);
    if (refused !== undefined) {
      await this.#swap(body, pending, { name: 'ended', at: this.#parts.clock(), why: refused });
      await this.#record('challenge.refused', 'refused', body, moment, 'system', { reason: refused });
    }
    await this.#parts.bell.ring(topicOf(boundTo));
    return { view: await this.#view(body, contents), fresh: true };
  }

  /** The same again, after it ended (a call that was busy). While it lives, nothing is sent. */
  async resend(boundTo: string): Promise<Begun | undefined> {
    const was = await this.#read(boundTo);
    if (was === undefined) return undefined;
    const { userId, factor, chosen, purpose } = was.body;
    if (purpose === 'bind') throw new Problem('bad-request', 'a binding is begun anew, not sent again');
    return this.begin({ userId, factor, ...(chosen !== undefined && { chosen }) }, boundTo, was.contents.moment);
  }

  /** Ends what is pending or passed but not redeemed, and hangs up. */
  async cancel(boundTo: string): Promise<void> {
    const was = await this.#read(boundTo);
    if (was !== undefined) await this.#end(was.body, 'cancelled', was.contents.moment);
  }

  /** The browser answers. Refused for a factor that a device answers: a browser can never approve a call. */
  async answer(boundTo: string, answer: Json): Promise<Outcome> {
    const body = await this.#current(boundTo);
    if (body === undefined || this.#factor(body.factor).answeredBy !== 'browser') return { ok: false, why: 'refused' };
    return this.#judge(body, answer, 'browser');
  }

  /**
   * A device or the telephone answers, found by the token of its address. `reference` must be the one first sent or first
   * heard. For a factor that the browser answers, keys only repeat the announcement.
   */
  async respond(token: string, answer: Json, reference?: string): Promise<Outcome> {
    const body = await this.#byToken(token);
    if (body === undefined) return { ok: false, why: 'refused' };
    if (reference !== undefined) {
      if (!(await this.#parts.deliveries.binds(body.id, reference, lifetime(body))))
        return { ok: false, why: 'refused' };
      if (await this.#parts.deliveries.note(body.id, 'answered', lifetime(body))) {
        await this.#parts.bell.ring(topicOf(body.boundTo));
      }
    }
    const factor = this.#factor(body.factor);
    if (factor.answeredBy === 'device') return this.#judge(body, answer, 'carrier');
    const { view, contents } = await this.#stand(body);
    if (view.phase !== 'pending') return over(view);
    const turn = factor.speak?.(contents.state, '', this.#context(contents.moment, token));
    return { ok: false, why: 'unfinished', ...(turn !== undefined && { turn }) };
  }

  /** What the carrier tells of a call informs and never approves; the end of a call ends its pending challenge. */
  async report(token: string, progress: Progress, reference: string): Promise<boolean> {
    const body = await this.#byToken(token);
    if (body === undefined || !(await this.#parts.deliveries.binds(body.id, reference, lifetime(body)))) return false;
    if (progress.step === 'ended') {
      const { contents } = await this.#stand(body);
      await this.#end(body, this.#parts.deliveries.meaning(progress.why), contents.moment, ['pending']);
    } else if (await this.#parts.deliveries.note(body.id, progress.step, lifetime(body))) {
      await this.#parts.bell.ring(topicOf(body.boundTo));
    }
    return true;
  }

  async current(boundTo: string): Promise<View | undefined> {
    return (await this.#read(boundTo))?.view;
  }

  /** The view now, then each change, on any node, until nothing can change any more or `signal` says stop. */
  async *watch(boundTo: string, signal: AbortSignal): AsyncGenerator<View> {
    const bell = createWaker(signal);
    const silence = await this.#parts.bell.hear(topicOf(boundTo), bell.wake);
    try {
      let told = '';
      while (!signal.aborted) {
        const view = await this.current(boundTo);
        if (view === undefined) return;
        const text = JSON.stringify(view);
        if (text !== told) yield view;
        told = text;
        if (!isLive(view)) return;
        await bell.rung(rereads);
      }
    } finally {
      silence();
    }
  }

  /** Of many callers one gets the proof of a challenge that was answered right, within its time. */
  async redeem(boundTo: string): Promise<Proof | undefined> {
    const claimed = await this.claim(boundTo, 'prove');
    if (claimed === undefined || !('authenticator' in claimed.facts)) return undefined;
    const { body, facts, at } = claimed;
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
    if (!(await this.#swap(body, phase, { name: 'redeemed', at: this.#parts.clock() }))) return undefined;
    await this.#record('challenge.redeemed', 'success', body, contents.moment, 'browser');
    return {
      body,
      facts: openJson(this.#parts.sealer, phase.facts, factsOf(body)),
      at: phase.at,
      moment: contents.moment,
    };
  }

  async #judge(body: Body, answer: Json, actor: 'browser' | 'carrier'): Promise<Outcome> {
    const { throttle, limits } = this.#parts;
    const { contents, phase, view } = await this.#stand(body);
    if (view.phase !== 'pending') return over(view);
    // Counted before it is looked at, so parallel guesses cannot share a try. Begin counted one: a reading of 1 means that
    // the counter was lost, and with it what was spent.
    const tries = (await this.#parts.ephemeral.hit(keys.tries(body.id), lifetime(body))) - 1;
    if (tries === 0) return this.#over(body, contents, 'lost');
    if (tries > limits.triesPerChallenge) return { ok: false, why: 'over', phase: 'ended', ended: 'tries' };
    const user = await this.#user(body.userId);
    if (user === undefined) return this.#over(body, contents, 'cancelled');

    const factor = this.#factor(body.factor);
    const strikes = factor.guessable && body.purpose === 'prove';
    const admission = strikes ? await throttle.admit(user.id, factor.type) : undefined;
    if (admission?.admitted === false) {
      await this.#record('challenge.answered', 'refused', body, contents.moment, actor, { reason: admission.why });
      return admission.why === 'wait'
        ? { ok: false, why: 'wait', until: admission.until }
        : { ok: false, why: 'disabled' };
    }
    const context = this.#context(contents.moment, '');
    const verdict = await this.#ceremony(body, user).judge(answer, contents.state, context);
    if (verdict.ok) return this.#pass(body, contents, verdict.facts, phase, strikes);
    if (verdict.why === 'notMe') return this.#deny(body, contents, phase);
    if (verdict.why === 'wrong') {
      await this.#wrong(body, contents, admission?.count, verdict.reused, actor);
      const triesLeft = limits.triesPerChallenge - tries;
      return { ok: false, why: 'wrong', triesLeft, ...(verdict.reused && { reused: true as const }) };
    }
    if (tries >= limits.triesPerChallenge) return this.#over(body, contents, 'silence');
    const turn = factor.speak?.(contents.state, typeof answer === 'string' ? answer : '', context);
    return { ok: false, why: 'unfinished', ...(turn !== undefined && { turn }) };
  }

  /** Of many right answers one swaps pending → passed. */
  async #pass(body: Body, contents: Contents, facts: Facts, phase: Phase, strikes: boolean): Promise<Outcome> {
    const { clock, sealer, throttle, deliveries } = this.#parts;
    const passed: Phase = { name: 'passed', at: clock(), facts: sealJson(sealer, facts, factsOf(body)) };
    if (!(await this.#swap(body, phase, passed))) return over((await this.#stand(body)).view);
    if (strikes) await throttle.clear(body.userId, body.factor);
    await deliveries.settle(body, contents.to);
    await this.#record('challenge.passed', 'success', body, contents.moment, this.#actor(body), {
      ...('acr' in facts && { acr: facts.acr, amr: facts.amr.join(' '), authenticator: facts.authenticator }),
    });
    await this.#parts.bell.ring(topicOf(body.boundTo));
    return { ok: true };
  }

  /** The owner says that it was not them: this attempt dies, and nothing rings them for a day. */
  async #deny(body: Body, contents: Contents, phase: Phase): Promise<Outcome> {
    const { moment } = contents;
    const won = await this.#swap(body, phase, { name: 'denied', at: this.#parts.clock() });
    if (!won) return over((await this.#stand(body)).view);
    const until = await this.#parts.throttle.pause(body.userId);
    await this.#parts.deliveries.release(body);
    await this.#record('challenge.denied', 'refused', body, moment, this.#actor(body));
    await this.#record('account.paused', 'info', body, moment, 'system', { until });
    await this.#record('notice.sent', 'info', body, moment, 'system', { notice: 'not-me' });
    await this.#parts.bell.ring(topicOf(body.boundTo));
    return { ok: false, why: 'notMe' };
  }

  async #wrong(
    body: Body,
    contents: Contents,
    strikes: number | undefined,
    reused: true | undefined,
    actor: string,
  ): Promise<void> {
    const { moment } = contents;
    const reason = reused ? 'reused' : 'wrong';
    await this.#record('challenge.answered', 'failure', body, moment, actor, {
      reason,
      ...(strikes !== undefined && { count: strikes }),
    });
    if (reused) await this.#notice('factor.reused', 'code-reused', body, moment);
    if (strikes !== undefined && this.#parts.throttle.isDisabling(strikes)) {
      await this.#notice('factor.disabled', 'factor-disabled', body, moment);
    }
  }

  async #notice(event: 'factor.reused' | 'factor.disabled', notice: string, body: Body, moment: Moment): Promise<void> {
    await this.#record(event, 'refused', body, moment, 'system');
    await this.#record('notice.sent', 'info', body, moment, 'system', { notice });
  }

  async #over(body: Body, contents: Contents, why: Ended): Promise<Outcome> {
    await this.#end(body, why, contents.moment, ['pending']);
    return { ok: false, why: 'over', phase: 'ended', ended: why };
  }

  /** Swaps to ended from one of these phases, hangs up, tells and records it. */
  async #end(
    body: Body,
    why: Ended,
    moment: Moment,
    from: readonly Phase['name'][] = ['pending', 'passed'],
  ): Promise<void> {
    const phase = await this.#parts.ephemeral.get(keys.phase(body.id));
    if (phase === undefined || !from.includes(phase.name)) return;
    if (!(await this.#swap(body, phase, { name: 'ended', at: this.#parts.clock(), why }))) return;
    await this.#parts.deliveries.stop(body);
    await this.#record('challenge.ended', 'info', body, moment, 'system', { reason: why });
    await this.#parts.bell.ring(topicOf(body.boundTo));
  }

  async #send(
    user: User,
    body: Body,
    message: NonNullable<OpenedBody['message']>,
    moment: Moment,
  ): Promise<Ended | undefined> {
    if (user.pausedUntil !== undefined && this.#parts.clock() < user.pausedUntil) return 'paused';
    return this.#parts.deliveries.send(body, message, moment, lifetime(body));
  }

  async #open(asked: Asked, user: User, boundTo: string, moment: Moment): Promise<OpenedBody> {
    const { clock, sealer } = this.#parts;
    const factor = this.#factor(asked.factor);
    const token = randomToken();
    const purpose = asked.purpose ?? 'prove';
    const ceremony =
      purpose === 'prove'
        ? proving(factor, user, asked.chosen, this.#parts.authenticators)
        : binding(factor, user, asked.input, this.#parts.authenticators);
    const opened = await ceremony.open(this.#context(moment, token));
    if (opened === undefined) throw new Problem('bad-request', `the account ${user.id} has no such ${factor.type}`);
    const lasts = opened.lasts ?? factor.lasts;
    const id = randomUUIDv7();
    const contents: Contents = {
      state: opened.state,
      prompt: opened.prompt,
      moment,
      ...(opened.message && { to: opened.message.to }),
    };
    const body: Body = {
      id,
      purpose,
      boundTo,
      userId: user.id,
      factor: factor.type,
      ...(asked.chosen !== undefined && { chosen: asked.chosen }),
      begunAt: clock(),
      answerBy: clock() + lasts.answer,
      ...(lasts.afterPickUp !== undefined && { afterPickUp: lasts.afterPickUp }),
      redeemFor: lasts.redeem,
      sealed: sealJson(sealer, contents, `challenge:${id}`),
    };
    return { body, contents, token, message: opened.message };
  }

  async #put(body: Body, token: string): Promise<void> {
    const { ephemeral } = this.#parts;
    const ttl = lifetime(body);
    await Promise.all([
      ephemeral.put(keys.body(body.id), body, ttl),
      ephemeral.put(keys.phase(body.id), pending, ttl),
      ephemeral.hit(keys.tries(body.id), ttl),
      ephemeral.put(keys.token(token), body.id, ttl),
    ]);
  }

  /** One challenge per binding: of many that begin at once, one becomes current and may send. */
  async #win(boundTo: string, was: string | undefined, body: Body): Promise<boolean> {
    const { ephemeral } = this.#parts;
    const current = keys.current(boundTo);
    if (was !== undefined) return ephemeral.swap(current, was, body.id, lifetime(body));
    return ephemeral.add(current, body.id, lifetime(body));
  }

  async #current(boundTo: string): Promise<Body | undefined> {
    const id = await this.#parts.ephemeral.get(keys.current(boundTo));
    const body = id === undefined ? undefined : await this.#parts.ephemeral.get(keys.body(id));
    return body?.boundTo === boundTo ? body : undefined;
  }

  async #byToken(token: string): Promise<Body | undefined> {
    const id = await this.#parts.ephemeral.get(keys.token(token));
    return id === undefined ? undefined : this.#parts.ephemeral.get(keys.body(id));
  }

  async #read(boundTo: string): Promise<Read | undefined> {
    const body = await this.#current(boundTo);
    return body === undefined ? undefined : this.#stand(body);
  }

  async #view(body: Body, contents: Contents): Promise<View> {
    return (await this.#stand(body, contents)).view;
  }

  /** How a challenge stands now, by clock and counters. Reads only what its factor has. */
  async #stand(body: Body, known?: Contents): Promise<Read> {
    const { ephemeral, clock, limits, throttle, sealer } = this.#parts;
    const factor = this.#factor(body.factor);
    const guessed = factor.guessable;
    const [written, reached, hits, closed] = await Promise.all([
      ephemeral.get(keys.phase(body.id)),
      body.afterPickUp === undefined ? undefined : ephemeral.get(keys.reached(body.id)),
      guessed ? ephemeral.get(keys.tries(body.id)) : undefined,
      guessed && body.purpose === 'prove' ? throttle.closed(body.userId, body.factor) : undefined,
    ]);
    const contents = known ?? openJson(sealer, body.sealed, `challenge:${body.id}`);
    const limit = limits.triesPerChallenge;
    const now = standing(body, written, { reached, tries: hits, limit }, clock());
    const phase: Phase =
      closed?.why === 'disabled' && now.name === 'pending' ? { name: 'ended', at: clock(), why: 'disabled' } : now;
    const view: View = {
      factor: body.factor,
      userId: body.userId,
      ...(body.chosen !== undefined && { chosen: body.chosen }),
      prompt: contents.prompt,
      phase: phase.name,
      ...(phase.name === 'ended' && { why: phase.why }),
      ...(reached !== undefined && { progress: reached.step }),
      begunAt: body.begunAt,
      until: phase.name === 'passed' ? phase.at + body.redeemFor : deadline(body, reached),
      triesLeft: Math.max(0, limit - ((hits ?? 1) - 1)),
      ...(closed?.why === 'wait' && { waitUntil: closed.until }),
    };
    return { body, contents, phase: written ?? phase, view };
  }

  /** An account that may sign in. */
  async #user(id: string): Promise<User | undefined> {
    const user = await this.#parts.users.get(id);
    return user?.lockedAt === undefined ? user : undefined;
  }

  #ceremony(body: Body, user: User): Ceremony {
    const factor = this.#factor(body.factor);
    return body.purpose === 'prove'
      ? proving(factor, user, body.chosen, this.#parts.authenticators)
      : binding(factor, user, undefined, this.#parts.authenticators);
  }

  #factor(type: string): Factor {
    const factor = this.#parts.factors.find(each => each.type === type);
    if (factor === undefined) throw new Problem('bad-request', `no factor '${type}' is in use`);
    return factor;
  }

  #actor(body: Body): 'browser' | 'carrier' {
    return this.#factor(body.factor).answeredBy === 'browser' ? 'browser' : 'carrier';
  }

  #context(moment: Moment, token: string): Context {
    const { client, language, origin, person } = moment;
    return { now: this.#parts.clock(), client, language, origin, person, token };
  }

  async #swap(body: Body, was: Phase, next: Phase): Promise<boolean> {
    return this.#parts.ephemeral.swap(keys.phase(body.id), was, next);
  }

  async #record(
    event: Parameters<Audit>[0]['event'],
    outcome: Parameters<Audit>[0]['outcome'],
    body: Body,
    moment: Moment,
    actor: string,
    facts: Partial<Parameters<Audit>[0]> = {},
  ): Promise<void> {
    const { reference, client, address } = moment;
    await this.#parts.audit({
      event,
      outcome,
      actor,
      subject: body.userId,
      reference,
      client,
      address,
      factor: body.factor,
      ...facts,
    });
  }
}

interface OpenedBody {
  readonly body: Body;
  readonly contents: Contents;
  readonly token: string;
  readonly message: NonNullable<Awaited<ReturnType<Ceremony['open']>>>['message'];
}

const lifetime = (body: Body): Millis => body.answerBy - body.begunAt + body.redeemFor + remembered;

const factsOf = (body: Body): string => `facts:${body.id}`;

const isSame = (body: Body, asked: Asked): boolean =>
  body.purpose === (asked.purpose ?? 'prove') &&
  body.userId === asked.userId &&
  body.factor === asked.factor &&
  body.chosen === asked.chosen;

const isLive = (view: View): boolean => view.phase === 'pending' || view.phase === 'passed';

const over = (view: View): Outcome => ({
  ok: false,
  why: 'over',
  phase: view.phase,
  ...(view.why !== undefined && { ended: view.why }),
});

/** Turns rings into something one can wait for; a ring between two waits is not lost. */
const createWaker = (signal: AbortSignal): { wake: () => void; rung: (atMost: Millis) => Promise<void> } => {
  let waiting: (() => void) | undefined;
  let missed = false;
  const wake = (): void => {
    missed = waiting === undefined;
    waiting?.();
  };
  signal.addEventListener('abort', wake, { once: true });
  return {
    wake,
    rung: atMost =>
      new Promise(resolve => {
        const done = (): void => {
          clearTimeout(timer);
          waiting = undefined;
          missed = false;
          resolve();
        };
        const timer = setTimeout(done, atMost);
        waiting = done;
        if (missed || signal.aborted) done();
      }),
  };
};
