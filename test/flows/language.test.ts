/**
 * Tests that one language holds for a whole sign-in, page and call: the browser's choice, the client's request, the
 * person's, the browser's settings.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { userKind } from '../../src/records.ts';
import { languages, wording } from '../../src/locales/wording.ts';
import { catalogue } from '../../web/pages/catalogue.ts';
import { placeToReturn } from '../../web/pages/links.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  atClient,
  enterPassword,
  openRelyingParty,
  pickUp,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { routes } from '../threats/support/routes.ts';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const tongue = ({ text, headers }: Answer): string | undefined => {
  const lang = /<html lang="([^"]*)" dir="ltr">/.exec(text)?.[1];
  expect(headers['content-language']).toBe(lang);
  return lang;
};
/** Opens the foot of this page and presses the name of a language. */
const choose = async (browser: Browser, page: Answer, language: string): Promise<Answer> => {
  const { action, hidden } = formTo(page, /^\/language$/);
  expect(page.text).toContain(`name="language" value="${language}" lang="${language}"`);
  return browser.visit(action, { form: { ...hidden, language } });
};
const title = (text: string): string => /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? '';
const inFrench = { headers: { 'accept-language': 'fr-CA,fr;q=0.9,en;q=0.5' } };

describe('the language of a page', () => {
  test('is that of the browser’s choice, else the client, else the person, else the browser’s settings, else English', async () => {
    const { linus, noor } = world.people;
    const collection = world.store.durable.collection(userKind);
    const user = await collection.get(noor.user.id);
    if (user === undefined) throw new Error('noor is gone');
    await collection.replace({ ...user, language: 'de' });

    const at = async (person: typeof noor, wish: Record<string, string>, how = {}, chosen?: string) => {
      const browser = world.browser();
      let page = await browser.visit((await rp.begin(wish)).url);
      if (chosen !== undefined) page = await choose(browser, page, chosen);
      const second = await enterPassword(browser, page, person);
      return tongue(await browser.go(`${second.path.replace(/\/[a-z]+$/, '')}/help`, how));
    };
    expect(await at(noor, { ui_locales: 'de' }, inFrench, 'en')).toBe('en');
    expect(await at(noor, { ui_locales: 'tlh fr' })).toBe('fr');
    expect(await at(noor, {}, inFrench)).toBe('de');
    expect(await at(noor, { ui_locales: 'tlh' }, { headers: { 'accept-language': 'tlh' } })).toBe('de');
    await collection.replace({ ...user, rev: user.rev + 1 });
    expect(await at(noor, {}, inFrench)).toBe('fr');
    expect(await at(noor, {})).toBe('en');
    const browser = world.browser();
    await expect(signIn(rp, browser, linus, { ui_locales: 'fr' })).resolves.toBeDefined();
  });

  test('is one of the published ui_locales_supported', () => {
    expect(rp.config.serverMetadata().ui_locales_supported).toEqual(languages);
    expect(languages).toEqual(['en', 'de', 'fr']);
  });
});

