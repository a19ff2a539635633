/**
 * Tests the operator's rules over HTTP: who is asked for what, by which methods, why the page says so, whom a rule refuses, and what the
 * audit keeps of it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writtenAfter } from '../../src/oidc/developers/client-notes.ts';
import { readTrace, type KeptTrace } from '../../src/policy/trace.ts';
import { browserWith } from '../support/browser/at-address.ts';
import { fields } from '../../web/pages/links.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { checkAgain, openRelyingParty, pickUp, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const policy = `
networks:
  office: [192.0.2.0/24, '2001:db8::/32']
rules:
  - name: payroll-outside
    when: { clients: [payroll], not: { networks: [office] } }
    require: { acr: aal2, factors: [totp], mfa_max_age: 600 }
    because: { en: Payroll needs a code outside the office., de: Die Lohnbuchhaltung verlangt draußen einen Code. }
  - name: forms-by-code
    when: { clients: [forms] }
    require: { acr: mfa, factors: [totp] }
  - name: admins
    when: { groups: [admins] }
    require: { acr: aal2 }
  - name: closed
    when: { clients: [vault], not: { networks: [office] } }
    deny: { en: The vault opens in the office only., fr: Le coffre ne s’ouvre qu’au bureau. }
  - name: guests
    when: { clients: [wiki], groups: [guests] }
    deny: { en: Guests cannot use the wiki. }
  - name: agree
    when: { clients: [payroll] }
    require: { consent: true }
`;

let world: World;
const parties = new Map<string, RelyingParty>();
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_POLICY: policy, SALLYPORT_PROXY_HOPS: '1' } });
  for (const id of ['wiki', 'payroll', 'vault', 'forms']) {
    parties.set(id, await openRelyingParty(world, await world.addClient({ id })));
  }
});
afterAll(() => world.close());

const inOffice = { 'x-forwarded-for': '192.0.2.9' };
const outside = { 'x-forwarded-for': '203.0.113.9' };

const browserAt = (headers: Readonly<Record<string, string>>): Browser => browserWith(world, headers);

const begin = async (client: string, wish: Readonly<Record<string, string>> = {}) => {
  const party = parties.get(client);
  if (party === undefined) throw new Error(`no client ${client}`);
  return party.begin(wish);
};

const typePassword = async (browser: Browser, page: Answer, { name, password }: TestPerson): Promise<Answer> =>
  browser.visit(formTo(page, /\/password$/).action, { form: { name, password } });

const typeCode = async (browser: Browser, page: Answer, { phone }: TestPerson): Promise<Answer> => {
  world.clock.advance(30_000);
  return browser.visit(formTo(page, /\/factor$/).action, { form: { code: await phone.code() } });
};

/** The reasons under "Why was I asked?". */
const reasonsOn = ({ text }: Answer): readonly string[] =>
  [...(/<details class="why">([^]*?)<\/details>/.exec(text)?.[1] ?? '').matchAll(/<li>([^]*?)<\/li>/g)].map(
    ([, item = '']) => item.replaceAll(/<[^>]*>/g, ''),
  );

const lastTrace = async (event = 'sign-in.finished'): Promise<KeptTrace | undefined> =>
  readTrace((await world.audited(event)).toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))[0]?.facts['policy']);

const join = async (person: TestPerson, groups: readonly string[]): Promise<void> => {
  expect(await world.services.users.setProfile(person.user.id, { groups }, 'cli')).toBe('set');
};

