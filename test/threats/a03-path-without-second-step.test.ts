/**
 * A03. A path into an account, or to its tokens, that forgets what the policy requires (CVE-2026-15616 of Logto, CVE-2026-73278 of Gitea):
 * the web sign-in asks, but a passkey alone, an older session, a device, a request in the authenticator, a refresh, a mailed link, one of
 * our portals or the playground does not. The matrix is path × factor. In each cell the twin comes first: where a rule requires the level
 * that password and factor reach, the path gives it. Where a rule requires the next level, and where the second step is not answered, the
 * same path gives nothing. Not in the matrix: federated sign-ins and an admin API, which do not exist.
 * Guards: `src/oidc/prompts/mfa-prompt.ts#mfaPrompt`, `interactions/state.ts#signInFor`, `src/oidc/ciba/asking.ts#isApprovable`,
 * `portals/admission/session.ts#currentSession`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { acrs } from '../../src/mfa/assurance.ts';
import type { Acr } from '../../src/mfa/factor.ts';
import { userKind } from '../../src/records.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { addCibaClient, ask, pin, poll as pollCiba } from '../support/world/approvals.ts';
import { addDeviceClient, answer, askForCodes, poll, typeCode } from '../support/world/device.ts';
import { usePasskey } from '../support/world/passkeys.ts';
import { chosenRequest, partOf, sendLinkOf } from '../support/world/playground.ts';
import { openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { chooseNew, linkFor } from '../support/world/reset-link.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { addOwnerOf, noMethod, oneMethod, type OneMethod, type Owner } from './support/one-method.ts';

/** For each level: a rule for the clients named after it, and one for our portals, about the group named after it. */
const policy = `rules:${acrs
  .filter(acr => acr !== 'sfa')
  .map(
    acr => `
  - { name: ${acr}-clients, when: { clients: [${acr}, ${acr}-tv, ${acr}-bank] }, require: { acr: ${acr} } }
  - { name: ${acr}-portals, when: { clients: [account, developer], groups: [${acr}] }, require: { acr: ${acr} } }`,
  )
  .join('')}`;

let world: World;
const parties = new Map<string, RelyingParty>();

/** One factor beside the authenticator on a phone, without which no client could ask for an approval. */
const start = async (factor: string): Promise<void> => {
  world = await startWorld({
    hostname: 'localhost',
    env: {
      SALLYPORT_POLICY: policy,
      SALLYPORT_FACTORS: ['push', ...(factor === 'push' || factor === 'no factor' ? [] : [factor])].join(','),
      SALLYPORT_PUSH_UNLOCK: 'pin',
      SALLYPORT_DEVELOPERS: 'everyone',
    },
  });
  for (const acr of acrs) {
    parties.set(acr, await openRelyingParty(world, await world.addClient({ id: acr })));
    await addDeviceClient(world, `${acr}-tv`);
    await addCibaClient(world, `${acr}-bank`);
  }
};

/** One attempt to get in by a path. */
interface Attempt {
  readonly owner: Owner;
  /** What the rule requires. */
  readonly least: Acr;
  /** False: the person leaves the second step unanswered. */
  readonly isAnswering: boolean;
  readonly method: OneMethod;
}

const partyFor = (acr: Acr): RelyingParty => {
  const party = parties.get(acr);
  if (party === undefined) throw new Error(`no client ${acr}`);
  return party;
};

/** Takes each step that is asked for. Gives where it ends: at a client, or at a page without such a step. */
const walk = async (browser: Browser, { owner, isAnswering }: Attempt, begun: Answer): Promise<Answer> => {
  let page = begun;
  for (let steps = 0; steps < 6; steps += 1) {
    if (browser.next(page) !== undefined) return page;
    if (/action="[^"]*\/password"/.test(page.text)) {
      const { name, password } = owner;
      page = await browser.visit(formTo(page, /\/password$/).action, { form: { name, password } });
    } else if (/action="[^"]*\/start"/.test(page.text)) {
      page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
    } else if (isAnswering && /action="[^"]*\/factor"/.test(page.text)) {
      page = await browser.visit(formTo(page, /\/factor$/).action, { form: { ...(await owner.answer(page)) } });
    } else return page;
  }
  throw new Error(`more pages than a sign-in has, the last one is "${heading(page)}"`);
};

