/** Tests what `clients add --for` registers and prints for each kind of software. Real ones are run by examples/clients. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'acorn';
import {
  isSoftware,
  registrationFor,
  snippetFor,
  software,
  type SoftwareName,
} from '../../src/oidc/clients/software/index.ts';
import type { Software } from '../../src/oidc/clients/software/software.ts';
import { applyChange } from '../../src/oidc/clients/change.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';
import { authorize } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type World } from '../oidc/support/world.ts';

const names = Object.keys(software).filter(isSoftware);
const url = 'https://app.example.org';
/** The address option of `add` for this software. */
const addressOf = (known: Software): readonly string[] => (known.url === undefined ? ['--url', `${url}/`] : []);

/** Quotes and brackets that are not closed, in the order of a text. Enough to notice a template that is cut or badly filled. */
const unclosed = (text: string): string => {
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  const open: string[] = [];
  const plain = text.replaceAll(/"[^"\n]*"|'[^'\n]*'|^\s*(?:#|\/\/).*$/gm, '');
  for (const sign of plain.match(/[()[\]{}"']/g) ?? []) {
    if (pairs[sign] === undefined) open.push(sign);
    else if (open.pop() !== pairs[sign]) return `${sign} without its beginning`;
  }
  return open.join('');
};

/** A check of the syntax, where one is at hand. */
const checks: Partial<Record<Software['syntax'], (text: string) => void>> = {
  js: text => void parse(text, { ecmaVersion: 'latest', sourceType: 'module' }),
  yaml: text => {
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(?: {2})*(?:- "\w+"|[\w-]+:(?: (?:"[^"]*"|\["[^\]]*"\]|true|false))?)$/);
    }
  },
  toml: text => {
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^\w+ = (?:"[^"]*"|\["[^\]]*"\])$/);
  },
  ini: text => {
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(?:|\[[\w.]+\]|\w+ = .+)$/);
  },
};