describe('a rule about a client and a network', () => {
  test('asks nothing more in the office', async () => {
    const { linus } = world.people;
    const browser = browserAt(inOffice);
    const request = await begin('payroll');
    const page = await typePassword(browser, await browser.visit(request.url), linus);
    expect(page.text).toContain('/consent"');
    const done = await browser.visit(formTo(page, /\/consent$/).action, { form: { [fields.consent]: 'allow' } });
    expect((await request.redeem(browser.next(done) as URL)).claims()?.['acr']).toBe('sfa');
    expect(await lastTrace()).toMatchObject({
      acr: 'sfa',
      networks: ['office'],
      second: { how: 'none' },
      decided: ['rule agree'],
      others: expect.arrayContaining([['rule payroll-outside', 'unless']]),
    });
  });

  test('asks outside for one of the methods that it names, and the page says why', async () => {
    const { ada } = world.people;
    const browser = browserAt(outside);
    const request = await begin('payroll');
    const page = await typePassword(browser, await browser.visit(request.url), ada);
    // Without the rule the default method of this person would call.
    expect(heading(page)).toContain('code');
    expect(reasonsOn(page)).toEqual([
      'Payroll needs a code outside the office.',
      'Only some methods are accepted here.',
    ]);
    expect((await browser.visit(`${page.path}/options`)).text).not.toContain('name="method" value="call');
    const german = await browser.visit(page.path, { headers: { 'accept-language': 'de' } });
    expect(reasonsOn(german)[0]).toBe('Die Lohnbuchhaltung verlangt draußen einen Code.');
    const consent = await typeCode(browser, page, ada);
    const done = await browser.visit(formTo(consent, /\/consent$/).action, { form: { [fields.consent]: 'allow' } });
    expect((await request.redeem(browser.next(done) as URL)).claims()?.['acr']).toBe('aal2');
    expect(await lastTrace()).toMatchObject({
      acr: 'aal2',
      factors: ['totp'],
      networks: [],
      second: { how: 'asked', factor: 'totp' },
      decided: ['rule payroll-outside', 'rule agree'],
    });
  });

  test('counts a session only while its second step is young enough and by a method that the rule names', async () => {
    const { ada } = world.people;
    const browser = browserAt(outside);
    const wiki = await begin('wiki', { acr_values: 'aal2' });
    const first = await typePassword(browser, await browser.visit(wiki.url), ada);
    await typeCode(browser, first, ada);
    const again = await browser.visit((await begin('payroll')).url);
    expect(browser.next(again)?.searchParams.get('code')).toBeTruthy();
    world.clock.advance(601_000);
    const late = await browser.visit((await begin('payroll')).url);
    expect(heading(late)).toBe('Confirm it’s you');
    expect(reasonsOn(late)).toContain('Your last second step was too long ago.');
  });

  test('does not count a session whose second step was by another method, though its level is enough', async () => {
    const { ada } = world.people;
    const browser = browserAt(outside);
    const calling = await typePassword(browser, await browser.visit((await begin('wiki')).url), ada);
    await pickUp(ada, '#');
    expect(browser.next(await checkAgain(browser, calling))?.searchParams.get('code')).toBeTruthy();
    const page = await browser.visit((await begin('forms')).url);
    expect(heading(page)).toBe('Confirm it’s you');
    expect(reasonsOn(page)).toContain('Only some methods are accepted here.');
  });

  test('judges each request by the address that it comes from', async () => {
    const { linus } = world.people;
    const browser = browserAt(inOffice);
    const request = await begin('payroll', { prompt: 'consent' });
    const page = await typePassword(browser, await browser.visit(request.url), linus);
    expect(page.text).toContain('/consent"');
    const moved = browserAt(outside);
    moved.jar = browser.jar;
    const after = await moved.visit(formTo(page, /\/consent$/).action, { form: { [fields.consent]: 'allow' } });
    expect(moved.next(after)?.searchParams.get('error')).toBe('unmet_authentication_requirements');
    expect(moved.next(after)?.searchParams.get('code')).toBeNull();
  });
});

describe('a rule about a group', () => {
  test('is looked at once the person is known, before the second step', async () => {
    const { ada } = world.people;
    await join(ada, ['admins']);
    const browser = browserAt(outside);
    const request = await begin('wiki');
    const page = await typePassword(browser, await browser.visit(request.url), ada);
    expect(heading(page)).toContain('code');
    expect(reasonsOn(page)).toEqual(['A rule of your organisation asks for it.']);
    const done = await typeCode(browser, page, ada);
    expect((await request.redeem(browser.next(done) as URL)).claims()?.['acr']).toBe('aal2');
    expect(await lastTrace()).toMatchObject({ acr: 'aal2', decided: ['rule admins'] });
    await join(ada, []);
  });

  test('does not concern other people', async () => {
    const { grace } = world.people;
    const browser = browserAt(outside);
    const page = await typePassword(browser, await browser.visit((await begin('wiki')).url), grace);
    expect(reasonsOn(page)).toEqual(['You have set up a second step, so a password alone is not enough.']);
  });
});

/** Goes back to the client from the page of a refusal. */
const backFrom = async (browser: Browser, page: Answer): Promise<URL> => {
  const back = await browser.visit(formTo(page, /\/cancel$/).action, { form: {} });
  const to = browser.next(back);
  if (to === undefined) throw new Error(`the page "${heading(back)}" leads nowhere`);
  return to;
};

