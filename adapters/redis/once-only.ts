/**
 * Carries out steps that must count once: a code is used, a challenge ends, a mark against replay is set. A replica that is promoted
 * without such a step would allow it again. So a step is acknowledged only after a replica has it (WAIT). If that takes too long it
 * fails as 'unavailable': it may have been carried out, but no caller was told that it succeeded.
 *
 *     caller ─ step ─┐
 *     caller ─ step ─┼→ one group: step, step, WAIT  ─→  the answers, together
 *     caller ─ step ─┘   (later steps wait in the next group)
 *
 * WAIT covers what its own connection wrote, and blocks it. So steps and WAIT share a connection that others do not use.
 * https://redis.io/docs/latest/commands/wait/
 */
import type { Redis } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';
import { answered, type Call } from './calls.ts';
import { messageOf, type Commands, type Connection, type Warn } from './connection.ts';

/** Commands that may be such a step. */
type Steps = Pick<Commands, 'getdel' | 'compareAndSwap' | 'setIfAbsent' | 'asking'>;

/**
 * Sends one step for `key`, and waits for replicas where its answer says by `happened` that it was carried out.
 * @throws Problem 'unavailable' where it is unknown whether it counts.
 */
export type Once = <T>(key: string, step: (on: Steps) => Promise<T>, happened: (answer: T) => boolean) => Promise<T>;

/** How long replicas may take. */
const waitTime: Millis = 500;
/** Time for the answer of WAIT to arrive, beyond the time of WAIT itself. */
const waitSlack: Millis = 100;
/** How long the number of replicas is cached. A refused step reads it again. */
const replicasKnown: Millis = 2000;

/** The key is on another node of the cluster: `MOVED 1 host:port` or `ASK 1 host:port`. The step was certainly not carried out. */
class Moved {
  readonly to: string;
  constructor(to: string) {
    this.to = to;
  }
}

/** Most redirections of one step. A slot rarely moves twice in that time. */
const maxMoves = 3;

export const createOnce = (deps: {
  readonly connection: Pick<Connection, 'commands' | 'stepsFor'>;
  readonly call: Call;
  readonly clock: Clock;
  readonly warn: Warn;
  /** Replicas that must have each step. Absent: one, where the master has any. */
  readonly replicas?: number;
}): Once => {
  const { connection, call, replicas } = deps;
  const connections = new WeakMap<Redis, StepConnection>();
  const connectionTo = (key: string, moved?: string): StepConnection => {
    const redis = connection.stepsFor(key, moved);
    const steps = connections.get(redis) ?? createStepConnection(redis, deps);
    connections.set(redis, steps);
    return steps;
  };

  return async (key, step, happened) => {
    let steps = connectionTo(key);
    let next = step;
    for (let moves = 0; moves <= maxMoves; moves += 1) {
      const needed = replicas ?? Math.min(1, await steps.replicas());
      // The ordinary connection follows moved keys by itself.
      if (needed === 0) return call(() => step(connection.commands));
      const answer = await steps.add(next, happened, needed);
      if (!(answer instanceof Moved)) return answer;
      steps = connectionTo(key, answer.to);
      next = answer.to.startsWith('ASK ') ? asking(step) : step;
    }
    throw new Problem('unavailable', `Redis moved a key ${maxMoves} times during one step`);
  };
};

/** ASKING, sent before a step to the node that a slot is moving to. Otherwise that node would redirect the step back. */
const asking =
  <T>(step: (on: Steps) => Promise<T>) =>
  (on: Steps): Promise<T> => {
    on.asking().catch(() => {});
    return step(on);
  };

/** Sends a step to a node. */
const carryOut = async <T>(step: (on: Steps) => Promise<T>, redis: Redis): Promise<T | Moved> => {
  try {
    return await step(redis as unknown as Steps);
  } catch (error) {
    if (/^(?:MOVED|ASK) /.test(messageOf(error))) return new Moved(messageOf(error));
    throw error;
  }
};

/** The connection for steps to one master, with the groups on it. */
interface StepConnection {
  /** Replicas that the master has. @throws Problem 'unavailable' */
  replicas(): Promise<number>;
  add<T>(step: (on: Steps) => Promise<T>, happened: (answer: T) => boolean, needed: number): Promise<T | Moved>;
}

interface Step {
  readonly needed: number;
  send(): Promise<void>;
  /** Settles the step after WAIT. `shortage` says which replicas are missing. */
  settle(shortage: string | undefined): void;
}

const createStepConnection = (
  redis: Redis,
  deps: Pick<Parameters<typeof createOnce>[0], 'call' | 'clock' | 'warn'>,
): StepConnection => {
  const { call, clock, warn } = deps;
  let known: { readonly at: EpochMillis; readonly count: Promise<number> } | undefined;
  let lastCount = 0;
  let gathered: Step[] = [];
  let isBusy = false;
  redis.on('close', () => {
    known = undefined;
  });

  const countReplicas = async (): Promise<number> => {
    const info = await call(() => redis.info('replication'));
    // A replica that has just joined is included, although it acknowledges its first write up to a second later.
    const count = (info.match(/^slave\d+:.*state=online/gm) ?? []).length;
    if (count === 0 && lastCount > 0) warn('redis.replicas-lost', { reason: 'the master has no replica any more' });
    lastCount = count;
    return count;
  };

  /** Why too few replicas have the steps sent so far; undefined if enough have them. */
  const shortageOf = async (needed: number): Promise<string | undefined> => {
    try {
      const have = await answered(redis.wait(needed, waitTime), waitTime + waitSlack);
      return have >= needed ? undefined : `${have} of ${needed} replicas had a step within ${waitTime} ms`;
    } catch (error) {
      return messageOf(error);
    }
  };

  const runGroups = async (): Promise<void> => {
    isBusy = true;
    // One round of microtasks: steps of the same moment share a group.
    await Promise.resolve();
    while (gathered.length > 0) {
      const group = gathered;
      gathered = [];
      const sent = group.map(step => step.send());
      const shortage = await shortageOf(Math.max(...group.map(({ needed }) => needed)));
      await Promise.all(sent);
      // The steps of the next group were not sent. They fail too, instead of waiting as long for the same replicas.
      const refused = shortage === undefined ? [] : gathered.splice(0);
      for (const step of [...group, ...refused]) step.settle(shortage);
      if (shortage !== undefined) known = undefined;
    }
    isBusy = false;
  };

  return {
    replicas() {
      if (known !== undefined && Math.abs(clock() - known.at) < replicasKnown) return known.count;
      const count = countReplicas();
      known = { at: clock(), count };
      count.catch(() => {
        known = undefined;
      });
      return count;
    },
    add(step, happened, needed) {
      return new Promise((resolve, reject) => {
        let finish: (() => void) | undefined;
        gathered.push({
          needed,
          async send() {
            try {
              const answer = await call(() => carryOut(step, redis));
              if (answer instanceof Moved || !happened(answer)) return resolve(answer);
              finish = () => resolve(answer);
            } catch (error) {
              reject(error);
            }
          },
          settle(shortage) {
            if (shortage === undefined) finish?.();
            else reject(new Problem('unavailable', `Redis did not replicate: ${shortage}`));
          },
        });
        if (!isBusy) void runGroups();
      });
    },
  };
};
