/**
 * Tests that `acr` and `amr` say what was proven, and nothing more: for each method, with and without a remembered browser, for sessions
 * of each age, and for each kind of request. Prints the whole table. The expected steps follow from the table `requests` below: a
 * remembered browser stands for the second step only where the request asks for nothing, and only there a page offers it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { atLeast } from '../../src/mfa/assurance.ts';
import { textOf } from '../../src/oidc/request.ts';
import { models, SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { hashOf } from '../support/hash-of.ts';
import { givePasskey, usePasskey, withPasskeys } from '../support/world/passkeys.ts';
import { openRelyingParty, pickUp, type RelyingParty } from '../support/world/relying-party.ts';
import { leaveSession } from '../support/world/remember.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

type Step = 'password' | 'second step' | 'passkey alone';
type Age = 'no session' | 'new session' | 'old session';
type Memory = 'never' | 'remembered' | 'over';

/**
 * The methods, and what a sign-in with one says beside the password. `passkey` is synced and checks the person, `key` notices only a
 * touch, and with `alone` the passkey is the whole sign-in.
 */
const methods = {
  none: { acr: 'sfa', amr: [] },
  call: { acr: 'mfa', amr: ['mfa', 'tel'] },
  totp: { acr: 'aal2', amr: ['mfa', 'otp'] },
  passkey: { acr: 'phr', amr: ['mfa', 'swk', 'user'] },
  key: { acr: 'mfa', amr: ['hwk', 'mfa', 'user'] },
  alone: { acr: 'phr', amr: ['mfa', 'swk', 'user'] },
} as const;
type MethodName = keyof typeof methods;

/** A person with one method, or none. */
interface Owner extends Pick<TestPerson, 'name' | 'password'> {
  /** The form that answers the page of the second step. */
  readonly answer: (page: Answer) => Promise<Record<string, string>>;
  /** Signs in on the first page by a passkey alone. */
  readonly begin?: (browser: Browser, page: Answer) => Promise<Answer>;
}

/** The requests: at which client, with which parameters, and what they need of a person with a method. */
const requests = {
  plain: { client: 'plain', wish: {}, password: [], second: 'where the person signs in' },
  'acr_values=aal2': { client: 'plain', wish: { acr_values: 'aal2' }, password: [], second: 'always' },
  'essential acr': {
    client: 'plain',
    wish: { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'mfa' } } }) },
    password: [],
    second: 'always',
  },
  'max_age=60': { client: 'plain', wish: { max_age: '60' }, password: ['old session'], second: 'always' },
  'prompt=login': {
    client: 'plain',
    wish: { prompt: 'login' },
    password: ['new session', 'old session'],
    second: 'always',
  },
  require_mfa: { client: 'strict', wish: {}, password: [], second: 'always' },
  'mfa_max_age=300': { client: 'recent', wish: {}, password: [], second: 'recently' },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly client: 'plain' | 'strict' | 'recent';
      readonly wish: Readonly<Record<string, string>>;
      readonly password: readonly Age[];
      readonly second: 'where the person signs in' | 'always' | 'recently';
    }
  >
>;
type RequestName = keyof typeof requests;

interface Row {
  readonly method: MethodName;
  readonly memory: Memory;
  readonly age: Age;
}
const ages = ['no session', 'new session', 'old session'] as const;
const rows: readonly Row[] = [
  ...ages.map(age => ({ method: 'none', memory: 'never', age }) as const),
  ...ages.flatMap(age => (['never', 'remembered'] as const).map(memory => ({ method: 'totp', memory, age }) as const)),
  { method: 'totp', memory: 'over', age: 'no session' },
  ...(['call', 'passkey', 'key'] as const).flatMap(method =>
    (['never', 'remembered'] as const).map(memory => ({ method, memory, age: 'no session' }) as const),
  ),
  { method: 'alone', memory: 'never', age: 'no session' },
];

/** The steps that a session has proven before the request. */
const provenBefore = ({ method, memory, age }: Row): readonly Step[] => {
  if (age === 'no session') return [];
  return method === 'none' || memory === 'remembered' ? ['password'] : ['password', 'second step'];
};