describe('clients add --for', () => {
  let line: CommandLine;
  beforeAll(async () => {
    line = await openCommandLine({ SALLYPORT_ISSUER: 'http://localhost:4300' });
    await line.run('clients', 'list');
  });
  afterAll(() => line.close());

  test.each(names)('%s: is registered, and prints its configuration with the values of this client', async name => {
    const known: Software = software[name];
    const { code, out } = await line.run(
      'clients',
      'add',
      name,
      '--id',
      `id-of-${name}`,
      '--for',
      name,
      ...addressOf(known),
    );
    expect(code).toBe(0);
    const [, secret] = /^client_secret +(\S{43})$/m.exec(out) ?? [];
    expect(secret === undefined).toBe(known.registration['token_endpoint_auth_method'] === 'none');
    const printed = out.slice(out.indexOf(known.title));
    for (const value of ['http://localhost:4300', `id-of-${name}`, ...(secret === undefined ? [] : [secret])]) {
      expect(printed).toContain(value);
    }
    expect(printed).not.toMatch(/"undefined"|\[object/);
    expect(printed.includes('pkce=optional')).toBe(known.sends === 'neither');

    const shown = await line.run('clients', 'show', `id-of-${name}`, '--for', name);
    expect(shown).toMatchObject({ code: 0, out: expect.not.stringContaining('registered otherwise') });
    expect(shown.out).not.toMatch(secret === undefined ? /client_secret/ : new RegExp(secret));
  });

  test.each(names)('%s: its snippet has the syntax of its file', name => {
    const known: Software = software[name];
    const values = {
      issuer: 'https://id.example.org',
      clientId: 'c',
      clientSecret: 's',
      redirectUri: url + known.redirectPath,
    };
    const text = snippetFor(name, values);
    checks[known.syntax]?.(text);
    expect(unclosed(text)).toBe('');
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toContain('example.com');
    // A secret of the software's own is a new one each time.
    const other = snippetFor(name, values);
    expect(other === text).toBe(!/(?:secret|Passphrase|secret_key).{0,4}"[\w-]{43}"/.test(text));
  });

  test('--for without --url says that it is needed, and --url without --for what to use', async () => {
    expect(await line.run('clients', 'add', 'G', '--for', 'grafana')).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected --url with the address of Grafana'),
    });
    expect(await line.run('clients', 'add', 'G', '--url', url)).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected --redirect-uri'),
    });
    expect(await line.run('clients', 'add', 'G', '--for', 'grafna')).toMatchObject({
      code: 2,
      err: expect.stringContaining('grafana'),
    });
  });

  test('a program that runs on the machine of each person has no address to type', async () => {
    expect(await line.run('clients', 'add', 'T', '--for', 'native-cli', '--url', url)).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected none'),
    });
  });

  test('what is typed beside --for wins, and an address in a folder is kept', async () => {
    const typed = ['--for', 'oauth2-proxy', '--url', `${url}/tools/`, '--pkce', 'required', '--first-party'];
    await line.run('clients', 'add', 'Tools', '--id', 'tools', ...typed);
    const { metadata } = JSON.parse((await line.run('clients', 'show', 'tools', '--json')).out) as { metadata: object };
    expect(metadata).toMatchObject({
      pkce: 'required',
      first_party: true,
      redirect_uris: [`${url}/tools/oauth2/callback`],
    });
    const own = 'https://own.example.org/cb';
    const { out } = await line.run(
      'clients',
      'add',
      'Own',
      '--id',
      'own',
      '--for',
      'oauth2-proxy',
      '--redirect-uri',
      own,
    );
    expect(out).toContain(`redirect_url = "${own}"`);
  });

  test('a client that requires PKCE is right for a snippet that sends PKCE', async () => {
    await line.run('clients', 'add', 'G', '--id', 'strict', '--for', 'grafana', '--url', 'https://g.example.org');
    await line.run('clients', 'set', 'strict', '--pkce', 'required');
    const { out } = await line.run('clients', 'show', 'strict', '--for', 'grafana');
    expect(out).toContain('use_pkce = true');
    expect(out).not.toMatch(/registered otherwise|pkce=optional/);
  });

  test('a client that is registered otherwise is told what its software needs', async () => {
    await line.run('clients', 'add', 'Plain', '--id', 'plain', '--redirect-uri', 'https://a.example.org/cb');
    const { out } = await line.run('clients', 'show', 'plain', '--for', 'spring');
    expect(out).toContain('registered otherwise: id_token_signed_response_alg: got "ES256", expected "RS256"');
    expect(out).toContain('client-secret: "THE-CLIENT-SECRET"');
  });

  test('a program on the machine of each person needs no address', async () => {
    const added = await line.run('clients', 'add', 'Tool', '--id', 'tool', '--for', 'native-cli');
    expect(added).toMatchObject({ code: 0, out: expect.not.stringContaining('client_secret') });
    expect((await line.run('clients', 'show', 'tool')).out).toMatch(
      /^redirect addresses +http:\/\/127\.0\.0\.1\/callback \(http: with any port\)$/m,
    );
  });
});

/** The parameters of a request, beside those that every software sends. */
const parameters = (sends: Software['sends']) => ({
  ...(!sends.includes('PKCE') && { code_challenge: undefined, code_challenge_method: undefined }),
  ...(sends.includes('nonce') && { nonce: 'n' }),
});

describe('software that is configured as its own documentation has it', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test.each(names)('%s begins a sign-in with what it sends by default', async (name: SoftwareName) => {
    const known: Software = software[name];
    const { sends, redirectPath } = known;
    const registration = registrationFor(name, known.url ?? url);
    const client = applyChange({ client_id: name, redirect_uris: [] }, registration);
    expect(await world.clients.add(client, 'cli')).toMatchObject({ ok: true });
    const rp = { id: name, redirectUri: (known.url ?? url) + redirectPath };
    expect((await authorize(new Browser(world), rp, parameters(sends))).at).toBe('interaction');
    // Only where it must be is a client registered so loosely that a request with neither is answered.
    const bare = await authorize(new Browser(world), rp, parameters('neither'));
    expect(bare.at === 'interaction').toBe(sends === 'neither');
  });
});

test('docs/connect-a-client.md lists each kind of software with what it sends', () => {
  const document = readFileSync(new URL('../../docs/connect-a-client.md', import.meta.url), 'utf8');
  const rows = [...document.matchAll(/^\| `([^`]+)` +\| ([^|]+?) +\| (PKCE and nonce|PKCE|nonce|neither) /gm)];
  const expected = names.map(name => {
    const { title, sends }: Software = software[name];
    return [name, title, sends];
  });
  expect(rows.map(([, name, title, sends]) => [name, title, sends])).toEqual(expected);
});
