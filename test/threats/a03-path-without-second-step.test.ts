/**
 * A03. A path into an account, or to its tokens, that forgets what the policy requires (CVE-2026-15616 of Logto, CVE-2026-73278 of Gitea):
 * the web sign-in asks, but a passkey alone, an older session, a device, a request in the authenticator, a refresh, a mailed link or the
 * security page does not. The matrix is path × factor, at a client for which a rule requires `mfa` and at one for which it requires `aal2`:
 * the token has the level that was proven, or there is no token. Not in the matrix: federated sign-ins and an admin API, which do not exist.
 * Guards: `src/oidc/policy.ts#mfaPrompt`, `interactions/state.ts#signInFor`, `src/oidc/ciba/asking.ts#isApprovable`.
 */
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { userKind } from '../../src/records.ts';
import { models, SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { addCibaClient, ask, pairedPhone, pin, poll as pollCiba } from '../support/world/approvals.ts';
import { addDeviceClient, answer, askForCodes, poll, typeCode } from '../support/world/device.ts';
import { givePasskey, usePasskey } from '../support/world/passkeys.ts';
import { openRelyingParty, pickUp, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { chooseNew, linkFor } from '../support/world/reset-link.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const policy = `
rules:
  - { name: everywhere, require: { acr: mfa } }
  - { name: strict, when: { clients: [strict, strict-tv, strict-bank] }, require: { acr: aal2 } }
`;

let world: World;
const parties = new Map<string, RelyingParty>();
let passkey: SoftwareAuthenticator;

interface Owner {
  readonly name: string;
  readonly person: () => TestPerson;
  /** What a sign-in by this factor proves beside a password; undefined: the person has none. */
  readonly proves: 'mfa' | 'aal2' | 'phr' | undefined;
  readonly answer: (page: Answer) => Promise<Readonly<Record<string, string>>>;
}
const owners: readonly Owner[] = [
  { name: 'no factor', person: () => world.people.linus, proves: undefined, answer: async () => ({}) },
  {
    name: 'call',
    person: () => world.people.grace,
    proves: 'mfa',
    async answer() {
      await pickUp(world.people.grace, '#');
      return {};
    },
  },
  {
    name: 'totp',
    person: () => world.people.noor,
    proves: 'aal2',
    async answer() {
      world.clock.advance(30_000);
      return { code: await world.people.noor.phone.code() };
    },
  },
  {
    name: 'passkey',
    person: () => world.people.ada,
    proves: 'phr',
    answer: async page => ({ credential: JSON.stringify(passkey.get(requestIn(page), world.issuer.origin)) }),
  },
];
const requestIn = ({ text }: Answer) =>
  JSON.parse(
    (/data-passkey="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"'),
  ) as PublicKeyCredentialRequestOptionsJSON;

/** The clients, and what their rule requires. */
const clients = [
  ['plain', 'mfa'],
  ['strict', 'aal2'],
] as const;
const ranks = ['sfa', 'mfa', 'aal2', 'phr'];
const expectedAcr = ({ proves }: Owner, least: string): string | undefined =>
  proves !== undefined && ranks.indexOf(proves) >= ranks.indexOf(least) ? proves : undefined;

beforeAll(async () => {
  world = await startWorld({
    hostname: 'localhost',
    env: {
      SALLYPORT_POLICY: policy,
      SALLYPORT_FACTORS: 'totp,call,passkey,push',
      SALLYPORT_PUSH_UNLOCK: 'pin',
    },
  });
  for (const [id] of clients) {
    parties.set(id, await openRelyingParty(world, await world.addClient({ id })));
    await addDeviceClient(world, `${id}-tv`);
    await addCibaClient(world, `${id}-bank`);
  }
  const { ada } = world.people;
  const users = world.services.resources.durable.collection(userKind);
  const stored = await users.get(ada.user.id);
  if (stored === undefined) throw new Error('ada has no account');
  // Her passkey is to be her one method.
  await users.replace({ ...stored, authenticators: [] });
  ({ authenticator: passkey } = await givePasskey(world, ada, new SoftwareAuthenticator(models.phone)));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

/** Passwords that people have chosen since, by name. */
const passwords = new Map<string, string>();

/** Takes each step that is asked, as this person can. Gives where it ends: at a client, or at a page without such a step. */
const walk = async (browser: Browser, owner: Owner, begun: Answer): Promise<Answer> => {
  let page = begun;
  for (let steps = 0; steps < 6; steps += 1) {
    if (browser.next(page) !== undefined) return page;
    if (/action="[^"]*\/password"/.test(page.text)) {
      const { name, password: first } = owner.person();
      const password = passwords.get(name) ?? first;
      page = await browser.visit(formTo(page, /\/password$/).action, { form: { name, password } });
    } else if (/action="[^"]*\/start"/.test(page.text)) {
      page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
    } else if (/action="[^"]*\/factor"/.test(page.text)) {
      page = await browser.visit(formTo(page, /\/factor$/).action, { form: { ...(await owner.answer(page)) } });
    } else return page;
  }
  throw new Error(`more pages than a sign-in has, the last one is "${heading(page)}"`);
};

const partyOf = (client: string): RelyingParty => {
  const party = parties.get(client);
  if (party === undefined) throw new Error(`no client ${client}`);
  return party;
};

/** Signs in at this client; undefined: no code came. */
const tokensAt = async (
  client: string,
  browser: Browser,
  owner: Owner,
  wish: Readonly<Record<string, string>> = {},
) => {
  const request = await partyOf(client).begin(wish);
  const end = await walk(browser, owner, await browser.visit(request.url));
  const to = browser.next(end);
  return to?.searchParams.get('code') ? request.redeem(to) : undefined;
};
const acrOf = (tokens: { claims(): oidc.IDToken | undefined } | undefined): unknown => tokens?.claims()?.['acr'];

test('A03 twin: where no rule asks, the password alone signs in, and each factor signs in beside it', async () => {
  const plain = await startWorld();
  try {
    const rp = await openRelyingParty(plain, await plain.addClient({ id: 'plain' }));
    expect((await signIn(rp, plain.browser(), plain.people.linus)).claims()?.['acr']).toBe('sfa');
    expect((await signIn(rp, plain.browser(), plain.people.grace)).claims()?.['acr']).toBe('mfa');
  } finally {
    await plain.close();
  }
});

describe.each(clients)('A03 at the client %s, for which a rule requires %s', (client, least) => {
  describe.each(owners.map(owner => [owner.name, owner] as const))('a person with %s', (_name, owner) => {
    const wanted = expectedAcr(owner, least);

    test('A03 by password', async () => {
      expect(acrOf(await tokensAt(client, world.browser(), owner))).toBe(wanted);
    });

    test('A03 in the session of a sign-in at another client', async () => {
      const browser = world.browser();
      await tokensAt('plain', browser, owner);
      expect(acrOf(await tokensAt(client, browser, owner))).toBe(wanted);
      const silent = await browser.visit((await partyOf(client).begin({ prompt: 'none' })).url);
      expect(browser.next(silent)?.searchParams.has('code')).toBe(wanted !== undefined);
    });

    test('A03 by a passkey alone', async () => {
      const browser = world.browser();
      const request = await partyOf(client).begin();
      const page = await usePasskey(world, browser, await browser.visit(request.url), passkey);
      // The passkey is that of one person: whoever holds it is that person, with both steps.
      const end = browser.next(page);
      expect(end === undefined ? undefined : acrOf(await request.redeem(end))).toBe('phr');
    });

    test('A03 by a refresh', async () => {
      const tokens = await tokensAt(client, world.browser(), owner, {
        scope: 'openid offline_access',
      });
      const token = tokens?.refresh_token;
      const refreshed = token === undefined ? undefined : await oidc.refreshTokenGrant(partyOf(client).config, token);
      expect([acrOf(tokens), acrOf(refreshed)]).toEqual([wanted, wanted]);
    });

    test('A03 for a device', async () => {
      const codes = await askForCodes(world, `${client}-tv`, { scope: 'openid' });
      const browser = world.browser();
      await walk(browser, owner, await answer(browser, await typeCode(browser, codes.user_code), 'allow'));
      const { id_token: token } = await poll(world, `${client}-tv`, codes);
      expect(typeof token === 'string' ? decodeJwt(token)['acr'] : undefined).toBe(wanted);
    });

    test('A03 after a mailed link to a new password', async () => {
      const person = owner.person();
      const browser = world.browser();
      const chosen = `wooden-harbor-${client}-lantern`;
      const done = await chooseNew(browser, await browser.visit(await linkFor(world, person)), chosen);
      expect(done.status).toBeLessThan(400);
      passwords.set(person.name, chosen);
      const silent = await browser.visit((await partyOf(client).begin({ prompt: 'none' })).url);
      expect(browser.next(silent)?.searchParams.get('error')).toBe('login_required');
      expect(acrOf(await tokensAt(client, browser, owner))).toBe(wanted);
    });
  });

  test('A03 by a request in the authenticator, which reaches mfa', async () => {
    const phone = await pairedPhone(world, world.people.noor);
    const asked = await ask(world, `${client}-bank`);
    const id = asked.body['auth_req_id'];
    if (typeof id === 'string') await phone.answer(await phone.request(), { decision: 'approve', pin });
    const { body } = typeof id === 'string' ? await pollCiba(world, `${client}-bank`, id) : asked;
    const token = body['id_token'];
    const got = typeof token === 'string' ? decodeJwt(token)['acr'] : body['error'];
    expect(got).toBe(least === 'mfa' ? 'mfa' : 'unmet_authentication_requirements');
  });
});

describe.each(owners.map(owner => [owner.name, owner] as const))('A03 the security page, with %s', (_name, owner) => {
  test.each(['/account', '/account/email/confirm?token=of-a-mail'])('A03 %s asks as each client does', async path => {
    const browser = world.browser();
    await walk(browser, owner, await browser.visit(path));
    const finished = (await world.audited('sign-in.finished')).filter(
      ({ facts, subject }) => facts['client'] === 'account' && subject === owner.person().user.id,
    );
    expect(finished.at(-1)?.facts['acr']).toBe(expectedAcr(owner, 'mfa'));
  });
});
