/** Adds accounts that have a password and nothing else, and signs them in as far as the first page of setting up a method. */
import { hashOf } from '../../support/hash-of.ts';
import { newcomerAt, type Newcomer } from '../../support/human/newcomer.ts';
import { uidOf, type Answer } from '../../support/browser/plain.ts';
import { enterPassword, type Request } from '../../support/world/relying-party.ts';
import type { RecordingBrowser, ThreatWorld } from './threat-world.ts';
import type { Authenticator } from '../../../src/mfa/factor.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly password: string;
}

/** A new person at the list of methods. */
export interface AtTheList {
  readonly account: Account;
  readonly browser: RecordingBrowser;
  readonly person: Newcomer;
  readonly request: Request;
  readonly page: Answer;
  readonly uid: string;
}

export const addAccount = async ({ services }: ThreatWorld, name: string): Promise<Account> => {
  const password = 'oasis-comet-basil';
  const passwordHash = await hashOf(services, password);
  const added = await services.users.add({ name, displayName: name, passwordHash }, 'system');
  if (!added.ok) throw new Error(`${name} cannot be added: ${added.reason}`);
  return { id: added.user.id, name, password };
};

export const atTheList = async (
  world: ThreatWorld,
  account: Account,
  browser: RecordingBrowser = world.recordingBrowser(),
): Promise<AtTheList> => {
  const { request, page: first } = await world.begin(browser);
  const page = await enterPassword(browser, first, account);
  return { account, browser, person: newcomerAt(browser, world.clock), request, page, uid: uidOf(first) };
};

/** What counts as a method, code set or pass of this account. */
export const boundTo = async ({ services }: ThreatWorld, { id }: Account): Promise<readonly Authenticator[]> => {
  const user = await services.users.get(id);
  return user === undefined ? [] : services.authenticators.of(user);
};
