/**
 * A88. A client, an account or a device has a name that is markup, or a request carries markup. A page that shows it
 * runs it, in the origin where passwords are typed. Sixty texts are tried in every field that is shown. The tree of
 * each page must equal that of a harmless name, element by element. If a text got through, the policy would not run it:
 * no inline script, and no string that becomes markup (Trusted Types). This is checked in Chromium, on the pages with
 * their scripts.
 * Guards: `web/html.ts#html`, `src/http/headers.ts#policy` on every page, those that stand for the library's forms included.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { authenticatorKind, userKind } from '../../src/records.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import { enterPassword } from '../support/world/relying-party.ts';
import { payloads } from '../support/surface/payloads.ts';
import { violations } from '../support/surface/rules.ts';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';
import { crawlSurface, type SurfaceCrawl } from '../support/surface/crawl.ts';

const patience = 120_000;
const harmless = 'Mallory';
let setup: BrowserSetup;
beforeAll(async () => {
  setup = await openBrowserSetup();
}, patience);
afterAll(() => setup?.close(), patience);

/** The part of a text that a browser can send in a header. */
const inHeader = (text: string): string => text.replaceAll(/[^\x20-\x7E]/g, '');

/** Writes the name into the store directly, past every check of names. */
const rename = async (name: string): Promise<void> => {
  const { durable } = setup.world.store;
  const [people, devices] = [durable.collection(userKind), durable.collection(authenticatorKind)];
  for (const { user } of [setup.world.people.noor, setup.world.people.linus]) {
    const now = await people.get(user.id);
    if (now !== undefined) await people.replace({ ...now, name, displayName: name });
    for (const device of await devices.find({ userId: user.id })) await devices.replace({ ...device, label: name });
  }
};

/** Every page that shows values of others, with this text as each of those values. */
const pagesWith = async (text: string, at: number): Promise<ReadonlyMap<string, Answer>> => {
  const { world } = setup;
  const { noor, linus } = world.people;
  const id = `client-${at}`;
  const redirect = `${setup.client.origin}/callback`;
  // The wrong passwords of one text must not block the next one.
  world.clock.advance(6 * 3_600_000);
  await world.addClient({ id, name: text, first_party: false, redirectUris: [redirect] });
  await rename(text);
  const e = encodeURIComponent;
  const headers = { 'accept-language': inHeader(text), 'user-agent': inHeader(text) };
  const ask = (more = ''): string =>
    setup
      .authorizationUrl(id, `&login_hint=${e(text)}&ui_locales=${e(text)}${more}`)
      .replace('&state=s', `&state=${e(text)}`);
  const pages = new Map<string, Answer>();
  const go = async (name: string, browser: Browser, to: string): Promise<Answer> => {
    const answer = await browser.visit(to, { headers });
    pages.set(name, answer);
    return answer;
  };

  const typing = world.browser();
  const first = await go('password', typing, ask());
  const { action } = formTo(first, /\/password$/);
  pages.set('refused', await typing.visit(action, { headers, form: { name: text, password: 'wrong' } }));
  const code = await enterPassword(typing, first, noor);
  pages.set('code', code);
  pages.set('malformed', await typing.visit(`${code.path}/factor`, { headers, form: { code: text } }));
  await go('options', typing, `${code.path}/options`);
  await go('help', typing, `${code.path}/help?reason=nothing-left`);
  await go('lost', typing, `/interaction/${'x'.repeat(43)}`);

  const known = world.browser();
  const consent = await enterPassword(known, await known.visit(ask()), linus);
  pages.set('consent', consent);
  pages.set('going on', await known.visit(formTo(consent, /\/consent$/).action, { form: { answer: 'allow' } }));
  await go('posted', known, ask('&prompt=none&response_mode=form_post'));
  await go('sign out', known, `/session/end?client_id=${id}&state=${e(text)}&ui_locales=${e(text)}`);
  await go('error client', known, `/auth?client_id=${e(text)}`);
  await go('error redirect', known, ask().replace(/redirect_uri=[^&]*/, `redirect_uri=${e(text)}`));
  for (const name of [
    'response_type',
    'response_mode',
    'prompt',
    'scope',
    'claims',
    'code_challenge_method',
    'display',
  ])
    await go(`error ${name}`, known, `${ask().replace(new RegExp(`&${name}=[^&]*`), '')}&${name}=${e(text)}`);
  await go('error hint', known, `/session/end?id_token_hint=${e(text)}&post_logout_redirect_uri=${e(text)}`);
  await go('nowhere', known, `/nowhere/${e(text)}?${e(text)}=${e(text)}`);
  return pages;
};