/** Signs in at the client of the level; undefined: no code came. */
const tokensOf = async (attempt: Attempt, browser = world.browser(), wish: Readonly<Record<string, string>> = {}) => {
  const request = await partyFor(attempt.least).begin(wish);
  const end = await walk(browser, attempt, await browser.visit(request.url));
  const to = browser.next(end);
  return to?.searchParams.get('code') ? request.redeem(to) : undefined;
};
const acrOf = (tokens: { claims(): oidc.IDToken | undefined } | undefined): unknown => tokens?.claims()?.['acr'];
const acrIn = (token: unknown): unknown => (typeof token === 'string' ? decodeJwt(token)['acr'] : undefined);

/** The error of a request without a page; null: it gave a code. */
const silently = async ({ least }: Attempt, browser: Browser): Promise<string | null | undefined> => {
  const end = await browser.visit((await partyFor(least).begin({ prompt: 'none' })).url);
  return browser.next(end)?.searchParams.get('error');
};

/** Opens a page of a portal. Gives the level of the sign-in that it led to; undefined: the page did not open. */
const byPortal =
  (portal: string, path: string): Path['get'] =>
  async attempt => {
    const { owner, least } = attempt;
    const people = world.services.resources.durable.collection(userKind);
    const stored = await people.get(owner.user.id);
    if (stored === undefined) throw new Error(`${owner.name} has no account`);
    await people.replace({ ...stored, groups: [least] });
    const browser = world.browser();
    await walk(browser, attempt, await browser.visit(path));
    const page = await browser.go(new URL(path, world.issuer).pathname);
    if (browser.next(page)?.pathname === '/auth') return undefined;
    const finished = (await world.audited('sign-in.finished')).filter(
      ({ facts, subject }) => facts['client'] === portal && subject === owner.user.id,
    );
    return finished.at(-1)?.facts['acr'];
  };

/** A way to tokens or pages of an account. */
interface Path {
  readonly name: string;
  /** The level with which it lets the person in; undefined: it does not. */
  readonly get: (attempt: Attempt) => Promise<unknown>;
  /** Factors that cannot lead through here, whatever the rule, and why. Absent: every one can. */
  readonly never?: { readonly factors: (factor: string) => boolean; readonly because: string };
}

