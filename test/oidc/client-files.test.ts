/** Tests clients that files declare: read with all their mistakes, compared, applied once by many nodes, and closed to other doors. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPlan, type Applied } from '../../src/oidc/client-files/apply.ts';
import { readClientFiles } from '../../src/oidc/client-files/client-files.ts';
import { planChanges, type Plan } from '../../src/oidc/client-files/plan.ts';
import { openWorld, type World } from './support/world.ts';
import { everyStore } from '../support/world/stores.ts';

let folder: string;
let world: World;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-clients-'));
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

const deps = () => ({ registry: world.clients, now: world.clock() });
const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const faultsOf = (): readonly object[] => {
  const read = readClientFiles(folder);
  return read.ok ? [] : read.faults;
};
const plan = async (): Promise<Plan> => {
  const read = readClientFiles(folder);
  return read.ok ? planChanges(deps(), read.declared) : read;
};
const apply = async (prune = false): Promise<Applied> => {
  const planned = await plan();
  if (!planned.ok) throw new Error(JSON.stringify(planned.faults));
  return applyPlan(deps(), planned.steps, { prune });
};
const stored = async (id: string) => (await world.clients.find(id))?.metadata;

const shop = `
clients:
  shop:
    client_name: Shop
    redirect_uris: [https://shop.test/callback]
    first_party: true
    min_acr: aal2
`;

describe('a file', () => {
  test('declares clients, which are added with all that an operator may set', async () => {
    file('shop.yaml', shop);
    const { added } = await apply();
    expect(added).toEqual([{ id: 'shop', secret: expect.stringMatching(/^[\w-]{43}$/) }]);
    expect(await stored('shop')).toMatchObject({
      client_name: 'Shop',
      first_party: true,
      min_acr: 'aal2',
      registered_by: 'file',
      declared_in: 'shop.yaml',
    });
    expect(world.audited).toEqual([{ event: 'client.added', actor: 'file', outcome: 'success', client: 'shop' }]);
  });

  test('that is applied again changes nothing, and audits nothing', async () => {
    file('shop.yaml', shop);
    await apply();
    world.audited.length = 0;
    expect(await apply()).toMatchObject({ added: [], changed: [], kept: ['shop'] });
    expect(world.audited).toEqual([]);
  });

  test('that has changed changes its client, and members that it leaves out get their defaults', async () => {
    file('shop.yaml', shop);
    await apply();
    file('shop.yaml', shop.replace('Shop\n', 'Our shop\n').replace('    min_acr: aal2\n', ''));
    const planned = await plan();
    expect(planned).toMatchObject({
      steps: [
        {
          action: 'change',
          id: 'shop',
          differences: [
            { member: 'client_name', before: 'Shop', after: 'Our shop' },
            { member: 'min_acr', before: 'aal2', after: undefined },
          ],
        },
      ],
    });
    // A plan changes nothing.
    expect(await stored('shop')).toMatchObject({ client_name: 'Shop', min_acr: 'aal2' });
    expect((await apply()).changed).toEqual(['shop']);
    expect(await stored('shop')).toMatchObject({ client_name: 'Our shop', first_party: true });
    expect(await stored('shop')).not.toHaveProperty('min_acr');
  });

  test('that is removed leaves its client, which only pruning removes', async () => {
    file('shop.yaml', shop);
    file('wiki.yml', shop.replaceAll('shop', 'wiki'));
    await world.clients.add({ client_id: 'typed', redirect_uris: ['https://a.test/'] }, 'cli');
    await apply();
    rmSync(join(folder, 'wiki.yml'));
    expect(await apply()).toMatchObject({ kept: ['shop'], removed: [], notDeclared: ['wiki'] });
    expect(await stored('wiki')).toBeDefined();
    expect(await apply(true)).toMatchObject({ removed: ['wiki'], notDeclared: [] });
    expect(await stored('wiki')).toBeUndefined();
    // Clients of other doors are not pruned.
    expect(await stored('typed')).toBeDefined();
  });

  test('takes over a client of the command line with its secret, and none of a developer or of itself', async () => {
    const known = await world.addClient({ client_id: 'shop', redirect_uris: ['https://shop.test/callback'] });
    file('shop.yaml', shop);
    expect((await apply()).changed).toEqual(['shop']);
    const client = await world.clients.stored('shop');
    expect(client && known.secret && world.clients.secrets.isOf(client, known.secret)).toBe(true);
    for (const door of ['developer', 'dynamic'] as const) {
      const added = await world.clients.add({ redirect_uris: ['https://b.test/'] }, { door, actor: door });
      if (!added.ok) throw new Error(added.message);
      file('other.yaml', shop.replace('  shop:', `  ${added.id}:`));
      expect(await plan()).toMatchObject({ ok: false, faults: [{ name: expect.stringContaining('other.yaml') }] });
    }
  });

  test('refuses each change of its clients by other doors', async () => {
    file('shop.yaml', shop);
    await apply();
    for (const by of [
      'cli',
      { door: 'developer', actor: 'user:ada' },
      { door: 'dynamic', actor: 'client:shop' },
    ] as const) {
      const refused = { ok: false, message: expect.stringContaining('declared in a file') };
      expect(await world.clients.change('shop', { set: { client_name: 'Mine' } }, by)).toMatchObject(refused);
      expect(await world.clients.remove('shop', by)).toMatchObject(refused);
    }
    expect(await stored('shop')).toMatchObject({ client_name: 'Shop' });
  });
});

const works = async (secret: string): Promise<boolean> => {
  const client = await world.clients.stored('shop');
  return client !== undefined && world.clients.secrets.isOf(client, secret);
};

describe('a secret', () => {
  const [first, second] = ['a'.repeat(40), 'b'.repeat(40)];
  const withSecret = `${shop}    client_secret_file: shop.secret\n`;
  test('comes from a file of its own, and is shown nowhere', async () => {
    file('shop.yaml', withSecret);
    file('shop.secret', `${first}\n`);
    expect((await apply()).added).toEqual([{ id: 'shop' }]);
    expect(await works(first)).toBe(true);
    const kept = [await world.documents.find({ model: 'Client' }), world.audited, world.logged];
    expect(JSON.stringify(kept)).not.toContain(first);
  });

  test('that was replaced works for a week beside the new one, and is named as a difference', async () => {
    file('shop.yaml', withSecret);
    file('shop.secret', first);
    await apply();
    expect((await apply()).kept).toEqual(['shop']);
    file('shop.secret', second);
    expect(await plan()).toMatchObject({
      steps: [{ action: 'change', differences: [{ member: 'client_secret' }, { member: 'previous_secret' }] }],
    });
    await apply();
    expect([await works(first), await works(second)]).toEqual([true, true]);
    world.clock.advance(7 * 86_400_000);
    expect([await works(first), await works(second)]).toEqual([false, true]);
  });

  test('of a file is not replaced by the command line, which makes those of all other clients', async () => {
    file('shop.yaml', withSecret);
    file('shop.secret', first);
    file('wiki.yaml', shop.replaceAll('shop', 'wiki'));
    await apply();
    expect(await world.clients.secrets.add('shop', 0, 'cli')).toMatchObject({
      ok: false,
      message: expect.stringContaining('client_secret_file'),
    });
    expect(await world.clients.secrets.add('wiki', 0, 'cli')).toMatchObject({ ok: true });
    // An old one can be ended earlier.
    file('shop.secret', second);
    await apply();
    expect(await world.clients.secrets.remove('shop', 'old', 'cli')).toEqual({ ok: true });
    expect([await works(first), await works(second)]).toEqual([false, true]);
  });

  test('for a client that has none is refused', async () => {
    file('shop.yaml', `${withSecret}    token_endpoint_auth_method: none\n`);
    file('shop.secret', first);
    expect(await plan()).toMatchObject({
      ok: false,
      faults: [{ name: 'shop.yaml: clients.shop (line 4): client_secret_file', got: 'a secret' }],
    });
  });

  test.each([
    ['missing', undefined],
    ['short', 'a'.repeat(31)],
    ['of two lines', `${'a'.repeat(40)}\n${'b'.repeat(40)}`],
    ['endless', 'a'.repeat(513)],
  ])('that is %s is refused, and never shown', async (_title, text) => {
    file('shop.yaml', withSecret);
    if (text !== undefined) file('shop.secret', text);
    const faults = faultsOf();
    expect(faults).toEqual([expect.objectContaining({ got: expect.stringContaining('client_secret_file') })]);
    expect(JSON.stringify(faults)).not.toContain('aaaa');
  });
});

test('all mistakes of all files are reported together, with their place, and with one of them nothing is applied', async () => {
  file('a.yaml', 'clients:\n  one:\n    redirect_uri: https://a.test/\n    min_acr: gold\n');
  file('b.yaml', 'clients: [one]\n');
  file('c.yaml', 'clients:\n  one:\n   client_name: [\n');
  file('d.yaml', '- a\n');
  file('e.yaml', 'client:\n  one: {}\n');
  file('f.yaml', 'clients:\n  one: {redirect_uris: [https://a.test/]}\n  one: {redirect_uris: [https://b.test/]}\n');
  file('g.yaml', 'clients:\n  one:\n    redirect_uris: [https://a.test/]\n');
  file(
    'h.yaml',
    'registration_policies:\n  partners:\n    set: {min_arc: aal2}\n    hosts: example.com\n    paths: [a]\n',
  );
  file('.hidden.yaml', '{');
  file('notes.txt', '{');
  const faults = faultsOf();
  expect(faults).toMatchInlineSnapshot(`
[
  {
    "expected": "a member that docs/connect-a-client.md lists",
    "got": "the member "redirect_uri"",
    "name": "a.yaml: clients.one.redirect_uri (line 3)",
  },
  {
    "expected": "a map",
    "got": "["one"]",
    "name": "b.yaml: clients (line 1)",
  },
  {
    "expected": "YAML 1.2",
    "got": "YAML with the mistake BAD_INDENT",
    "name": "c.yaml: line 4",
  },
  {
    "expected": "a map, with 100 aliases or less",
    "got": "another value",
    "name": "d.yaml: the file",
  },
  {
    "expected": "one of clients, registration_policies",
    "got": "the member "client"",
    "name": "e.yaml: client (line 2)",
  },
  {
    "expected": "YAML 1.2",
    "got": "YAML with the mistake DUPLICATE_KEY",
    "name": "f.yaml: line 3",
  },
  {
    "expected": "each client once",
    "got": "a client that a.yaml: clients.one (line 3) has too",
    "name": "g.yaml: clients.one (line 3)",
  },
  {
    "expected": "one of set, hosts, scopes, grant_types",
    "got": "the member "paths"",
    "name": "h.yaml: registration_policies.partners.paths (line 5)",
  },
  {
    "expected": "a list of texts",
    "got": ""example.com"",
    "name": "h.yaml: registration_policies.partners.hosts (line 4)",
  },
  {
    "expected": "a member that docs/connect-a-client.md lists",
    "got": "the member "min_arc"",
    "name": "h.yaml: registration_policies.partners.set.min_arc (line 3)",
  },
]
`);
});

test('what the check of clients refuses is a fault with its place', async () => {
  file(
    'a.yaml',
    'clients:\n  one:\n    redirect_uris: [http://a.test/]\n  two:\n    redirect_uris: [https://a.test/]\n    min_acr: gold\n',
  );
  file('b.yaml', 'registration_policies:\n  partners:\n    set: {min_acr: gold}\n');
  file('c.yaml', 'clients:\n  account:\n    redirect_uris: [https://a.test/]\n');
  const planned = await plan();
  expect(planned.ok ? [] : planned.faults).toMatchInlineSnapshot(`
[
  {
    "expected": "https: http is for 127.0.0.1, [::1] and localhost only",
    "got": ""http://a.test/"",
    "name": "a.yaml: clients.one (line 3): redirect_uris",
  },
  {
    "expected": "sfa, mfa, aal2 or phr",
    "got": ""gold"",
    "name": "a.yaml: clients.two (line 5): min_acr",
  },
  {
    "expected": "what docs/connect-a-client.md says",
    "got": "account, which is reserved for a page of this server",
    "name": "c.yaml: clients.account (line 3): client_id",
  },
  {
    "expected": "sfa, mfa, aal2 or phr",
    "got": ""gold"",
    "name": "b.yaml: registration_policies.partners (line 3): min_acr",
  },
]
`);
  expect(await world.clients.list()).toEqual([]);
});

test('a file that unfolds to billions of values is refused at once', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghij'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}]`),
  ];
  file('bomb.yaml', `${bomb.join('\n')}\nclients: {one: {redirect_uris: *j}}\n`);
  expect(faultsOf()).toEqual([expect.objectContaining({ got: 'another value' })]);
  file('bomb.yaml', 'x'.repeat(262_145));
  expect(faultsOf()).toEqual([expect.objectContaining({ got: '262145 characters' })]);
});

test.each(everyStore.map(store => [store.name, store] as const))(
  'eight nodes that start at once add each client once, and change it once (%s)',
  async (_name, store) => {
    await world.close();
    world = await openWorld({ store });
    file('shop.yaml', shop);
    file('wiki.yaml', shop.replaceAll('shop', 'wiki'));
    const added = (await Promise.all(Array.from({ length: 8 }, async () => apply()))).flatMap(each => each.added);
    expect(added.map(({ id }) => id).toSorted()).toEqual(['shop', 'wiki']);
    file('shop.yaml', shop.replace('aal2', 'phr'));
    const changed = (await Promise.all(Array.from({ length: 8 }, async () => apply()))).flatMap(each => each.changed);
    expect(changed).toEqual(['shop']);
    expect(world.audited.map(({ event }) => event)).toEqual(['client.added', 'client.added', 'client.changed']);
  },
);

/** Declares an API in a file of its own. */
const api = (id: string, resource?: string): void =>
  file(
    `${id}.yaml`,
    `clients:\n  ${id}:\n    redirect_uris: [https://${id}.test/callback]\n${resource === undefined ? '' : `    resource: ${resource}\n    resource_scopes: [read]\n`}`,
  );

