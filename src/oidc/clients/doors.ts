/**
 * Decides what each door may do. A door is a way by which clients are registered and changed. All share one schema (`check.ts`), and each
 * new client passes `registrationProblem` and each change `changeProblem`, by the same rules: an update cannot set what a registration
 * could not.
 *
 * | door        | who                                                   | may set           | may change clients of   |
 * | ----------- | ----------------------------------------------------- | ----------------- | ----------------------- |
 * | `operator`  | command line                                          | everything        | all doors but `file`    |
 * | `file`      | declarative files                                     | everything        | `file`, `operator`      |
 * | `developer` | portal: people, for clients of their own              | `member-rules.ts` | `developer`, `operator` |
 * | `dynamic`   | clients that register themselves (RFC 7591, RFC 7592) | `member-rules.ts` | `dynamic`               |
 *
 * Developers and clients never make a client weaker than this server's defaults, nor weaker than an operator made it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Member } from './change.ts';
import { clientMembers, memberRule } from './member-rules.ts';
import { sectorChangeProblem, sectorProblem } from './sector.ts';

/** A way by which clients are registered. */
export type Door = 'operator' | 'file' | 'developer' | 'dynamic';

/** Who registers or changes a client. `cli`: the operator's command line. `actor` as in the audit: `user:ID`. */
export type Registrar = 'cli' | { readonly door: Door; readonly actor: string };

/** The door of a registrar. */
export const doorOf = (by: Registrar): Door => (by === 'cli' ? 'operator' : by.door);
/** The name of a registrar in the audit. */
export const actorOf = (by: Registrar): string => (by === 'cli' ? by : by.actor);

/** The door by which a stored client came. One without a mark is the operator's. */
export const cameBy = (client: object): Door => {
  const door: unknown = Reflect.get(client, doorMember);
  return isDoor(door) ? door : 'operator';
};

/** Marks a new client. Operators' clients have no mark, like those of earlier releases. */
export const markOf = (door: Door): object => (door === 'operator' ? {} : { [doorMember]: door });

// Stored members that no door sets.
/** The mark of the door. */
const doorMember = 'registered_by';
/** Name of the policy of a registration token. */
export const registrationPolicyMember = 'registration_policy';
/** Digest of the registration access token (RFC 7592). */
export const accessMember = 'registration_access';
/** Name of the file that declares the client. */
export const fileMember = 'declared_in';
/** That file names the secret of the client too. */
export const secretFileMember = 'secret_in_file';
/** Stored members that a client does not learn of itself. */
export const bookkeeping: readonly string[] = [
  'client_secret',
  'previous_secret',
  doorMember,
  registrationPolicyMember,
  accessMember,
  fileMember,
  secretFileMember,
];

const isDoor = (value: unknown): value is Door => typeof value === 'string' && Object.hasOwn(changes, value);

/** The doors whose clients a door may change. A file may take over a client of the command line: both are the operator's. */
const changes: Readonly<Record<Door, readonly Door[]>> = {
  operator: ['operator', 'developer', 'dynamic'],
  file: ['file', 'operator'],
  developer: ['developer', 'operator'],
  dynamic: ['dynamic'],
};

/** Characters of JSON. The operator's own clients may be larger (`check.ts`). */
const longestClient = 16_384;

/**
 * Why this door may not register this client, as "got …, expected …"; undefined where it may. `given`: members that a policy of the
 * operator gives it. Says only what the door may do: `check.ts` says whether the metadata are right.
 */
export const registrationProblem = (door: Door, client: object, given: object = {}): string | undefined =>
  isOperators(door)
    ? undefined
    : (membersProblem(given, client) ?? givenProblem(given, client) ?? sectorProblem(client));

/** Why this door may not change the stored client `before` to `after`; undefined where it may. `given` as for a registration. */
export const changeProblem = (door: Door, before: object, after: object, given: object = {}): string | undefined =>
  originProblem(door, before) ??
  (isOperators(door)
    ? undefined
    : (membersProblem(withGiven(before, given), after) ??
      givenProblem(given, after) ??
      sectorChangeProblem(withGiven(before, given), after)));

const isOperators = (door: Door): boolean => door === 'operator' || door === 'file';

const membersProblem = (before: object, after: object): string | undefined => {
  const { length } = JSON.stringify(after);
  if (length > longestClient && length > JSON.stringify(before).length)
    return `the client: got ${length} characters of JSON, expected ${longestClient} or less`;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map(name => memberProblem(name, ownValue(after, name), ownValue(before, name)))
    .find(problem => problem !== undefined);
};

/** A client with the members that a policy gives it. It keeps a stricter value that it has already. */
export const withGiven = <T extends object>(client: T, given: object): T => ({
  ...client,
  ...Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]: [string, unknown]) => !isAsStrict(name, ownValue(client, name), value),
    ),
  ),
});

/** The first member that differs from what a policy gives, and is not stricter. */
const givenProblem = (given: object, after: object): string | undefined => {
  const differs = ([name, value]: [string, unknown]): boolean => !isAsStrict(name, ownValue(after, name), value);
  const [different] = Object.entries(given).find(differs) ?? [];
  return different && `${different}: got another value than the policy of this registration gives, expected that one`;
};

const isAsStrict = (name: string, value: unknown, given: unknown): boolean =>
  isDeepStrictEqual(value, given) || (memberRule(name).isOrder === true && memberRule(name).allows(value, given));

/** Members of a stored client that `asked` leaves out, and may remove by that (RFC 7592 §2.2). All others stay as they are. */
export const leftOut = (before: object, asked: object): readonly Member[] =>
  clientMembers.filter(
    (name): name is Member =>
      Object.hasOwn(before, name) &&
      !Object.hasOwn(asked, name) &&
      memberRule(name).allows(undefined, ownValue(before, name)),
  );

/** Why this door may not change a stored client at all; undefined where it may. */
export const originProblem = (door: Door, stored: object): string | undefined => {
  const origin = cameBy(stored);
  if (changes[door].includes(origin)) return undefined;
  return origin === 'file'
    ? 'this client is declared in a file, expected a change of that file and `clients apply`'
    : `got a client of the door ${origin}, expected one that the door ${door} may change`;
};

/**
 * Why this door may not give a stored client a new secret, or end one of two; undefined where it may. The command line may do both for a
 * client of a file, unless the file names the secret: the next start would undo a new one.
 */
export const secretProblem = (
  door: Door,
  stored: object,
  change: 'new' | 'end-old' | 'end-new',
): string | undefined => {
  if (door !== 'operator' || cameBy(stored) !== 'file') return originProblem(door, stored);
  if (change === 'end-old' || ownValue(stored, secretFileMember) !== true) return undefined;
  return 'the secret of this client is in its client_secret_file, expected another one there and `clients apply`';
};

const memberProblem = (name: string, next: unknown, before: unknown): string | undefined => {
  const rule = memberRule(name);
  if (rule.allows(next, before)) return undefined;
  return `${name}: got ${shownValue(next)}, expected ${rule.expected}`;
};

/** The members of `Object.prototype` are none of a client. */
const ownValue = (client: object, name: string): unknown =>
  Object.hasOwn(client, name) ? Reflect.get(client, name) : undefined;

/** A refused value in a message, of bounded length. */
const shownValue = (value: unknown): string => (value === undefined ? 'no value' : JSON.stringify(value).slice(0, 100));
