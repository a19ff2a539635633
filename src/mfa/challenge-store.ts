/** Where challenges are kept, and how one stands now. Reads and writes; decides nothing. */
import { openJson, sealJson, type Sealer } from '../crypto.ts';
import type { Clock, Ephemeral } from '../ports.ts';
import {
  deadline,
  factsOf,
  keys,
  lifetime,
  pending,
  sealedTo,
  standing,
  type Body,
  type Contents,
  type Phase,
  type View,
} from './challenge-record.ts';
import type { Facts } from './ceremonies.ts';
import type { Factor } from './factor.ts';
import type { Limits, Throttle } from './throttle.ts';

/** A challenge as it stands: `phase` as it is written, `view` as time and tries make it. */
export interface Standing {
  readonly body: Body;
  readonly contents: Contents;
  readonly phase: Phase;
  readonly view: View;
}

interface Parts {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly throttle: Throttle;
  readonly limits: Limits;
}

export class ChallengeStore {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Writes a new challenge, which nothing leads to but its token. The first hit of its tries is begin's own. */
  async keep(body: Body, token: string): Promise<void> {
    const ttl = lifetime(body);
    await Promise.all([
      this.#parts.ephemeral.put(keys.body(body.id), body, ttl),
      this.#parts.ephemeral.put(keys.phase(body.id), pending, ttl),
      this.#parts.ephemeral.hit(keys.tries(body.id), ttl),
      this.#parts.ephemeral.put(keys.token(token), body.id, ttl),
    ]);
  }

  /** Makes it the current one of its binding in place of `was`; of many that begin at once one wins. */
  async win(body: Body, was: Body | undefined): Promise<boolean> {
    const current = keys.current(body.boundTo);
    if (was !== undefined) return this.#parts.ephemeral.swap(current, was.id, body.id, lifetime(body));
    if (await this.#parts.ephemeral.add(current, body.id, lifetime(body))) return true;
    // One that leads to nothing, as its challenge was lost, must not keep a person from beginning anew.
    const id = await this.#parts.ephemeral.get(current);
    if (id === undefined || (await this.#parts.ephemeral.get(keys.body(id))) !== undefined) return false;
    return this.#parts.ephemeral.swap(current, id, body.id, lifetime(body));
  }

  async current(boundTo: string): Promise<Body | undefined> {
    const id = await this.#parts.ephemeral.get(keys.current(boundTo));
    return id === undefined ? undefined : this.#parts.ephemeral.get(keys.body(id));
  }

  async byToken(token: string): Promise<Body | undefined> {
    const id = await this.#parts.ephemeral.get(keys.token(token));
    return id === undefined ? undefined : this.#parts.ephemeral.get(keys.body(id));
  }

  async phase(body: Body): Promise<Phase | undefined> {
    return this.#parts.ephemeral.get(keys.phase(body.id));
  }

  async swap(body: Body, was: Phase, next: Phase): Promise<boolean> {
    return this.#parts.ephemeral.swap(keys.phase(body.id), was, next);
  }

  /** pending → passed, with what was proven; of many right answers one wins. */
  async pass(body: Body, was: Phase, facts: Facts): Promise<boolean> {
    return this.swap(body, was, {
      name: 'passed',
      at: this.#parts.clock(),
      facts: sealJson(this.#parts.sealer, facts, factsOf(body)),
    });
  }

  /** What was sealed when it began. */
  contents(body: Body): Contents {
    return openJson(this.#parts.sealer, body.sealed, sealedTo(body.id));
  }

  facts(body: Body, passed: Extract<Phase, { name: 'passed' }>): Facts {
    return openJson(this.#parts.sealer, passed.facts, factsOf(body));
  }

  /** Counts one try; 0 means that the counter was lost, and with it what was spent. */
  async countTry(body: Body): Promise<number> {
    return (await this.#parts.ephemeral.hit(keys.tries(body.id), lifetime(body))) - 1;
  }

  /** How it stands now. Reads only what its factor has. */
  async stand(body: Body, factor: Factor): Promise<Standing> {
    const [written, reached, hits, closed] = await Promise.all([
      this.phase(body),
      body.afterPickUp === undefined ? undefined : this.#parts.ephemeral.get(keys.reached(body.id)),
      factor.guessable ? this.#parts.ephemeral.get(keys.tries(body.id)) : undefined,
      factor.guessable && body.purpose === 'prove' ? this.#parts.throttle.closed(body.userId, body.factor) : undefined,
    ]);
    const contents = this.contents(body);
    const limit = this.#parts.limits.triesPerChallenge;
    const now = standing(body, written, { reached, tries: hits, limit }, this.#parts.clock());
    const disabled = closed?.why === 'disabled' && now.name === 'pending';
    const phase: Phase = disabled ? { name: 'ended', at: this.#parts.clock(), why: 'disabled' } : now;
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
      triesLeft: Math.max(0, limit + 1 - (hits ?? 1)),
      ...(closed?.why === 'wait' && { waitUntil: closed.until }),
    };
    return { body, contents, phase: written ?? phase, view };
  }
}