const paths: readonly Path[] = [
  { name: 'by password', get: async attempt => acrOf(await tokensOf(attempt)) },
  {
    name: 'in the session of a sign-in at a client that requires nothing',
    async get(attempt) {
      const browser = world.browser();
      await tokensOf({ ...attempt, least: 'sfa' }, browser);
      const acr = acrOf(await tokensOf(attempt, browser));
      expect((await silently(attempt, browser)) === null).toBe(acr !== undefined);
      return acr;
    },
  },
  {
    name: 'in a session by password alone, from before the method was bound',
    async get({ method, ...attempt }) {
      const browser = world.browser();
      const bare = await addOwnerOf(world, noMethod);
      expect(acrOf(await tokensOf({ ...attempt, method, owner: bare, least: 'sfa' }, browser))).toBe('sfa');
      const now = { ...attempt, method, owner: { ...bare, ...(await method.bind(world, bare.user)) } };
      expect((await silently(now, browser)) === null).toBe(method.proves === 'sfa' && attempt.least === 'sfa');
      return acrOf(await tokensOf(now, browser));
    },
  },
  {
    name: 'by a passkey alone',
    never: { factors: factor => factor !== 'passkey', because: 'the person has no passkey' },
    async get({ owner: { passkey }, least, isAnswering }) {
      const browser = world.browser();
      const request = await partyFor(least).begin();
      const page = await browser.visit(request.url);
      if (passkey === undefined || !isAnswering) return undefined;
      const end = browser.next(await usePasskey(world, browser, page, passkey));
      return end === undefined ? undefined : acrOf(await request.redeem(end));
    },
  },
  {
    name: 'by a refresh',
    async get(attempt) {
      const tokens = await tokensOf(attempt, world.browser(), { scope: 'openid offline_access' });
      const token = tokens?.refresh_token;
      return token && acrOf(await oidc.refreshTokenGrant(partyFor(attempt.least).config, token));
    },
  },
  {
    name: 'for a device',
    async get(attempt) {
      const client = `${attempt.least}-tv`;
      const codes = await askForCodes(world, client, { scope: 'openid' });
      const browser = world.browser();
      await walk(browser, attempt, await answer(browser, await typeCode(browser, codes.user_code), 'allow'));
      return acrIn((await poll(world, client, codes))['id_token']);
    },
  },
  {
    name: 'by a request in the authenticator (CIBA)',
    never: { factors: factor => factor !== 'push', because: 'no phone of the person can be asked' },
    async get({ owner: { name, phone }, least, isAnswering }) {
      const { body } = await ask(world, `${least}-bank`, { login_hint: name });
      const id = body['auth_req_id'];
      if (typeof id !== 'string') return undefined;
      if (isAnswering) await phone?.answer(await phone.request(), { decision: 'approve', pin });
      return acrIn((await pollCiba(world, `${least}-bank`, id)).body['id_token']);
    },
  },
  {
    name: 'after a mailed link to a new password',
    never: {
      factors: factor => factor === 'email',
      because: 'the mailbox that changed the password is no second step',
    },
    async get(attempt) {
      const { owner } = attempt;
      const browser = world.browser();
      const chosen = `wooden-harbor-${attempt.least}-${attempt.isAnswering ? 'lantern' : 'candle'}`;
      const done = await chooseNew(browser, await browser.visit(await linkFor(world, owner)), chosen);
      expect(done.status).toBeLessThan(400);
      owner.password = chosen;
      expect(await silently(attempt, browser)).toBe('login_required');
      return acrOf(await tokensOf(attempt, browser));
    },
  },
  { name: 'to the security page', get: byPortal('account', '/account') },
  { name: 'by a mailed link to a page of it', get: byPortal('account', '/account/email/confirm?token=of-a-mail') },
  { name: 'to the developer portal', get: byPortal('developer', '/developer') },
  { name: 'to the playground of developers', get: byPortal('developer', '/developer/playground') },
  {
    name: 'by a try in the playground',
    async get(attempt) {
      const browser = world.browser();
      const prepared = await chosenRequest(browser, { client: attempt.least });
      const end = await walk(browser, attempt, await browser.visit(sendLinkOf(prepared)));
      return /"acr": "(\w+)"/.exec(partOf(end, 'The ID token'))?.[1];
    },
  },
];

/** Each attempt of a cell, by what the person does, with what it has to give. */
const attemptsOf = ({ factor, proves }: OneMethod, { never }: Path) => {
  const next = acrs[acrs.indexOf(proves) + 1];
  const isPossible = never?.factors(factor) !== true;
  return [
    { what: 'enough', least: proves, isAnswering: true, gives: isPossible ? proves : undefined },
    ...(next === undefined ? [] : [{ what: 'less than required', least: next, isAnswering: true, gives: undefined }]),
    ...(proves === 'sfa' ? [] : [{ what: 'unanswered', least: proves, isAnswering: false, gives: undefined }]),
  ];
};

describe.each(oneMethod.map(row => [row.factor, row.proves, row] as const))(
  'A03 with %s, which reaches %s,',
  (_factor, _proves, row) => {
    beforeAll(() => start(row.factor));
    afterAll(() => world.close());
    beforeEach(() => world.nextDay());

    const cells = paths.map(path => {
      const isNever = path.never?.factors(row.factor) === true;
      return [`${path.name}${isNever ? `: never, for ${path.never?.because}` : ''}`, path] as const;
    });
    test.each(cells)('A03 %s', async (_name, path) => {
      const owner = await addOwnerOf(world, row);
      for (const { what, least, isAnswering, gives } of attemptsOf(row, path)) {
        expect([what, await path.get({ owner, least, isAnswering, method: row })]).toEqual([what, gives]);
      }
    });
  },
);
