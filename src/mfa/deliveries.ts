/** What a challenge sends: once, within the budgets, hung up when it is over, and whatever the carrier tells of it. */
import type { Audit } from '../audit.ts';
import { isProblem, Problem } from '../errors.ts';
import type { Channel, Clock, Ephemeral, Message, Progress } from '../ports.ts';
import { keys, lifetime, standing, type Body, type Ended, type Moment, type Reached } from './challenge-record.ts';
import type { Limits, Throttle } from './throttle.ts';

const order = { dialled: 0, ringing: 1, answered: 2, sent: 0, delivered: 1, undelivered: 2 } as const satisfies Record<
  Reached['step'],
  number
>;

/** What the end of a call means while its challenge is still pending: nobody approved anything. */
const meanings = {
  completed: 'hung-up',
  busy: 'busy',
  'no-answer': 'no-answer',
  failed: 'unreachable',
  canceled: 'no-answer',
} as const satisfies Record<Extract<Progress, { step: 'ended' }>['why'], Ended>;

/** Writers of one progress note: carriers send four events a call, each perhaps twice. */
const turns = 16;

interface Parts {
  readonly ephemeral: Ephemeral;
  readonly channels: readonly Channel[];
  readonly throttle: Throttle;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly limits: Limits;
}

export class Deliveries {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Carries the one message of a challenge. Gives why it could not; undefined: the carrier accepted it. */
  async send(body: Body, message: Message, moment: Moment): Promise<Ended | undefined> {
    const channel = this.#parts.channels.find(each => each.via === message.via);
    if (channel === undefined) throw new Problem('internal', `no channel carries '${message.via}'`);
    if (!(await this.#reserve(body))) return 'elsewhere';
    if (!(await this.#parts.throttle.spend(body.userId, message.to))) {
      await this.release(body);
      return 'budget';
    }
    try {
      const { reference } = await channel.send(message, AbortSignal.timeout(this.#parts.limits.send));
      await this.#sent(body, channel, reference);
    } catch (error) {
      if (!isProblem(error, 'undeliverable')) throw error;
      await this.release(body);
      return 'undeliverable';
    }
    await this.#parts.audit({
      event: 'challenge.sent',
      actor: 'system',
      subject: body.userId,
      outcome: 'info',
      reference: moment.reference,
      factor: body.factor,
    });
    return undefined;
  }

  /** True when `reference` is the one this challenge was first sent as or first heard from. */
  async binds(body: Body, reference: string): Promise<boolean> {
    if (await this.#parts.ephemeral.add(keys.reference(body.id), reference, lifetime(body))) return true;
    return (await this.#parts.ephemeral.get(keys.reference(body.id))) === reference;
  }

  /** Notes how far the carrier got; news that is older than what is known changes nothing. True: it was news. */
  async note(body: Body, step: Reached['step']): Promise<boolean> {
    const next: Reached = { step, at: this.#parts.clock() };
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#parts.ephemeral.get(keys.reached(body.id));
      if (was !== undefined && order[was.step] >= order[step]) return false;
      const written =
        was === undefined
          ? await this.#parts.ephemeral.add(keys.reached(body.id), next, lifetime(body))
          : await this.#parts.ephemeral.swap(keys.reached(body.id), was, next);
      if (written) return true;
    }
    return false;
  }

  /** Why a challenge that is still pending ends when its call does. */
  meaning(why: Extract<Progress, { step: 'ended' }>['why']): Ended {
    return meanings[why];
  }

  /** Ends what is on its way, where it can be ended. A carrier that does not answer now ends the call by its own time limit. */
  async hangUp(body: Body): Promise<void> {
    const reference = await this.#parts.ephemeral.get(keys.reference(body.id));
    if (reference === undefined) return;
    for (const channel of this.#parts.channels) {
      try {
        await channel.cancel?.(reference, AbortSignal.timeout(this.#parts.limits.send));
      } catch (error) {
        if (!isProblem(error)) throw error;
      }
    }
  }

  /** Lets the account be called again. */
  async release(body: Body): Promise<void> {
    await this.#parts.ephemeral.swap(keys.ringing(body.userId), body.id, undefined);
  }

  /** Its owner answered: the send costs nothing. */
  async settle(body: Body, to: string | undefined): Promise<void> {
    if (to === undefined) return;
    await this.release(body);
    await this.#parts.throttle.giveBack(body.userId, to);
  }

  /** One phone call at a time for an account, whichever browsers ask for it. */
  async #reserve(body: Body): Promise<boolean> {
    if (await this.#parts.ephemeral.add(keys.ringing(body.userId), body.id, lifetime(body))) return true;
    const holder = await this.#parts.ephemeral.get(keys.ringing(body.userId));
    if (holder === undefined) return this.#parts.ephemeral.add(keys.ringing(body.userId), body.id, lifetime(body));
    if (await this.#rings(holder)) return false;
    return this.#parts.ephemeral.swap(keys.ringing(body.userId), holder, body.id, lifetime(body));
  }

  async #rings(id: string): Promise<boolean> {
    const body = await this.#parts.ephemeral.get(keys.body(id));
    if (body === undefined) return false;
    const [phase, reached] = await Promise.all([
      this.#parts.ephemeral.get(keys.phase(id)),
      this.#parts.ephemeral.get(keys.reached(id)),
    ]);
    const now = standing(body, phase, { reached, limit: this.#parts.limits.triesPerChallenge }, this.#parts.clock());
    return now.name === 'pending';
  }

  /** A callback may come before the carrier's reply, and a person may switch methods while it is slow. */
  async #sent(body: Body, channel: Channel, reference: string): Promise<void> {
    const bound = await this.binds(body, reference);
    const phase = await this.#parts.ephemeral.get(keys.phase(body.id));
    if (!bound || phase === undefined || phase.name === 'ended') {
      await channel.cancel?.(reference, AbortSignal.timeout(this.#parts.limits.send));
      return;
    }
    await this.note(body, 'dialled');
  }
}