test('two files that declare the same resource are a fault with both places, however each writes it', async () => {
  api('a', 'https://one.test/');
  api('b', 'https://ONE.test');
  expect(faultsOf()).toEqual([
    {
      name: 'b.yaml: clients.b.resource (line 4)',
      got: 'a resource that a.yaml: clients.a.resource (line 4) has too',
      expected: 'each resource once',
    },
  ]);
  api('b', 'https://two.test/');
  expect((await apply()).added.map(({ id }) => id)).toEqual(['a', 'b']);
});

const resources = async () => Promise.all(['a', 'b'].map(async id => (await stored(id))?.['resource']));

describe.each(everyStore.map(store => [store.name, store] as const))(
  'resources of declared clients on %s',
  (_name, store) => {
    beforeEach(async () => {
      await world.close();
      world = await openWorld({ store });
      api('a', 'https://one.test/');
      api('b', 'https://two.test/');
      await apply();
    });

    test('two clients exchange theirs, also where eight nodes start at once', async () => {
      api('a', 'https://two.test');
      api('b', 'https://one.test');
      await Promise.all(Array.from({ length: 8 }, async () => apply()));
      expect(await resources()).toEqual(['https://two.test', 'https://one.test']);
      expect(await apply()).toMatchObject({ changed: [], kept: ['a', 'b'] });
    });

    test('one moves to a client that is written before its holder', async () => {
      api('a', 'https://two.test/');
      api('b');
      expect(await apply()).toMatchObject({ changed: ['a', 'b'] });
      expect(await resources()).toEqual(['https://two.test/', undefined]);
    });

    test('one of a client that no file declares is not taken', async () => {
      rmSync(join(folder, 'b.yaml'));
      api('a', 'https://two.test/');
      await expect(apply()).rejects.toThrow('another client has the resource');
      expect(await resources()).toEqual(['https://one.test/', 'https://two.test/']);
    });
  },
);
