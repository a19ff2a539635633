/**
 * A71. A link to this server carries the address of another site, and a page or a redirect leads there: people trust the link
 * because of our name in it (CWE-601, RFC 9700 §4.11, CVE-2026-29067). Forty spellings are sent in every place that holds an
 * address to go to, in places that others read so (`return_to`, `next`, `Referer`), and as the path itself. No answer may
 * redirect, refresh, link or post to another origin, except to an address that a client registered.
 * Guards: `web/pages/links.ts#placeToReturn`, `src/oidc/sign-out/sign-out.ts#skipSignOut`, `src/oidc/http/host.ts#checkHost`.
 */
import { request as askHttp } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fields, forgottenPath, languagePath } from '../../web/pages/links.ts';
import { heading, type Answer } from '../support/browser/plain.ts';
import { redirectPayloads } from '../support/hostile/redirect-payloads.ts';
import { startThreatWorld, type RecordingBrowser, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
let payloads: readonly string[];
/** Signed in as linus. */
let browser: RecordingBrowser;

beforeAll(async () => {
  world = await startThreatWorld();
  payloads = redirectPayloads(world.issuer.host);
  browser = world.recordingBrowser();
  await world.beginAs(browser, world.people.linus);
  await browser.visit('/account');
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(60_000));

const unescape = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** Every address to which an answer leads, as a browser resolves it. */
const leadsTo = ({ headers, text, path }: Answer): readonly URL[] => {
  const here = new URL(path, world.issuer);
  const written = [
    ...[headers['location'] ?? []].flat(),
    ...[...text.matchAll(/\s(?:href|action|formaction|src)="([^"]*)"/g)].map(([, to = '']) => unescape(to)),
    ...[...text.matchAll(/content="0;url='?([^"']*)/g)].map(([, to = '']) => unescape(to)),
    ...[headers['refresh'] ?? []].flat(),
  ];
  return written.map(to => new URL(to, here));
};

/** Origins of this installation and of its clients. */
const isOurs = ({ origin }: URL): boolean => origin === world.issuer.origin || origin === 'https://contoso.test';
/** What leads away. A header that the payload added is an address too. */
const leadsAway = (answer: Answer): readonly string[] => [
  ...leadsTo(answer)
    .filter(to => !isOurs(to))
    .map(({ href }) => href),
  ...[answer.headers['set-cookie'] ?? []].flat().filter(line => line.startsWith('a=')),
];

/** Sends a path as it is, which `fetch` and `URL` would correct. */
const raw = (path: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = askHttp(
      {
        host: '127.0.0.1',
        port: world.place.ports[0],
        path,
        headers: { host: world.issuer.host, accept: 'text/html' },
      },
      response => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => void (text += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, path: '/' }),
        );
      },
    );
    asked.on('error', reject);
    asked.end();
  });

const e = encodeURIComponent;
const signOut = (more: string): string => `/session/end?client_id=contoso&state=s${more}`;
/** Names under which other products take the address to go to next. */
const usualNames = [
  'return_to',
  'returnTo',
  'next',
  'redirect',
  'redirect_url',
  'url',
  'continue',
  'back',
  'target',
  'rd',
];

