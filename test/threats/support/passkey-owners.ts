/** Adds people with passkeys, and signs them in up to the page that asks for one, to answer it rightly or wrongly. */
import { expect } from '@jest/globals';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { AnswerResult } from '../../../src/mfa/challenge/result.ts';
import type { Prompt } from '../../../src/mfa/factor.ts';
import { authenticatorKind, failedAttemptsKind } from '../../../src/records.ts';
import { models, SoftwareAuthenticator, type Model } from '../../support/authenticator/authenticator.ts';
import { uidOf, type Answer } from '../../support/browser/plain.ts';
import { enterPassword } from '../../support/world/relying-party.ts';
import type { WorldOptions } from '../../support/world/world.ts';
import { addAccount, type Account } from './newcomers.ts';
import { noApproval, startThreatWorld, type RecordingBrowser, type ThreatWorld } from './threat-world.ts';

/** A person whose only method is the passkey in this authenticator. */
export interface PasskeyOwner extends Account {
  readonly authenticator: SoftwareAuthenticator;
}

/** A world whose issuer has a host name: an IP address is no RP ID. */
export const startPasskeyWorld = async ({ env, ...wish }: WorldOptions = {}): Promise<ThreatWorld> =>
  startThreatWorld({ hostname: 'localhost', env: { SALLYPORT_FACTORS: 'totp,call,passkey', ...env }, ...wish });

const optionsIn = (prompt: Prompt | undefined): unknown => {
  if (prompt?.kind !== 'passkey' && prompt?.kind !== 'new-passkey')
    throw new Error(`expected a prompt for a passkey, got ${prompt?.kind ?? 'none'}`);
  return prompt.options;
};

export interface BegunRegistration {
  readonly options: PublicKeyCredentialCreationOptionsJSON;
  /** Answers, and binds where the answer is right. */
  readonly post: (credential: RegistrationResponseJSON) => Promise<AnswerResult>;
}

let begun = 0;
/** Begins the ceremony that binds a passkey, without pages. */
export const beginRegistration = async (world: ThreatWorld, { id, name }: Account): Promise<BegunRegistration> => {
  const { challenges, enrollments } = world.services;
  begun += 1;
  const binding = `registration:${begun}`;
  const { view } = await enrollments.begin({ userId: id, factor: 'passkey' }, binding, {
    reference: '7K3MQ2XA',
    client: 'Contoso Office',
    language: 'en',
    origin: world.issuer.origin,
    address: '127.0.0.1',
    person: { id, name },
  });
  return {
    options: optionsIn(view.prompt) as PublicKeyCredentialCreationOptionsJSON,
    async post(credential) {
      const result = await challenges.answer(binding, JSON.stringify(credential));
      if (result.ok) await enrollments.finish(binding, `user:${id}`);
      return result;
    },
  };
};

export const addOwner = async (
  world: ThreatWorld,
  name: string,
  model: Model = models.phone,
): Promise<PasskeyOwner> => {
  const owner = { ...(await addAccount(world, name)), authenticator: new SoftwareAuthenticator(model) };
  const { options, post } = await beginRegistration(world, owner);
  expect(await post(owner.authenticator.create(options, world.issuer.origin))).toMatchObject({ ok: true });
  return owner;
};

/** A sign-in at the page that asks for a passkey. */
export interface AskedForPasskey {
  readonly browser: RecordingBrowser;
  readonly uid: string;
  readonly options: PublicKeyCredentialRequestOptionsJSON;
  /** Posts this credential, or this text in its place. */
  readonly post: (credential: unknown, node?: number) => Promise<Answer>;
}

export const askForPasskey = async (
  world: ThreatWorld,
  account: Account,
  wish: Readonly<Record<string, string>> = {},
): Promise<AskedForPasskey> => {
  const browser = world.recordingBrowser();
  const { page } = await world.begin(browser, wish);
  await enterPassword(browser, page, account);
  const uid = uidOf(page);
  const view = await world.challenge(uid);
  return {
    browser,
    uid,
    options: optionsIn(view?.prompt) as PublicKeyCredentialRequestOptionsJSON,
    post: async (credential, node = 0) =>
      browser.visit(`/interaction/${uid}/factor`, {
        form: { credential: typeof credential === 'string' ? credential : JSON.stringify(credential) },
        node,
      }),
  };
};

