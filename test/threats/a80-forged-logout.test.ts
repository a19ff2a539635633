/**
 * A80. A site signs people out who only visit it, or ends the session of another client, by a forged or borrowed hint: an ID token
 * of another client, of another issuer, without a signature, with the public key as a shared secret, cut, or another kind of token
 * of ours (OpenID Connect RP-Initiated Logout 1.0, ASVS 10.6.2, CVE-2026-18569). A hint proves nothing but where to return to: a page asks, and
 * only its own form signs out. What clients are told in turn is a signed token of a type of its own, which is no hint either.
 * Guards: `src/oidc/sign-out/sign-out.ts#keepSecret`, `src/oidc/sign-out/sign-out-guard.ts#guardSignOut`, `src/oidc/sign-out/back-channel-logout.ts#routeLogouts`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import {
  createRemoteJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWK,
} from 'jose';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { openLogoutReceiver, type LogoutReceiver } from '../support/world/logout-receiver.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let receiver: LogoutReceiver;
let crm: RelyingParty;
let wiki: RelyingParty;

beforeAll(async () => {
  receiver = await openLogoutReceiver();
  const { origin } = receiver;
  world = await startWorld({ env: { SALLYPORT_OUTBOUND_ORIGINS: origin } });
  const told = { backchannel_logout_uri: `${origin}/logout`, backchannel_logout_session_required: true };
  crm = await openRelyingParty(world, await world.addClient({ id: 'crm', ...told }));
  wiki = await openRelyingParty(world, await world.addClient({ id: 'wiki' }));
});
afterAll(async () => {
  await world.close();
  receiver.close();
});

let browser: Browser;
let hint: string;
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
  hint = (await signIn(crm, browser, world.people.linus)).id_token ?? '';
  receiver.received.length = 0;
});

const isSignedIn = async (): Promise<boolean> => {
  const { url } = await crm.begin({ prompt: 'none' });
  return /[?&]code=/.test(String((await browser.go(url)).headers['location']));
};
const endAt = (params: Readonly<Record<string, string>>): string =>
  `/session/end?${new URLSearchParams(params).toString()}`;
const confirm = async (question: Answer): Promise<Answer> => {
  const { action, hidden } = formTo(question, /\/confirm$/);
  return browser.visit(action, { form: { ...hidden, logout: 'yes' } });
};
/** Headers of a form that another site submits. */
const fromElsewhere = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };

test('A80 a person who is asked, and says yes, is signed out and returns to the client', async () => {
  const home = { id_token_hint: hint, post_logout_redirect_uri: 'https://crm.test/', state: 's' };
  const question = await browser.visit(endAt(home));
  expect(await isSignedIn()).toBe(true);
  const done = await confirm(question);
  expect(done.text).toContain('https://crm.test/?state=s');
  expect(await isSignedIn()).toBe(false);
});

const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
const returnTo = (id: string) => ({ post_logout_redirect_uri: `https://${id}.test/` });
const parts = (jwt: string): readonly [Record<string, unknown>, Record<string, unknown>, string] => {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  return [read(head), read(body), signature];
};
const written = (header: object, payload: object, signature: string): string =>
  [header, payload].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + `.${signature}`;

/** The public key of the server that signed the hint. */
const publicKey = async (): Promise<JWK> => {
  const answer = JSON.parse((await browser.go('/jwks')).text) as { readonly keys: readonly JWK[] };
  const key = answer.keys.find(({ kid }) => kid === parts(hint)[0]['kid']);
  if (key === undefined) throw new Error('got no key of the hint');
  return key;
};

/** Hints that no server of ours issued for this client. */
const forgeries: readonly (readonly [name: string, make: () => Promise<string>])[] = [
  [
    'without a signature',
    async () => {
      const [, payload] = parts(hint);
      return written({ alg: 'none' }, payload, '');
    },
  ],
  [
    'without a signature, in other letters',
    async () => {
      const [header, payload] = parts(hint);
      return written({ ...header, alg: 'nOnE' }, payload, '');
    },
  ],
  [
    'with our public key as a shared secret',
    async () => {
      const [header, payload] = parts(hint);
      const pem = await exportSPKI((await importJWK(await publicKey(), 'ES256')) as never);
      const input = written({ ...header, alg: 'HS256' }, payload, '').slice(0, -1);
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    },
  ],
  [
    'of another key under our key id',
    async () => {
      const [header, payload] = parts(hint);
      const { privateKey } = await generateKeyPair('ES256');
      return new SignJWT(payload).setProtectedHeader({ ...header, alg: 'ES256' }).sign(privateKey);
    },
  ],
  [
    'of a key that its header brings along',
    async () => {
      const [, payload] = parts(hint);
      const { privateKey, publicKey: own } = await generateKeyPair('ES256', { extractable: true });
      const jwk = await exportJWK(own);
      return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', jwk }).sign(privateKey);
    },
  ],
  ['with a changed signature', async () => `${hint.slice(0, -8)}AAAAAAAA`],
  ['with its signature cut off', async () => hint.slice(0, hint.lastIndexOf('.') + 1)],
  [
    'with another audience',
    async () => {
      const [header, payload, signature] = parts(hint);
      return written(header, { ...payload, aud: 'wiki' }, signature);
    },
  ],
  [
    'with an unknown audience',
    async () => {
      const [header, payload, signature] = parts(hint);
      return written(header, { ...payload, aud: 'nobody' }, signature);
    },
  ],
  [
    'of another issuer',
    async () => {
      const [header, payload, signature] = parts(hint);
      return written(header, { ...payload, iss: 'https://evil.test' }, signature);
    },
  ],
  ['that is no token', async () => 'x'],
  ['that is empty JSON', async () => written({}, {}, '')],
];