describe('a rule that refuses', () => {
  test('does so before a password is typed, in its words, and the client is told', async () => {
    const browser = browserAt(outside);
    const request = await begin('vault', { ui_locales: 'fr' });
    const page = await browser.visit(request.url);
    expect(page.text).toContain('Le coffre ne s’ouvre qu’au bureau.');
    const { linus } = world.people;
    const forced = await browser.visit(`${page.path}/password`, {
      form: { name: linus.name, password: linus.password },
    });
    expect(forced.text).toContain('Le coffre');
    expect(await world.audited('password.accepted')).not.toContainEqual(
      expect.objectContaining({ facts: expect.objectContaining({ client: 'vault' }) }),
    );
    const to = await backFrom(browser, page);
    expect(to.searchParams.get('error')).toBe('access_denied');
    expect(to.searchParams.get('error_description')).toBe('a rule of this server refuses the sign-in');
  });

  test('does so once the person is known, before a second step, and the audit names the rule', async () => {
    const { grace } = world.people;
    await join(grace, ['guests']);
    const browser = browserAt(outside);
    const page = await typePassword(browser, await browser.visit((await begin('wiki')).url), grace);
    expect(page.text).toContain('Guests cannot use the wiki.');
    expect(await world.audited('challenge.begun')).not.toContainEqual(
      expect.objectContaining({
        facts: expect.objectContaining({ client: 'wiki', factor: 'call' }),
        at: world.clock(),
      }),
    );
    await backFrom(browser, page);
    const refused = (await world.audited('sign-in.refused')).at(-1);
    expect(refused).toMatchObject({ subject: grace.user.id, facts: { reason: 'policy' } });
    expect(readTrace(refused?.facts['policy'])).toMatchObject({ denied: 'guests', decided: ['person', 'rule guests'] });
    await join(grace, []);
  });

  test('refuses a session that began elsewhere, also without a page', async () => {
    const { linus } = world.people;
    const browser = browserAt(inOffice);
    await typePassword(browser, await browser.visit((await begin('wiki')).url), linus);
    const moved = browserAt(outside);
    moved.jar = browser.jar;
    const page = await moved.visit((await begin('vault')).url);
    expect(page.text).toContain('The vault opens in the office only.');
    const silent = await moved.visit((await begin('vault', { prompt: 'none' })).url);
    expect(moved.next(silent)?.searchParams.get('error')).toBe('access_denied');
    const back = await browser.visit((await begin('vault')).url);
    expect(browser.next(back)?.searchParams.get('code')).toBeDefined();
  });
});

/** What the developers of a client learn of its sign-ins, the oldest first. */
const notesOf = async (client: string) => {
  world.clock.advance(writtenAfter);
  await world.clock.fired();
  return (await world.services.clientSignIns.of(client)).toReversed();
};

describe('the developers of a client', () => {
  test('learn why a second step was asked for, or why not, and no more of the people', async () => {
    const { ada, linus } = world.people;
    const notes = await notesOf('payroll');
    expect(notes).toMatchObject([
      { required: 'sfa', how: 'none', decided: ['rule agree'] },
      { required: 'aal2', how: 'asked', factor: 'totp', factors: ['totp'], mfaMaxAge: 600, count: 1 },
      { required: 'aal2', how: 'session', factor: 'totp', decided: ['rule payroll-outside', 'rule agree'] },
      { refused: 'unmet_authentication_requirements', required: 'aal2', how: 'none' },
    ]);
    expect(notes.every(({ reference = '' }) => /^[0-9A-Z]{8}$/.test(reference))).toBe(true);
    for (const hidden of [ada.name, ada.user.id, linus.user.id, '192.0.2', '203.0.113', '"networks"', 'admins']) {
      expect(JSON.stringify(notes)).not.toContain(hidden);
    }
  });

  test('learn which rule refused, and equal sign-ins are one entry', async () => {
    expect(await notesOf('vault')).toMatchObject([
      { refused: 'policy', decided: ['rule closed'], count: 2 },
      { required: 'sfa', how: 'none', decided: [], count: 1 },
    ]);
    expect(await notesOf('account')).toEqual([]);
  });

  test('learn nothing where a client only asks whether there is a session', async () => {
    const before = await notesOf('vault');
    const silent = await browserAt(inOffice).visit((await begin('vault', { prompt: 'none' })).url);
    expect(silent.headers['location'] ?? silent.text).toContain('login_required');
    expect(await notesOf('vault')).toEqual(before);
  });
});