/** What the page of an enrollment asks of the browser. */
export const creationOptionsOf = async ({ services }: ThreatWorld, uid: string) =>
  optionsIn((await services.challenges.current(`enrollment:${uid}`))?.prompt) as PublicKeyCredentialCreationOptionsJSON;

/** The account, its passkeys and its failed attempts, as the store has them. */
export const storedOf = async ({ store, services }: ThreatWorld, { id }: Account) => {
  const { durable } = store;
  const [user, authenticators, attempts] = await Promise.all([
    services.users.get(id),
    durable.collection(authenticatorKind).find({ userId: id }),
    durable.collection(failedAttemptsKind).get(`${id}:passkey`),
  ]);
  return { user, authenticators, attempts };
};

/** What the factor stored of a person's passkeys, opened. */
export const passkeysOf = async ({ services }: ThreatWorld, { id }: Account) => {
  const user = await services.users.get(id);
  return user === undefined ? [] : services.authenticators.of(user);
};

/** Makes the answer to a challenge: a credential, or text that is none. */
export type Answering = (options: PublicKeyCredentialRequestOptionsJSON) => unknown;

/** Fewer than a challenge takes, so that the right answer can follow. */
const wrongAtOnce = 4;

/**
 * Expects that each of these answers is refused, approves nothing and changes nothing in the store, and that the right answer to
 * the same challenge then signs in.
 */
export const expectRefused = async (
  world: ThreatWorld,
  owner: PasskeyOwner,
  wrong: Readonly<Record<string, Answering>>,
): Promise<void> => {
  const all = Object.entries(wrong);
  for (let from = 0; from < all.length; from += wrongAtOnce) {
    const asked = await askForPasskey(world, owner);
    const { browser, uid, options } = asked;
    const before = await storedOf(world, owner);
    for (const [what, answer] of all.slice(from, from + wrongAtOnce)) {
      const { status } = await asked.post(answer(options));
      const after = { status, outcome: await world.outcome(browser, uid), stored: await storedOf(world, owner) };
      expect([what, after]).toEqual([what, { status: 422, outcome: noApproval, stored: before }]);
    }
    await asked.post(owner.authenticator.get(options, world.issuer.origin));
    expect(await world.outcome(browser)).toMatchObject({ codes: [expect.any(String)], accountId: owner.id });
  }
};

/** What became of the answers of a person at sign-ins, by the audit: the wrong ones first. A registration states no level. */
export const auditedAnswers = async (world: ThreatWorld, { id }: Account): Promise<readonly string[]> => {
  const [wrong, passed] = [await world.audited('challenge.answered'), await world.audited('challenge.passed')];
  return [
    ...wrong.filter(({ subject }) => subject === id).map(({ facts }) => String(facts?.['reason'])),
    ...passed.filter(({ subject, facts }) => subject === id && facts?.['acr'] !== undefined).map(() => 'passed'),
  ];
};

/** A sign-in at its first page, where any passkey of this site may answer. */
export interface OfferedToAnybody {
  readonly browser: RecordingBrowser;
  readonly uid: string;
  readonly options: PublicKeyCredentialRequestOptionsJSON;
  readonly ticket: string;
  /** Posts this credential. `change`: replaces fields of the form. */
  readonly post: (credential: unknown, change?: Readonly<Record<string, string>>, node?: number) => Promise<Answer>;
}

export const offerToAnybody = async (
  world: ThreatWorld,
  browser: RecordingBrowser = world.recordingBrowser(),
): Promise<OfferedToAnybody> => {
  const { uid } = await world.begin(browser);
  const here = `/interaction/${uid}/passkey`;
  const { text } = await browser.go(here, { headers: { accept: 'application/json' } });
  const { options, ticket } = JSON.parse(text) as Pick<OfferedToAnybody, 'options' | 'ticket'>;
  return {
    browser,
    uid,
    options,
    ticket,
    post: async (credential, change = {}, node = 0) =>
      browser.visit(here, { form: { ticket, credential: JSON.stringify(credential), ...change }, node }),
  };
};
