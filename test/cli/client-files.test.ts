/** Tests `clients apply` and `registration-tokens` as an operator types them, and the files of clients at the start of a server. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyClientFiles } from '../../server/client-files.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';
import { startWorld } from '../support/world/world.ts';

let folder: string;
let line: CommandLine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-clients-'));
  line = await openCommandLine({ SALLYPORT_ISSUER: 'http://localhost:4300', SALLYPORT_CLIENTS_DIR: folder });
  await line.run('clients', 'list');
});
afterAll(async () => {
  await line.close();
  rmSync(folder, { recursive: true });
});

const file = (text: string): void => writeFileSync(join(folder, '10-shop.yaml'), text);
const shop = 'clients:\n  shop:\n    client_name: Shop\n    redirect_uris: [https://shop.test/callback]\n';

test('a dry run prints the differences and changes nothing; applying prints a new secret once', async () => {
  file(shop);
  const dry = await line.run('clients', 'apply', '--dry-run');
  expect(dry).toMatchObject({
    code: 0,
    out: '+ shop  (10-shop.yaml)\n0 unchanged.\nNothing was changed: --dry-run.\n',
  });
  expect((await line.run('clients', 'list')).out).not.toContain('shop');

  const applied = await line.run('clients', 'apply');
  expect(applied.out).toMatch(/^\+ shop {2}\(10-shop\.yaml\)\n0 unchanged\.\nshop: client_secret {2}[\w-]{43}\n$/);
  expect((await line.run('clients', 'apply')).out).toBe('1 unchanged.\n');

  file(`${shop}    min_acr: aal2\n`);
  expect((await line.run('clients', 'apply', '--dry-run')).out).toBe(
    '~ shop  (10-shop.yaml)\n    min_acr: (none) -> "aal2"\n0 unchanged.\nNothing was changed: --dry-run.\n',
  );
  expect((await line.run('clients', 'set', 'shop', '--name', 'Mine')).err).toContain('declared in a file');

  file('clients: {}\n');
  expect((await line.run('clients', 'apply')).out).toContain(
    '? shop  no file declares it any more; --prune removes it',
  );
  expect((await line.run('clients', 'apply', '--prune')).out).toContain('- shop');
  expect((await line.run('clients', 'list')).out).not.toContain('shop');
});

test('mistakes end commands and checks with 78, and all are told', async () => {
  file(`${shop}    min_arc: aal2\n    require_mfa: yes please\n`);
  for (const command of [
    ['clients', 'apply'],
    ['clients', 'apply', '--dry-run'],
    ['config', 'check'],
  ]) {
    const { code, err } = await line.run(...command);
    expect([command, code]).toEqual([command, 78]);
    expect(err).toContain('10-shop.yaml: clients.shop.min_arc (line 5)');
  }
  file(`${shop}    require_mfa: yes please\n`);
  expect(await line.run('clients', 'apply')).toMatchObject({ code: 78, err: expect.stringContaining('true or false') });
});

test('a server has the clients of the files before its first request, and logs no secret', async () => {
  file(shop);
  const world = await startWorld({ nodes: 2, env: { SALLYPORT_CLIENTS_DIR: folder } });
  try {
    const registry = await world.services.clients();
    expect((await registry.find('shop'))?.metadata).toMatchObject({ client_name: 'Shop', registered_by: 'file' });
    expect(await world.audited('client.added')).toHaveLength(1);
    expect(
      world.logged.filter(({ event }) => event.startsWith('clients.')).map(({ event, fields }) => [event, fields]),
    ).toEqual([
      ['clients.applied', { added: 1, changed: 0, kept: 0 }],
      ['clients.secret-not-shown', { client: 'shop' }],
      ['clients.applied', { added: 0, changed: 0, kept: 1 }],
    ]);
    const query = new URLSearchParams({ client_id: 'shop', redirect_uri: 'https://shop.test/callback' });
    const page = await world.browser().visit(`/auth?${query.toString()}&response_type=code&scope=openid&nonce=1`);
    expect(page.status).toBe(200);

    file(`${shop}    require_mfa: yes please\n`);
    const started = applyClientFiles(world.services.resources, world.services);
    await expect(started).rejects.toMatchObject({ name: 'ConfigError' });
  } finally {
    await world.close();
  }
});

test('registration tokens are made, listed without their secret, and removed', async () => {
  file('registration_policies:\n  partners:\n    hosts: [partner.test]\n');
  const made = await line.run(
    'registration-tokens',
    'add',
    '--uses',
    '3',
    '--policy',
    'partners',
    '--label',
    'Contoso',
  );
  const [, token = ''] = /^registration_token {2}(\S+)$/m.exec(made.out) ?? [];
  const [id = '', secret = ''] = token.split('.');
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(made.out).toContain('It registers 3 clients at http://localhost:4300/reg.');
  expect(made.out).toContain('SALLYPORT_REGISTRATION is off');
  const listed = await line.run('registration-tokens', 'list');
  expect(listed.out).toMatch(new RegExp(`^${id} +partners +3 +\\d{4}-.*Contoso$`, 'm'));
  expect(listed.out + (await line.run('registration-tokens', 'list', '--json')).out).not.toContain(secret);
  expect(await line.run('registration-tokens', 'remove', id)).toMatchObject({ code: 0, out: 'Removed.\n' });
  expect(await line.run('registration-tokens', 'remove', id)).toMatchObject({ code: 1 });
});

test.each([
  [['--uses', '0'], '--uses: got "0", expected a whole number from 1 to 1000'],
  [['--expires-in', 'soon'], '--expires-in: got "soon", expected 1m to 365d'],
  [['--policy', 'unknown'], '--policy: got "unknown", expected standard or one of a file'],
])('a token with %j is refused', async (args, message) => {
  expect(await line.run('registration-tokens', 'add', ...args)).toMatchObject({
    code: 1,
    err: expect.stringContaining(message),
  });
});
