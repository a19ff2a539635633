/**
 * Tells a person of their last sign-ins, from the audit: one attempt for all events with one reference, with its end, its second
 * step, and where it came from. Grouping is pure; words are in the catalogues.
 */
import type { AuditTrail } from './audit.ts';
import type { EpochMillis } from './ports/time.ts';
import type { AuditRecord } from './records.ts';

/**
 * How an attempt ended, the worst first. denied: the person said "this wasn't me". wrong-password: the password was never right.
 * stopped: the password was right, and the second step was not finished. unfinished: a passkey was right, and the sign-in was not
 * finished. refused: the client could not be given a sign-in. approval: no sign-in at all, a client or help desk asked in the
 * authenticator. confirmed: a second step of a session that existed. Only the last two let anybody in.
 */
export type AttemptEnd =
  | 'denied'
  | 'wrong-password'
  | 'stopped'
  | 'unfinished'
  | 'refused'
  | 'cancelled'
  | 'approval'
  | 'confirmed'
  | 'signed-in';

/** The second step of an attempt, the last one where there were several; or the passkey that was both steps. */
export interface AttemptStep {
  /** Type of the factor. */
  readonly factor: string;
  /** `passed`, `denied`, or the reason why it ended (`end-reason.ts`). Absent: it was left open. */
  readonly end?: string;
}

/**
 * What an attempt had to do with a remembered browser. used: the browser took the place of the second step. added: it is remembered from
 * then on. copied: its cookie was a copy, and the second step was asked.
 */
export type RememberedUse = 'used' | 'added' | 'copied';

/** One attempt to sign in. */
export interface SignInAttempt {
  /** 8 characters: a person can read it to the help desk. */
  readonly reference: string;
  /** Of its first event. */
  readonly at: EpochMillis;
  readonly end: AttemptEnd;
  /** Id of the client; of an old record perhaps its name. */
  readonly client?: string;
  readonly step?: AttemptStep;
  readonly remembered?: RememberedUse;
  readonly wrongPasswords: number;
  readonly wrongCodes: number;
  /** Attempts that this one stands for, where more than one: wrong passwords in a row from one place. */
  readonly times?: number;
  readonly address?: string;
  /** As `browserText` gave it. */
  readonly browser?: string;
}

/** Attempts on the page. */
export const maxAttempts = 30;
/** Pages of the audit that are read at most, of 100 records each. */
const maxPages = 10;

/** The last attempts for this account, the newest first. */
export const readSignIns = async (
  trail: AuditTrail,
  subject: string,
  most = maxAttempts,
): Promise<readonly SignInAttempt[]> => {
  const records: AuditRecord[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const after = records.at(-1)?.id;
    const found = await trail.find({ subject }, after === undefined ? {} : { after });
    records.push(...found);
    // One more than is shown: the oldest may have begun on the next page.
    if (found.length === 0 || attemptsIn(records).length > most) break;
  }
  return attemptsIn(records).slice(0, most);
};

/** The attempts in these records of one account, which are sorted newest first. */
export const attemptsIn = (records: readonly AuditRecord[]): readonly SignInAttempt[] => {
  const groups = new Map<string, AuditRecord[]>();
  for (const record of records) {
    const { reference } = record;
    if (reference === undefined || isSilent(record)) continue;
    const group = groups.get(reference) ?? [];
    group.unshift(record);
    groups.set(reference, group);
  }
  return [...groups]
    .flatMap(([reference, group]) => attemptOf(reference, group) ?? [])
    .toSorted((a, b) => b.at - a.at)
    .reduce<readonly SignInAttempt[]>(joined, []);
};

/** Joins wrong passwords in a row, so that many of them do not push everything else off the page. */
const joined = (all: readonly SignInAttempt[], next: SignInAttempt): readonly SignInAttempt[] => {
  const last = all.at(-1);
  const isSame =
    last?.end === 'wrong-password' &&
    next.end === 'wrong-password' &&
    last.address === next.address &&
    last.browser === next.browser;
  if (last === undefined || !isSame) return [...all, next];
  const times = (last.times ?? 1) + 1;
  return [...all.slice(0, -1), { ...last, times, wrongPasswords: last.wrongPasswords + next.wrongPasswords }];
};

