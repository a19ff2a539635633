/**
 * Checks what must hold after each fault: I1 no secret accepted twice, I2 no counter lowered except by a success, I3 no approval
 * without both factors, I4 no half-enrolled account, I5 each acknowledged write is stored, I6 no process ended or failed unasked.
 */
import type { CommandServices } from '../../../../cli/services.ts';
import { failedAttemptsKind } from '../../../../src/records.ts';
import type { History } from './history.ts';
import type { SiteNode } from './nodes.ts';
import type { SitePerson } from './people.ts';
import type { SignIn } from './visitor.ts';

export interface Observed {
  readonly services: CommandServices;
  readonly history: History;
  readonly people: readonly SitePerson[];
  readonly nodes: readonly SiteNode[];
  readonly signIns: readonly SignIn[];
  readonly lowered: readonly string[];
}

const acceptedTwice = ({ history }: Observed): readonly string[] => {
  const accepted = new Map<string, number>();
  for (const { operation, secret, result } of history.entries) {
    if (secret === undefined || result !== 'ok') continue;
    accepted.set(`${operation} ${secret}`, (accepted.get(`${operation} ${secret}`) ?? 0) + 1);
  }
  return [...accepted].filter(([, times]) => times > 1).map(([what, times]) => `I1: ${times} times accepted: ${what}`);
};

const approvedByOne = ({ signIns }: Observed): readonly string[] =>
  signIns.flatMap(({ claims }) => {
    if (claims === undefined) return [];
    const amr = Array.isArray(claims['amr']) ? claims['amr'] : [];
    const hasBoth =
      amr.includes('pwd') && amr.some(each => each === 'otp' || each === 'tel') && claims['acr'] !== 'sfa';
    return hasBoth ? [] : [`I3: ${claims.sub ?? ''} signed in by ${JSON.stringify(amr)}`];
  });

// One after the other: hundreds of reads at once would wait for a connection for longer than the store allows.
const halfEnrolled = async ({ services, people }: Observed): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (const { id, name } of people) {
    const user = await services.users.get(id);
    if (user === undefined) {
      faults.push(`I4: ${name} is gone`);
      continue;
    }
    const held = await services.authenticators.of(user);
    if (held.length > 0 && held.length === user.authenticators.length) continue;
    faults.push(`I4: ${name} lists ${user.authenticators.length} methods, and has ${held.length}`);
  }
  return faults;
};

const lostWrites = async ({ history }: Observed): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (const { what, isStored } of history.acknowledged)
    if (!(await isStored())) faults.push(`I5: not stored: ${what}`);
  return faults;
};

const failedUnasked = ({ nodes }: Observed): readonly string[] =>
  nodes.flatMap(node =>
    node.lives.flatMap(({ ending, wasAsked, program: { said } }) => {
      const faults: string[] = [];
      if (ending !== undefined && !wasAsked) faults.push(`I6: ${node.name} ended by itself with ${ending.code}`);
      if (wasAsked && ending !== undefined && ending.code !== 0 && ending.code !== null)
        faults.push(`I6: ${node.name} was stopped, and ended with ${ending.code}`);
      const line = /^.*(?:unhandled|uncaught).*$/im.exec(said.out + said.err)?.[0];
      if (line !== undefined) faults.push(`I6: ${node.name} printed ${line}`);
      return faults;
    }),
  );

/** Each violated invariant, as a sentence. */
export const violationsOf = async (observed: Observed): Promise<readonly string[]> => [
  ...acceptedTwice(observed),
  ...observed.lowered.map(each => `I2: ${each}`),
  ...approvedByOne(observed),
  ...(await halfEnrolled(observed)),
  ...(await lostWrites(observed)),
  ...failedUnasked(observed),
];

/** A counter that went down between two readings. */
interface Fall {
  readonly what: string;
  readonly person: string;
  /** When the earlier reading began, and the later one ended, in milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

/** Reads the durable counters twice a second. `stop` gives those that went down without a success of their person. */
export const watchCounters = (services: CommandServices, history: History): { stop(): Promise<readonly string[]> } => {
  const records = services.resources.durable.collection(failedAttemptsKind);
  const falls: Fall[] = [];
  let before = new Map<string, number>();
  let readAt = Date.now();
  const hasSucceeded = ({ person, since, until }: Fall): boolean =>
    history.entries.some(
      each => each.person === person && each.result !== 'refused' && each.ended >= since && each.began <= until,
    );
  /** With what its person did, so that a violation can be understood. */
  const described = ({ what, person, since, until }: Fall): string => {
    const done = history.entries
      .filter(each => each.person === person)
      .map(({ operation, result, detail, began, ended }) => `${operation} ${result} ${detail} ${began} to ${ended}`);
    return `${what} between ${since} and ${until}; ${done.join(', ')}`;
  };
  const read = async (): Promise<void> => {
    const began = Date.now();
    const now = new Map((await records.find({}, { limit: 10_000 })).map(({ id, count }) => [id, count]));
    const until = Date.now();
    for (const [id, count] of before) {
      const after = now.get(id) ?? 0;
      const person = id.slice(0, id.indexOf(':'));
      if (after < count) falls.push({ what: `${id} went from ${count} to ${after}`, person, since: readAt, until });
    }
    before = now;
    readAt = began;
  };
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    // A store that is down is the fault under test; the next reading compares with the last that succeeded.
    read().then(
      () => (isRunning = false),
      () => (isRunning = false),
    );
  }, 500);
  return {
    async stop() {
      clearInterval(timer);
      await read().catch(() => undefined);
      // Only now: the answer that tells of a success may come seconds after the counter went down.
      return falls.filter(fall => !hasSucceeded(fall)).map(described);
    },
  };
};