describe('A80 a forged hint', () => {
  test.each(forgeries)('A80 %s is refused, signs nobody out, and returns to no address', async (_name, make) => {
    const to = { post_logout_redirect_uri: 'https://crm.test/' };
    const answer = await browser.visit(endAt({ id_token_hint: await make(), ...to }));
    expect([answer.status, answer.headers['location']]).toEqual([400, undefined]);
    expect(answer.text).not.toContain('https://crm.test/"');
    expect(await isSignedIn()).toBe(true);
  });

  test('A80 the hint of one client does not speak for another, and returns to no address of the other', async () => {
    expect((await browser.visit(endAt({ id_token_hint: hint, client_id: 'wiki', ...returnTo('wiki') }))).status).toBe(
      400,
    );
    expect((await browser.visit(endAt({ id_token_hint: hint, ...returnTo('wiki') }))).status).toBe(400);
    expect((await browser.visit(endAt({ id_token_hint: hint, client_id: 'crm', ...returnTo('crm') }))).status).toBe(
      200,
    );
    expect(await isSignedIn()).toBe(true);
    expect(wiki.client.id).toBe('wiki');
  });

  test('A80 an old hint, or one of another person, only leads to the question', async () => {
    const other = (await signIn(crm, world.browser(), world.people.noor)).id_token ?? '';
    world.clock.advance(2 * 3_600_000 - 60_000);
    browser = world.browser();
    await signIn(crm, browser, world.people.linus);
    for (const old of [hint, other]) {
      const question = await browser.visit(endAt({ id_token_hint: old }));
      expect(question.status).toBe(200);
      expect(heading(question)).not.toBe('You’re signed out');
      expect(await isSignedIn()).toBe(true);
    }
  });

  test('A80 a logout token is no hint for more than a question', async () => {
    await confirm(await browser.visit(endAt({ id_token_hint: hint })));
    world.clock.advance(0);
    await world.clock.fired();
    const { token = '' } = receiver.received[0] ?? {};
    browser = world.browser();
    await signIn(crm, browser, world.people.linus);
    await browser.visit(endAt({ id_token_hint: token }));
    expect(await isSignedIn()).toBe(true);
  });
});

describe('A80 a site that the person only visits', () => {
  test('A80 a picture or a link that opens the address signs nobody out, whatever it claims', async () => {
    const claims = [{}, { logout: 'yes' }, { id_token_hint: hint, logout: 'yes', xsrf: 'x' }];
    for (const claim of claims) {
      await browser.visit(endAt(claim));
      await browser.visit(`/session/end/confirm?${new URLSearchParams(claim as Record<string, string>).toString()}`);
    }
    expect(await isSignedIn()).toBe(true);
  });

  test('A80 a form that another site submits signs nobody out, with a hint or with the secret of a page', async () => {
    const { hidden } = formTo(await browser.visit(endAt({ id_token_hint: hint })), /\/confirm$/);
    for (const form of [{ logout: 'yes' }, { ...hidden, logout: 'yes' }, { id_token_hint: hint, logout: 'yes' }]) {
      await browser.visit('/session/end', { form, headers: fromElsewhere });
      const answer = await browser.visit('/session/end/confirm', { form, headers: fromElsewhere });
      expect(answer.status).toBe(403);
    }
    expect(await isSignedIn()).toBe(true);
  });

  test('A80 the secret of a page of another session does not sign this one out', async () => {
    const attacker = world.browser();
    await signIn(crm, attacker, world.people.noor);
    const { action, hidden } = formTo(await attacker.visit(endAt({})), /\/confirm$/);
    await browser.visit(endAt({}));
    await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
    expect(await isSignedIn()).toBe(true);
  });
});

test('A80 what the client is told is signed for it alone, has a type of its own, and is told once', async () => {
  await confirm(await browser.visit(endAt({ id_token_hint: hint })));
  world.clock.advance(0);
  await world.clock.fired();
  expect(receiver.received).toHaveLength(1);
  const jwks = createRemoteJWKSet(new URL('/jwks', world.issuer));
  const { payload, protectedHeader } = await jwtVerify(receiver.received[0]?.token ?? '', jwks, {
    issuer: world.issuer.origin,
    audience: 'crm',
    typ: 'logout+jwt',
    algorithms: ['ES256'],
  });
  expect(protectedHeader.alg).toBe('ES256');
  expect(Object.keys(payload).toSorted()).toEqual(['aud', 'events', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
  expect(payload['sid']).toBe(parts(hint)[1]['sid']);
});
