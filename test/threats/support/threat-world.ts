/** Starts a world for threats: with a client, browsers that record their answers, and reads of the store. */
import { expect } from '@jest/globals';
import type { AdapterPayload } from 'oidc-provider';
import type { ChallengeView } from '../../../src/mfa/challenge-state/view.ts';
import { failedAttemptsKind, type AuditRecord } from '../../../src/records.ts';
import { Browser, uidOf, type Answer, type Ask } from '../../support/browser/plain.ts';
import { enterPassword, openRelyingParty, type RelyingParty, type Request } from '../../support/world/relying-party.ts';
import { codeAt } from '../../support/codes.ts';
import { createOidcLookup } from './oidc-lookup.ts';
import { startWorld, type TestPerson, type WorldOptions, type World } from '../../support/world/world.ts';

/** A browser that records every answer. */
export class RecordingBrowser extends Browser {
  readonly answers: Answer[] = [];

  override async go(to: string, how: Ask = {}): Promise<Answer> {
    const answer = await super.go(to, how);
    this.answers.push(answer);
    return answer;
  }

  /** Every address with an authorization code in any answer. */
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
  /** Failed attempts in a row of this person. */
  failedAttempts(person: TestPerson, factor?: string): Promise<number>;
  /** Clears failed attempts, so that the next round starts as the first one. */
  clearFailedAttempts(person: TestPerson, factor?: string): Promise<void>;
  /** The result of a sign-in in the browser and in the store, to compare with `noApproval`. */
  outcome(browser: RecordingBrowser, uid?: string): Promise<SignInOutcome>;
  /** The session of the browser's cookie. */
  session(browser: Browser): Promise<AdapterPayload | undefined>;
  /** The session of a cookie with this value. */
  sessionBy(id: string): Promise<AdapterPayload | undefined>;
  auditedAbout(event: string, person: TestPerson): Promise<readonly AuditRecord[]>;
}

export interface SignInOutcome {
  /** Locations with a code, in all answers to this browser. */
  readonly codes: readonly string[];
  /** Account and methods of the session in this browser, by the store. */
  readonly accountId: string | undefined;
  readonly amr: readonly string[] | undefined;
  /** The result in the interaction, which its resume address would use. */
  readonly result: unknown;
}

/** No approval: no code in any Location, no session, no amr, no result to resume. */
export const noApproval: SignInOutcome = { codes: [], accountId: undefined, amr: undefined, result: undefined };

/** `count` different six-digit codes that this person's app shows neither now, just before nor just after. */
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
  /** Under which name failed attempts of this factor are counted: the app's type, or the id of the person's phone. */
  const guessedAt = async (userId: string, factor: string): Promise<string> => {
    if (factor === 'totp') return factor;
    const user = await services.users.get(userId);
    const phone = user && (await services.authenticators.of(user)).find(({ type }) => type === 'phone');
    return phone?.id ?? '';
  };
  const sessionBy = (id: string) => find('Session', id);
  const session = async ({ jar }: Browser) => {
    const cookie = jar.cookies.find(({ name }) => name === 'sallyport-session');
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
    failedAttempts: async ({ user }, factor = 'totp') =>
      (await rows.get(`${user.id}:${await guessedAt(user.id, factor)}`))?.count ?? 0,
    clearFailedAttempts: async ({ user }, factor = 'totp') =>
      services.failedAttempts.clear({ userId: user.id, name: await guessedAt(user.id, factor) }),
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

/** Expects that the legitimate case signed in: one code, and a session of that person. */
export const expectSignedIn = async (
  world: ThreatWorld,
  browser: RecordingBrowser,
  { user }: TestPerson,
): Promise<void> => {
  const { codes, accountId } = await world.outcome(browser);
  expect({ codes: codes.length, accountId }).toEqual({ codes: 1, accountId: user.id });
};