/** The tree of a document as a browser builds it: elements and attribute names, with values that could run a script. */
const treesOf = `documents => documents.map(text => {
  const parsed = new DOMParser().parseFromString(text, 'text/html');
  const all = [...parsed.querySelectorAll('*')];
  return {
    tree: all.map(each => each.tagName + '[' + each.getAttributeNames().join(' ') + ']').join(' '),
    active: all.flatMap(each => each.getAttributeNames()
      .filter(name => name.startsWith('on') || /^\\\\s*(?:javascript|data|vbscript):/i.test(each.getAttribute(name).replace(/[\\\\x00-\\\\x20]/g, '')) && ['href', 'src', 'action', 'formaction', 'content'].includes(name))
      .map(name => each.tagName + ' ' + name)),
  };
})`;
interface Tree {
  readonly tree: string;
  readonly active: readonly string[];
}

describe('A88 sixty payloads in every shown value', () => {
  test(
    'A88 payloads change no element and no attribute of any page',
    async () => {
      const context = await setup.chromium.newContext();
      const parser = await context.newPage();
      await parser.goto(setup.client.origin);
      const parse = async (pages: ReadonlyMap<string, Answer>): Promise<ReadonlyMap<string, Tree>> => {
        const trees: readonly Tree[] = await parser.evaluate(
          `(${treesOf})(${JSON.stringify([...pages.values()].map(page => page.text))})`,
        );
        return new Map([...pages.keys()].map((name, at) => [name, trees[at] ?? { tree: '', active: [] }]));
      };
      const harmlessPages = await pagesWith(harmless, 0);
      const [wanted, wrong] = [await parse(harmlessPages), [] as string[]];
      // The harmless text is really visible, so the pages are the right ones.
      const showing = [...harmlessPages].filter(([, { text }]) => text.includes(harmless)).map(([name]) => name);
      expect(showing).toEqual(
        expect.arrayContaining([
          'password',
          'refused',
          'code',
          'malformed',
          'help',
          'lost',
          'consent',
          'posted',
          'sign out',
        ]),
      );
      expect(payloads).toHaveLength(60);
      for (const [at, payload] of payloads.entries()) {
        const pages = await pagesWith(payload, at + 1);
        for (const [name, { tree, active }] of await parse(pages)) {
          if (tree !== wanted.get(name)?.tree) wrong.push(`${name}: ${payload}`);
          if (active.length > 0) wrong.push(`${name}: ${payload}: ${active.join()}`);
          const answer = pages.get(name);
          if (answer?.text.includes(payload) === true && /[<>"]/.test(payload))
            wrong.push(`${name}: as it was: ${payload}`);
        }
      }
      expect(wrong).toEqual([]);
      await context.close();
    },
    patience,
  );
});

/** Ways in which a script could turn a text into markup or code. Trusted Types must refuse each. */
const sinks = {
  innerHTML: `document.createElement('p').innerHTML = '<b>x</b>'`,
  outerHTML: `document.body.firstElementChild.outerHTML = '<b>x</b>'`,
  insertAdjacentHTML: `document.body.insertAdjacentHTML('beforeend', '<b>x</b>')`,
  write: `document.write('<b>x</b>')`,
  srcdoc: `document.createElement('iframe').srcdoc = '<b>x</b>'`,
  'a script’s address': `document.createElement('script').src = '/x.js'`,
  'a script’s text': `document.createElement('script').text = '1'`,
  parseFromString: `new DOMParser().parseFromString('<b>x</b>', 'text/html')`,
  'a policy of one’s own': `trustedTypes.createPolicy('x', { createHTML: x => x })`,
} as const;

const refusals = async (page: Page): Promise<readonly string[]> => {
  const kept: string[] = [];
  for (const [name, sink] of Object.entries(sinks)) {
    const outcome = await page.evaluate(
      `(() => { try { ${sink}; return 'done'; } catch (error) { return error.name; } })()`,
    );
    if (outcome !== 'TypeError') kept.push(`${name}: ${String(outcome)}`);
  }
  return kept;
};

describe('A88 in Chromium', () => {
  test(
    'A88 the worst payload in a whole sign-in opens no dialog, loads no file and becomes no markup',
    async () => {
      const polyglot = payloads.find(each => each.startsWith('jaVasCript'));
      const text = `"><img src=x onerror=alert(1)><svg onload=alert(1)>${polyglot ?? ''}`;
      const { world } = setup;
      world.clock.advance(6 * 3_600_000);
      await world.addClient({
        id: 'worst',
        name: text,
        first_party: false,
        redirectUris: [`${setup.client.origin}/callback`],
      });
      await rename(text);
      const context = await setup.chromium.newContext();
      const [dialogs, violated]: [string[], string[]] = [[], []];
      await context.addInitScript(`addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile }) => {
        if (!window.expected) console.error('violated ' + violatedDirective + ' ' + sourceFile);
      })`);
      context.on('console', message => {
        if (message.text().startsWith('violated')) violated.push(message.text());
      });
      context.on('dialog', dialog => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      const page = await context.newPage();
      const e = encodeURIComponent;
      await page.goto(setup.authorizationUrl('worst', `&login_hint=${e(text)}&ui_locales=${e(text)}`));
      expect(await page.locator('h1').innerText()).toContain('<img src=x onerror=alert(1)>');
      await page.locator('#name').fill(text);
      await page.locator('input[name=password]').fill('wrong');
      await page.locator('form[action$="/password"] button[type=submit]').last().click();
      await page.locator('#name[aria-invalid], [role=alert], .alert').first().waitFor();
      await setup.enterPassword(page, world.people.noor);
      await page.locator('input[autocomplete="one-time-code"]').waitFor();
      const here = page.url();
      for (const beside of ['/options', '/help']) await page.goto(here + beside);
      await page.goto(here);
      await setup.enterCode(page, world.people.noor);
      await page.locator('button[value=allow]').click();
      await page.waitForURL(url => url.href.startsWith(`${setup.client.origin}/callback`));
      for (const path of ['/session/end?client_id=worst', `/auth?client_id=${e(text)}`, `/nowhere/${e(text)}`])
        await page.goto(world.issuer.origin + path);
      expect({ dialogs, violated }).toEqual({ dialogs: [], violated: [] });
      await context.close();

      // On pages of each kind, with their scripts, the browser refuses.
      const other = await setup.chromium.newContext();
      const tab = await other.newPage();
      for (const path of ['/', '/session/end', '/nowhere', `/interaction/${'x'.repeat(43)}`])
        expect({ path, done: await refusals(await at(tab, world.issuer.origin + path)) }).toEqual({ path, done: [] });
      expect(await refusals(await at(tab, setup.authorizationUrl('contoso')))).toEqual([]);
      // The legitimate case: on a page without such a policy each of them works.
      expect((await refusals(await at(tab, setup.client.origin))).length).toBe(Object.keys(sinks).length);
      await other.close();
    },
    patience,
  );

  test(
    'A88 the page that posts an answer to the client (form_post) does so without inline script',
    async () => {
      const context = await setup.chromium.newContext();
      const page = await setup.signIn(context, setup.world.people.noor);
      const [posted] = await Promise.all([
        page.waitForRequest(request => request.method() === 'POST' && request.url().startsWith(setup.client.origin)),
        page.goto(setup.authorizationUrl('contoso', '&prompt=none&response_mode=form_post')).catch(() => undefined),
      ]);
      expect(posted.postData()).toMatch(/^code=/);
      await context.close();
    },
    patience,
  );
});

/** Opens an address and waits until the page stays: some redirect on their own. */
const at = async (page: Page, address: string): Promise<Page> => {
  await page.goto(address, { waitUntil: 'networkidle' });
  return page;
};

describe('A88 every answer', () => {
  let crawl: SurfaceCrawl;
  beforeAll(async () => {
    crawl = await crawlSurface();
  }, patience);
  afterAll(() => crawl.world.close());

  test('A88 every answer has a policy without inline code, with Trusted Types, nosniff and minimal permissions', () => {
    expect(crawl.answers.flatMap(answer => violations(answer, false, ['script', 'permissions', 'disclosure']))).toEqual(
      [],
    );
  });
});