describe('a chosen language', () => {
  test('applies in the middle of a sign-in, also to the whole phone call', async () => {
    const { ada } = world.people;
    const browser = world.browser();
    const request = await rp.begin({ ui_locales: 'en' });
    const first = await browser.visit(request.url);
    const german = await choose(browser, first, 'de');
    expect([german.path, tongue(german), heading(german)]).toEqual([first.path, 'de', 'Bei Contoso Office anmelden']);
    const calling = await enterPassword(browser, german, ada);
    expect(heading(calling)).toContain('Wir rufen ');
    await pickUp(ada, '#');
    const { heard } = await ada.phone.hear();
    expect(heard.map(({ language }) => language)).toEqual(['de-DE', 'de-DE']);
    expect(heard[0]?.text).toContain('drücken Sie die Raute-Taste');
    expect(heard.at(-1)?.text).toBe(wording('de').phone.approved);
    const going = await browser.go(formTo(calling, /\/factor$/).action, { form: {} });
    expect([tongue(going), heading(going)]).toEqual(['de', wording('de').pages.continuing.heading]);
    const done = await browser.visit(browser.next(going)?.href ?? '');
    await expect(request.redeem(atClient(browser, done))).resolves.toBeDefined();
  });

  test('leaves a ringing call and the current page as they are', async () => {
    const { ada } = world.people;
    const browser = world.browser();
    const calling = await enterPassword(browser, await browser.visit((await rp.begin()).url), ada);
    const call = await ada.phone.ringing();
    const picker = await browser.visit(`${calling.path}/options`);
    const inGerman = await choose(browser, picker, 'de');
    expect([inGerman.path, tongue(inGerman)]).toEqual([picker.path, 'de']);
    const help = await choose(browser, await browser.visit(`${calling.path}/help?reason=nothing-left`), 'fr');
    expect([help.path, heading(help)]).toEqual([
      `${calling.path}/help?reason=nothing-left`,
      wording('fr').help.nothingLeft,
    ]);
    expect((await ada.phone.ringing()).sid).toBe(call.sid);
    expect(tongue(await browser.visit(calling.path))).toBe('fr');
  });

  test('returns to every GET page of the router and to the path each page names', () => {
    const shows = routes
      // Not those for scripts: events, a new challenge, and the file of recovery codes.
      .filter(({ method, step }) => method === 'GET' && !/\/events$|\/passkey$|\.txt$/.test(step))
      .map(({ step }) => `/interaction/x${step}`);
    expect(shows.length).toBeGreaterThanOrEqual(4);
    expect(shows.map(placeToReturn)).toEqual(shows);
    const places = catalogue.map(
      ({ draw }) => /name="back" value="([^"]*)"/.exec(draw(wording('en')).text)?.[1] ?? '/',
    );
    expect(new Set(places).size).toBeGreaterThan(4);
    expect(places.map(placeToReturn)).toEqual(places);
    expect(places).toEqual(
      expect.arrayContaining(['/password/sent?back=%2Finteraction%2FV1StGXR8Z5jdHi6B', '/password/saved']),
    );
    expect(placeToReturn('/password/sent?back=%2F%2Fevil.example')).toBe('/');
  });

  test('lasts a year in the browser and no longer', async () => {
    const browser = world.browser();
    await choose(browser, await browser.visit('/'), 'fr');
    const cookie = browser.jar.cookies.find(({ name }) => name === 'sallyport-language');
    expect(cookie?.header).toMatch(/^sallyport-language=fr; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
    world.clock.advance(364 * 86_400_000);
    expect(tongue(await browser.go('/'))).toBe('fr');
    world.clock.advance(2 * 86_400_000);
    expect(tongue(await browser.go('/'))).toBe('en');
  });

  test('applies to pages outside a sign-in: front, unknown, refused, lost, signed out', async () => {
    const browser = world.browser();
    const { linus } = world.people;
    await signIn(rp, browser, linus);
    await choose(browser, await browser.visit('/'), 'de');
    const lost = await browser.visit('/interaction/gone');
    const pages = {
      front: await browser.visit('/'),
      unknown: await browser.visit('/nowhere'),
      forbidden: await browser.go('/language', {
        form: { language: 'fr' },
        headers: { 'sec-fetch-site': 'cross-site' },
      }),
      library: await browser.visit('/auth?client_id=nobody'),
      lost,
      resumed: await browser.visit('/auth/gone'),
      logout: await browser.visit('/session/end'),
    };
    const seen = Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, tongue(page)]));
    expect(seen).toEqual(Object.fromEntries(Object.keys(pages).map(name => [name, 'de'])));
    expect(formTo(lost, /^\/language$/).hidden).toEqual({ back: '/interaction/gone' });
    const { action, hidden } = formTo(pages.logout, /confirm$/);
    expect(tongue(await browser.visit(action, { form: { ...hidden, logout: 'yes' } }))).toBe('de');
  });

  test('on pages of the library is that of the request, else of the browser', async () => {
    const browser = world.browser();
    const asking = `/auth?client_id=contoso&redirect_uri=${encodeURIComponent('https://other.test/')}&response_type=code`;
    expect(tongue(await browser.go(`${asking}&ui_locales=de`, inFrench))).toBe('de');
    expect(tongue(await browser.go(asking, inFrench))).toBe('fr');
    expect(tongue(await browser.go('/nowhere', inFrench))).toBe('fr');
  });
});

test('the language cookie is bound to its host under https', async () => {
  const secure = await startWorld({ issuer: 'https://login.example.test' });
  try {
    const browser = secure.browser();
    const page = await choose(browser, await browser.visit('/'), 'de');
    expect(tongue(page)).toBe('de');
    const cookie = browser.jar.seen.find(({ name }) => name.includes('language'));
    expect(cookie?.header).toMatch(/^__Host-language=de; path=\/; expires=[^;]+; samesite=lax; secure; httponly$/i);
    // A cookie that another host of the site could have set is ignored.
    const other = secure.browser();
    expect(tongue(await other.go('/', { headers: { cookie: 'sallyport-language=fr' } }))).toBe('en');
  } finally {
    await secure.close();
  }
});

describe.each(languages)('every page in %s', language => {
  const words = wording(language);

  test('has its lang attribute, a title in that language and a language choice unless it redirects', () => {
    const wrong = catalogue.flatMap(({ name, draw }) => {
      const { text } = draw(words);
      // A waiting page without script loads itself again later: that is no redirect.
      const redirects = text.includes('http-equiv="refresh" content="0;');
      const faults = [
        text.includes(`<html lang="${language}" dir="${words.direction}">`) ? '' : 'lang',
        language !== 'en' && title(text) === title(draw(wording('en')).text) ? 'title' : '',
        (text.match(/action="\/language"/g)?.length ?? 0) === (redirects ? 0 : 1) ? '' : 'choice',
        languages.every(each => redirects || text.includes(`value="${each}"`)) ? '' : 'list',
      ];
      return faults.filter(Boolean).map(fault => `${name}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });
});