/** The steps that the request must ask for. */
const expectedSteps = (row: Row, name: RequestName): readonly Step[] => {
  const { password, second } = requests[name];
  const before = provenBefore(row);
  const signsIn = row.age === 'no session' || (password as readonly Age[]).includes(row.age);
  if (row.method === 'alone') return ['passkey alone'];
  const first: readonly Step[] = signsIn ? ['password'] : [];
  if (row.method === 'none') return first;
  if (signsIn)
    return second === 'where the person signs in' && row.memory === 'remembered' ? first : [...first, 'second step'];
  if (!before.includes('second step')) return second === 'where the person signs in' ? [] : ['second step'];
  return second === 'recently' && row.age === 'old session' ? ['second step'] : [];
};

interface Outcome {
  readonly steps: readonly Step[];
  /** Whether the page of the second step had the box "Don't ask again in this browser". */
  readonly offers: boolean;
  /** `acr amr…` of the ID token, or the heading of the page where a method must be set up. */
  readonly said: string;
}

let world: World;
let owners: Readonly<Record<MethodName, Owner>>;
const clients = new Map<string, RelyingParty>();

const noAnswer: Owner['answer'] = async page => {
  throw new Error(`got the page "${heading(page)}", expected no second step`);
};
/** Adds a person with a new passkey in this authenticator. */
const addPasskeyOwner = async (
  name: string,
  authenticator: SoftwareAuthenticator,
  { isAlone = false }: { readonly isAlone?: boolean } = {},
): Promise<Owner> => {
  const { services, issuer } = world;
  const password = 'oasis-comet-basil';
  const passwordHash = await hashOf(services, password);
  const added = await services.users.add({ name, displayName: name, passwordHash }, 'system');
  if (!added.ok) throw new Error(added.reason);
  await givePasskey(world, added, authenticator);
  return {
    name,
    password,
    answer: async ({ text }) => ({
      credential: JSON.stringify(authenticator.get(requestIn(text), issuer.origin)),
    }),
    ...(isAlone && { begin: async (browser, page) => usePasskey(world, browser, page, authenticator) }),
  };
};
/** The options that the page of a passkey gives to its script. */
const requestIn = (text: string): PublicKeyCredentialRequestOptionsJSON =>
  JSON.parse(
    (/data-passkey="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"'),
  ) as PublicKeyCredentialRequestOptionsJSON;

beforeAll(async () => {
  world = await startWorld({ ...withPasskeys, env: { ...withPasskeys.env, SALLYPORT_REMEMBER_BROWSER: '14d' } });
  const { linus, grace, noor } = world.people;
  owners = {
    none: { ...linus, answer: noAnswer },
    call: {
      ...grace,
      async answer() {
        await pickUp(grace, '#');
        return {};
      },
    },
    totp: {
      ...noor,
      async answer() {
        // A code of an app counts once.
        world.clock.advance(30_000);
        return { code: await noor.phone.code() };
      },
    },
    passkey: await addPasskeyOwner('passkey', new SoftwareAuthenticator(models.phone)),
    key: await addPasskeyOwner('key', new SoftwareAuthenticator(models.touchOnly)),
    alone: await addPasskeyOwner('alone', new SoftwareAuthenticator(models.phone), { isAlone: true }),
  };
  const own = { plain: {}, strict: { require_mfa: true }, recent: { mfa_max_age: 300 } } as const;
  for (const [id, metadata] of Object.entries(own)) {
    clients.set(id, await openRelyingParty(world, await world.addClient({ id, ...metadata })));
  }
});
afterAll(() => world.close());

const saidBy = (acr: string, amr: readonly string[]): string => [acr, ...amr.toSorted()].join(' ');

/** Sends the request, takes each step that is asked, and reads the ID token. */
const send = async (
  browser: Browser,
  owner: Owner,
  name: RequestName,
  { remember = false }: { readonly remember?: boolean } = {},
): Promise<Outcome> => {
  const { client, wish } = requests[name];
  const request = await clients.get(client)?.begin(wish);
  if (request === undefined) throw new Error(`no client ${client}`);
  const steps: Step[] = [];
  let offers = false;
  let page = await browser.visit(request.url);
  for (let pages = 0; pages < 6; pages += 1) {
    const next = browser.next(page);
    if (next !== undefined) {
      const claims = (await request.redeem(next)).claims();
      const amr = Array.isArray(claims?.['amr']) ? claims['amr'].map(String) : [];
      return { steps, offers, said: saidBy(textOf(claims?.['acr']) ?? 'no acr', amr) };
    }
    if (/action="[^"]*\/password"/.test(page.text)) {
      const { name: typed, password, begin: beginAlone } = owner;
      steps.push(beginAlone ? 'passkey alone' : 'password');
      page =
        (await beginAlone?.(browser, page)) ??
        (await browser.visit(formTo(page, /\/password$/).action, { form: { name: typed, password } }));
    } else if (/action="[^"]*\/start"/.test(page.text)) {
      page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
    } else if (/action="[^"]*\/factor"/.test(page.text)) {
      steps.push('second step');
      offers = page.text.includes('name="remember"');
      const form = { ...(await owner.answer(page)), ...(remember && { remember: 'yes' }) };
      page = await browser.visit(formTo(page, /\/factor$/).action, { form });
    } else return { steps, offers, said: heading(page) };
  }
  throw new Error(`more pages than a sign-in has, the last one is "${heading(page)}"`);
};