/** How a payload reaches the server, and the legitimate address in the same place with where it leads. */
const places: readonly {
  readonly place: string;
  readonly send: (payload: string) => Promise<Answer>;
  readonly honest: string;
  readonly leads: RegExp;
}[] = [
  {
    place: 'the form of the language',
    send: async back => browser.go(languagePath, { form: { [fields.language]: 'de', [fields.back]: back } }),
    honest: '/account/sessions',
    leads: /\/account\/sessions$/,
  },
  {
    place: 'the page of a forgotten password',
    send: async back => world.recordingBrowser().go(`${forgottenPath}?back=${e(back)}`),
    honest: '/interaction/abc',
    leads: /\/interaction\/abc$/,
  },
  {
    place: 'the form of a forgotten password',
    send: async back =>
      world.recordingBrowser().go(forgottenPath, { form: { [fields.name]: '', [fields.back]: back } }),
    honest: '/interaction/abc',
    leads: /\/interaction\/abc$/,
  },
  {
    place: 'a sign-out without a session',
    send: async uri => world.recordingBrowser().go(signOut(`&post_logout_redirect_uri=${e(uri)}`)),
    honest: 'https://contoso.test/',
    leads: /^https:\/\/contoso\.test\/\?state=s$/,
  },
  {
    place: 'a sign-out with a session',
    send: async uri => browser.go(signOut(`&post_logout_redirect_uri=${e(uri)}`)),
    honest: 'https://contoso.test/',
    leads: /\/session\/end\/confirm$/,
  },
  {
    place: 'the authorization endpoint',
    send: async uri => browser.go(`/auth?client_id=contoso&response_type=code&scope=openid&redirect_uri=${e(uri)}`),
    honest: 'https://contoso.test/callback',
    // It has no PKCE: the error goes to the client.
    leads: /^https:\/\/contoso\.test\/callback\?error=invalid_request/,
  },
  {
    place: 'Referer and Origin of a page',
    send: async from =>
      browser.go('/account/language-is-nowhere', { headers: { referer: inHeader(from), origin: inHeader(from) } }),
    honest: '/account',
    leads: /\/account$/,
  },
  ...usualNames.map(name => ({
    place: `the parameter ${name}`,
    send: async (to: string) => browser.go(`/account?${name}=${e(to)}`),
    honest: '/account/sessions',
    leads: /\/account\/sessions$/,
  })),
];

/** The part of a text that a header can hold. */
const inHeader = (text: string): string => text.replaceAll(/[^\t\x20-\x7E]/g, '');

describe.each(places)('A71 $place', ({ send, honest, leads }) => {
  test('A71 leads on to an address of ours or of the client', async () => {
    const answer = await send(honest);
    expect(leadsAway(answer)).toEqual([]);
    expect(leadsTo(answer).map(({ href }) => href)).toEqual(expect.arrayContaining([expect.stringMatching(leads)]));
  });

  test('A71 leads to no other site, by any of forty spellings', async () => {
    expect(payloads).toHaveLength(40);
    const away: string[] = [];
    for (const payload of payloads) {
      for (const to of leadsAway(await send(payload))) away.push(`${JSON.stringify(payload)}: ${to}`);
    }
    expect(away).toEqual([]);
  });
});

test('A71 the browser of these tests is signed in', async () => {
  expect((await world.outcome(browser)).accountId).toBe(world.people.linus.user.id);
});

/** As a path: escaped, but without a second escape. */
const written = (payload: string): string => encodeURI(payload).replaceAll('%25', '%');

describe('A71 the path itself', () => {
  test('A71 leads on to an address of ours', async () => {
    expect(leadsAway(await raw('/account'))).toEqual([]);
    expect((await raw('/')).status).toBe(200);
  });

  test('A71 leads to no other site, in front of a page, behind it and alone', async () => {
    const paths = payloads.flatMap(payload => {
      const text = written(payload);
      return [text, `${text}/account`, `${text}/auth?client_id=contoso`, `/account/${text}`, `/interaction/${text}`];
    });
    const away: string[] = [];
    for (const path of paths) {
      const answer = await raw(path);
      for (const to of leadsAway(answer)) away.push(`${path}: ${answer.status} ${to}`);
    }
    expect(away).toEqual([]);
  });
});

test('A71 a sign-in of the security page returns to a page of it, whatever path asked for it', async () => {
  const own = world.recordingBrowser();
  const page = await own.visit('/account/sessions');
  expect(heading(page)).not.toBe('');
  for (const payload of payloads) {
    const asking = world.recordingBrowser();
    await asking.visit(`/account/${e(payload)}`);
    expect(asking.answers.flatMap(leadsAway)).toEqual([]);
  }
});