/** A client that got a code for the session that exists, while nobody did anything. */
const isSilent = ({ event, facts }: AuditRecord): boolean =>
  event === 'sign-in.finished' && facts['reason'] === 'session';

/** `group`: the oldest first. undefined: no attempt, such as a change of a method. */
const attemptOf = (reference: string, group: readonly AuditRecord[]): SignInAttempt | undefined => {
  const count = (event: string): number => group.filter(record => record.event === event).length;
  const has = (event: string): boolean => count(event) > 0;
  const wrongPasswords = count('password.refused');
  const step = stepOf(group);
  const remembered = rememberedUses.find(use => has(`remembered-browser.${use}`));
  const [first] = group;
  const isAttempt = wrongPasswords > 0 || isBegun(has) || step !== undefined || has('approval.asked');
  if (first === undefined || !isAttempt) return undefined;
  const [client, address, browser] = ['client', 'address', 'browser'].map(fact => lastText(group, fact));
  return {
    reference,
    at: first.at,
    end: endOf(has),
    wrongPasswords,
    wrongCodes: group.filter(({ event, outcome }) => event === 'challenge.answered' && outcome === 'failure').length,
    ...(client !== undefined && { client }),
    ...(step !== undefined && { step }),
    ...(remembered !== undefined && { remembered }),
    ...(address !== undefined && { address }),
    ...(browser !== undefined && { browser }),
  };
};

/** The first step was right. */
const isBegun = (has: (event: string) => boolean): boolean => has('password.accepted') || has('passkey.accepted');

/** The first of these that an attempt had is told. */
const rememberedUses: readonly RememberedUse[] = ['copied', 'added', 'used'];

const endOf = (has: (event: string) => boolean): AttemptEnd => {
  if (has('approval.asked')) return 'approval';
  if (has('challenge.denied')) return 'denied';
  if (has('sign-in.finished')) return isBegun(has) ? 'signed-in' : 'confirmed';
  if (has('sign-in.cancelled')) return 'cancelled';
  if (has('sign-in.refused')) return 'refused';
  if (has('passkey.accepted')) return 'unfinished';
  return has('password.refused') && !has('password.accepted') ? 'wrong-password' : 'stopped';
};

/** Events that tell the end of a step. */
const ends: Readonly<Record<string, (record: AuditRecord, group: readonly AuditRecord[]) => string | undefined>> = {
  'passkey.accepted': () => 'passed',
  'challenge.begun': () => undefined,
  'challenge.sent': () => undefined,
  // It is recorded as passed with the sign-in that began it, and this one can finish only by it.
  'challenge.shared': (_, group) => (group.some(({ event }) => event === 'sign-in.finished') ? 'passed' : undefined),
  'challenge.passed': () => 'passed',
  'challenge.denied': () => 'denied',
  'challenge.ended': ({ facts }) => textIn(facts['reason']),
};

const stepOf = (group: readonly AuditRecord[]): AttemptStep | undefined => {
  const last = group.findLast(
    ({ event, facts }) => Object.hasOwn(ends, event) && textIn(facts['factor']) !== undefined,
  );
  const factor = textIn(last?.facts['factor']);
  if (last === undefined || factor === undefined) return undefined;
  const end = ends[last.event]?.(last, group);
  return { factor, ...(end !== undefined && { end }) };
};

/** A challenge names the client for people, every other event by its id: the id is wanted, so the name comes last. */
const lastText = (group: readonly AuditRecord[], fact: string): string | undefined => {
  const [named, others] = [group.filter(isOfChallenge), group.filter(record => !isOfChallenge(record))];
  return textIn([...named, ...others].findLast(({ facts }) => facts[fact] !== undefined)?.facts[fact]);
};
const isOfChallenge = ({ event }: AuditRecord): boolean => event.startsWith('challenge.');

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