/** A browser that is remembered, or was; none: a new one for each cell. */
const browserOf = async ({ method, memory }: Row): Promise<Browser | undefined> => {
  if (memory === 'never') return undefined;
  const browser = world.browser();
  await send(browser, owners[method], 'plain', { remember: true });
  if (memory === 'over') world.clock.advance(14 * day);
  return browser;
};

/** Gives the browser the session of the row. */
const beginSession = async (browser: Browser, { method, age }: Row): Promise<void> => {
  leaveSession(browser);
  if (age === 'no session') return;
  await send(browser, owners[method], 'plain');
  if (age === 'old session') world.clock.advance(30 * minute);
};

/** A person without a method cannot reach a level that is required, and is led to set one up after the password. */
const isSetUp = ({ method }: Row, name: RequestName): boolean =>
  method === 'none' && (name === 'essential acr' || name === 'require_mfa');

const expectedOutcome = (row: Row, name: RequestName): Outcome => {
  if (isSetUp(row, name)) return { steps: ['password'], offers: false, said: 'More information required' };
  const { acr, amr } = methods[row.method];
  const { second, wish } = requests[name];
  const steps = expectedSteps(row, name);
  const proven = new Set([...provenBefore(row), ...steps]);
  const isStrong = proven.has('second step') || proven.has('passkey alone');
  const password = proven.has('password') ? ['pwd'] : [];
  // The answer repeats the value that was asked for, where that was reached.
  const repeated = name === 'essential acr' ? 'mfa' : 'acr_values' in wish ? wish.acr_values : acr;
  const level = atLeast(acr, repeated) ? repeated : acr;
  return {
    steps,
    offers: steps.length === 2 && second === 'where the person signs in',
    said: isStrong ? saidBy(level, [...amr, ...password]) : saidBy('sfa', password),
  };
};

test('each cell asks for what its rules say, and its token says what was proven', async () => {
  const printed: string[] = [];
  const wrong: object[] = [];
  for (const row of rows) {
    const owner = owners[row.method];
    const remembered = await browserOf(row);
    printed.push(`${row.method}, ${row.memory}, ${row.age}`);
    for (const name of Object.keys(requests) as readonly RequestName[]) {
      const browser = remembered ?? world.browser();
      await beginSession(browser, row);
      const got = await send(browser, owner, name);
      const expected = expectedOutcome(row, name);
      if (!isDeepStrictEqual(got, expected)) wrong.push({ ...row, request: name, got, expected });
      const asked = got.steps.length === 0 ? 'nothing' : got.steps.join(' + ');
      printed.push(`    ${name}: ${asked}${got.offers ? ', box' : ''} → ${got.said}`);
    }
  }
  process.stdout.write(`asked, and said in the ID token:\n${printed.join('\n')}\n`);
  expect(wrong).toEqual([]);
});
