/**
 * C23. A client, or anyone without one, learns whether a name has an account: by the answer to a request that names a person, by a
 * message that leaves for that person only, or by the work that the request costs (GHSA-83cg-9mwq-gj42). The pages have
 * A69 and A70. Here a program names people: known, unknown, locked and removed ones get the same answer, and no message.
 * Guards: `src/oidc/ciba/hints.ts#accountIdOf`, `src/oidc/ciba/hints.ts#findAlsoUnknown`, `src/users/passwords/password.ts#Passwords`.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { authorize, signIn, tokens } from '../oidc/support/flows.ts';
import { Browser, send } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { withChannels } from '../support/carrier/wrap.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const grant = 'urn:openid:params:grant-type:ciba' as const;
/** Names of one length, each with what it is. */
const names = [
  ['unknown', 'qnone'],
  ['known', 'qkown'],
  ['locked', 'qlock'],
  ['in another spelling', 'QKOWN'],
] as const;

const claim = (sub: string) => ({ claims: JSON.stringify({ id_token: { sub: { value: sub } } }) });

describe('C23 a client that names people', () => {
  let world: World;
  let bank: Rp;
  let crm: Rp;
  beforeEach(async () => {
    world = await openWorld({
      approvals: { ask: async () => ({ ok: false, reason: 'no-device' }), outcome: async () => 'open' },
    });
    await world.addUser('qkown');
    await world.addUser('qlock', { lockedAt: 1 });
    const ciba = { grant_types: [grant], backchannel_token_delivery_mode: 'poll' } as const;
    bank = await world.addClient({ client_id: 'bank', ...ciba });
    crm = await world.addClient({ client_id: 'crm' });
  });
  afterEach(() => world.close());

  const begin = async (hint: Readonly<Record<string, string>>) =>
    send(world, 'POST', '/backchannel', {
      headers: { authorization: `Basic ${Buffer.from(`bank:${bank.secret}`).toString('base64')}` },
      form: { scope: 'openid', ...hint },
    });
  /** The answer and the first polls, without the id of the request. */
  const walk = async (hint: Readonly<Record<string, string>>): Promise<unknown> => {
    const { status, text } = await begin(hint);
    const { auth_req_id: id, ...body } = JSON.parse(text) as Record<string, unknown>;
    world.clock.advance(0);
    await world.clock.fired();
    const polls: unknown[] = [];
    for (let at = 0; at < 3; at += 1) {
      world.clock.advance(5_000);
      const {
        status: got,
        error,
        error_description: sentence,
      } = await tokens(world, bank, {
        grant_type: grant,
        auth_req_id: String(id),
      });
      polls.push([got, error, sentence]);
    }
    return { status, body, hasId: typeof id, polls };
  };

  test('C23 a request without a browser is answered the same for each name, and so is each poll', async () => {
    const known = await walk({ login_hint: 'qkown' });
    expect(known).toMatchObject({ status: 200, hasId: 'string' });
    for (const [who, name] of names) expect([who, await walk({ login_hint: name })]).toEqual([who, known]);
  });

  const asked = async (more: Readonly<Record<string, string>>) => {
    const { answer, params, at } = await authorize(new Browser(world), crm, more);
    return { at, status: answer.status, params };
  };
  test('C23 an authorization request that names a person is answered the same, with a hint or a claim', async () => {
    for (const prompt of ['none', 'login']) {
      const [hinted, claimed] = [
        await asked({ login_hint: 'qnone', prompt }),
        await asked({ ...claim('qnone'), prompt }),
      ];
      for (const [who, name] of names) {
        expect([who, await asked({ login_hint: name, prompt })]).toEqual([who, hinted]);
        expect([who, await asked({ ...claim(name), prompt })]).toEqual([who, claimed]);
      }
    }
  });

  test('C23 a person who signed in at the client is still found by a hint of their own token', async () => {
    const { params } = await signIn(new Browser(world), crm, 'qkown');
    expect(params['code']).toBeDefined();
    const hinted = await authorize(new Browser(world), crm, { login_hint: 'qkown' });
    expect(hinted.at).toBe('interaction');
  });
});

describe('C23 a message that leaves', () => {
  const sent: unknown[] = [];
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startThreatWorld({
      env: { SALLYPORT_FACTORS: 'call,sms' },
      wrap: resources =>
        withChannels(resources, channel => ({
          ...channel,
          send: async (message, signal) => {
            sent.push(message);
            return channel.send(message, signal);
          },
        })),
    });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.nextDay();
    sent.length = 0;
  });

  test('C23 goes to a person whose password was right', async () => {
    await world.beginAs(world.recordingBrowser(), world.people.grace);
    expect(sent).toHaveLength(1);
  });

  test.each(['grace', 'qnone'])(
    'C23 goes to nobody after a wrong password of %s, by no button of the page',
    async name => {
      const browser = world.recordingBrowser();
      const { page } = await world.begin(browser);
      const form = { name, password: 'wrong-horse-battery-1' };
      expect((await browser.visit(`${page.path}/password`, { form })).status).toBe(422);
      const answers: number[] = [];
      for (const route of ['again', 'resend', 'options', 'start', 'factor', 'restart']) {
        answers.push((await browser.visit(`${page.path}/${route}`, { form: {} })).status);
      }
      expect(sent).toEqual([]);
      expect(answers.every(status => status < 500)).toBe(true);
      expect(await world.mailsTo(world.people.grace)).toEqual([]);
    },
  );
});
