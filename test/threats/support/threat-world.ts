/** A stage for threats: a world, a client, browsers that remember what they were answered, and what the store knows of them. */
import { expect } from '@jest/globals';
import type { AdapterPayload } from 'oidc-provider';
import type { ChallengeView } from '../../../src/mfa/challenge/record.ts';
import { failedAttemptsKind, type AuditRecord } from '../../../src/records.ts';
import { Browser, uidOf, type Answer, type Ask } from '../../support/browser/plain.ts';
import { enterPassword, openRelyingParty, type RelyingParty, type Request } from '../../support/world/relying-party.ts';
import { codeAt } from '../../support/codes.ts';
import { createOidcLookup } from './oidc-lookup.ts';
import { startWorld, type TestPerson, type WorldOptions, type World } from '../../support/world/world.ts';

/** A browser that forgets nothing. */
export class RecordingBrowser extends Browser {
  readonly answers: Answer[] = [];

  override async go(to: string, how: Ask = {}): Promise<Answer> {
    const answer = await super.go(to, how);
    this.answers.push(answer);
    return answer;
  }

  /** Every address with an authorization code that any answer led to. */
  get codes(): readonly string[] {
    return this.answers.flatMap(answer => this.next(answer)?.href ?? []).filter(to => /[?&]code=/.test(to));
  }
}

/** One sign-in under way. */
export interface StartedSignIn {
  readonly request: Request;
  readonly uid: string;
  readonly page: Answer;
}

export interface ThreatWorld extends World {
  readonly rp: RelyingParty;
  recordingBrowser(): RecordingBrowser;
  /** From the client to the password page. */
  begin(browser: RecordingBrowser, wish?: Readonly<Record<string, string>>): Promise<StartedSignIn>;
  /** On to the page after the password. */
  beginAs(
    browser: RecordingBrowser,
    person: TestPerson,
    wish?: Readonly<Record<string, string>>,
  ): Promise<StartedSignIn>;
  /** The challenge of a sign-in, as the store has it. */
  challenge(uid: string): Promise<ChallengeView | undefined>;
  /** Wrong answers in a row of this person. */
  failedAttempts(person: TestPerson, factor?: string): Promise<number>;
  /** Ends the row, so that the next round starts as the first did. */
  clearFailedAttempts(person: TestPerson, factor?: string): Promise<void>;
  /** What became of it, in the browser, the store and the audit: the oracle of every row. */
  outcome(browser: RecordingBrowser, uid?: string): Promise<SignInOutcome>;
  /** The session that the browser's cookie leads to. */
  session(browser: Browser): Promise<AdapterPayload | undefined>;
  /** The same by the cookie's value. */
  sessionBy(id: string): Promise<AdapterPayload | undefined>;
  auditedAbout(event: string, person: TestPerson): Promise<readonly AuditRecord[]>;
}

export interface SignInOutcome {
  /** Locations with a code, in all answers to this browser. */
  readonly codes: readonly string[];
  /** Who is signed in in this browser, and how, by the store. */
  readonly accountId: string | undefined;
  readonly amr: readonly string[] | undefined;
  /** What is written into the interaction: what its resume address would act on. */
  readonly result: unknown;
}

/** No approval: nothing in any Location, no session of anybody, no amr, nothing to resume. */
export const noApproval: SignInOutcome = { codes: [], accountId: undefined, amr: undefined, result: undefined };

/** So many different six-digit codes, none of which this person's app shows now, just before or just after. */
export const wrongCodes = (person: TestPerson, now: number, count: number): readonly string[] => {
  const near = [-30_000, 0, 30_000].map(by => codeAt(person, now + by));
  return Array.from({ length: count + near.length }, (_, at) => String(100_000 + at * 7))
    .filter(code => !near.includes(code))
    .slice(0, count);
};

export const startThreatWorld = async (wish: WorldOptions = {}): Promise<ThreatWorld> => {
  const world = await startWorld(wish);
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const { store, services, clock, place } = world;
  const find = createOidcLookup(store, services.sealer, clock);
  const rows = store.durable.collection(failedAttemptsKind);
  const sessionBy = (id: string) => find('Session', id);
  const session = async ({ jar }: Browser) => {
    const cookie = jar.cookies.find(({ name }) => name === 'session');
    return cookie && sessionBy(cookie.value);
  };
  const begin: ThreatWorld['begin'] = async (browser, asked) => {
    const request = await rp.begin(asked);
    const page = await browser.visit(request.url);
    return { request, page, uid: uidOf(page) };
  };

  return {
    ...world,
    rp,
    recordingBrowser: () => new RecordingBrowser(place),
    begin,
    async beginAs(browser, person, asked) {
      const started = await begin(browser, asked);
      return { ...started, page: await enterPassword(browser, started.page, person) };
    },
    challenge: uid => services.challenges.current(`sign-in:${uid}`),
    failedAttempts: async ({ user }, factor = 'totp') => (await rows.get(`${user.id}:${factor}`))?.count ?? 0,
    clearFailedAttempts: async ({ user }, factor = 'totp') => services.failedAttempts.clear(user.id, factor),
    session,
    sessionBy,
    async outcome(browser, uid) {
      const [held, interaction] = await Promise.all([session(browser), uid && find('Interaction', uid)]);
      return {
        codes: browser.codes,
        accountId: held?.accountId,
        amr: held?.amr,
        result: interaction ? interaction.result : undefined,
      };
    },
    auditedAbout: async (event, { user }) => (await world.audited(event)).filter(({ subject }) => subject === user.id),
  };
};

/** The legitimate twin signed in: a code, a session of theirs. */
export const expectSignedIn = async (
  world: ThreatWorld,
  browser: RecordingBrowser,
  { user }: TestPerson,
): Promise<void> => {
  const { codes, accountId } = await world.outcome(browser);
  expect({ codes: codes.length, accountId }).toEqual({ codes: 1, accountId: user.id });
};
