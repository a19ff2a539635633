/**
 * Clients of developers: their teams, and how many a person may add, on every store, because durable writes decide both. Waiting clients
 * are refused. Guards: `src/oidc/developers/team.ts#Teams`, `src/oidc/clients/approval.ts#putAside`,
 * `src/oidc/clients/made.ts#keepMadeClients`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Outbound } from '../../src/http/outbound.ts';
import { Clients } from '../../src/oidc/clients.ts';
import type { Registrar } from '../../src/oidc/clients/doors.ts';
import { OwnClients } from '../../src/oidc/developers/own-clients.ts';
import { largestTeam, Teams } from '../../src/oidc/developers/team.ts';
import { clientMemberKind, oidcDocumentKind, type User } from '../../src/records.ts';
import { createClock } from '../support/world/clock.ts';
import { everyStore, type Node, type OpenStore } from '../support/world/stores.ts';
import { authorize } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { houseSecrets, openWorld, type World } from './support/world.ts';
import { noScopes } from '../../src/scopes/scopes.ts';

const refuseOutbound: Outbound = async () => {
  throw new Error('got a request to a client, expected none');
};

const person = (id: string): User => ({
  id,
  rev: 1,
  name: id,
  signInNames: [id],
  displayName: id,
  createdAt: 0,
  authenticators: [],
});
const [ada, grace, linus] = [person('ada'), person('grace'), person('linus')];
const client = { client_name: 'Contoso', redirect_uris: ['https://rp.test/cb'] } as const;

const addOne = async (own: OwnClients): Promise<string> => {
  const answer = await own.add(ada, client);
  if (!answer.ok) throw new Error(answer.message);
  return answer.id;
};

describe.each(everyStore)('clients of developers on $name', ({ open }) => {
  const clock = createClock();
  let store: OpenStore;
  beforeEach(async () => {
    store = await open(clock);
  });
  afterEach(() => store.close());

  const openOwn = async (node: Node = store, places = 3) => {
    const teams = new Teams({ durable: node.durable, members: node.durable.collection(clientMemberKind), clock });
    const clients = new Clients({
      durable: node.durable,
      documents: node.durable.collection(oidcDocumentKind),
      ...node.shortLived,
      clock,
      secrets: await houseSecrets(),
      audit: async () => {},
      outbound: refuseOutbound,
      scopes: noScopes,
      approval: 'none',
      onRemoved: async id => teams.forgetClient(id),
    });
    const people = [ada, grace, linus];
    const own = new OwnClients({
      clients: async () => clients,
      teams,
      users: {
        find: async typed => people.find(({ name }) => name === typed),
        get: async id => people.find(each => each.id === id),
      },
      mayDevelop: ({ id }) => id !== 'linus',
      audit: async () => {},
      places,
    });
    return { own, teams };
  };
  test('a client belongs to the person who added it, and to nobody else', async () => {
    const { own } = await openOwn();
    const id = await addOne(own);
    expect(await own.list(ada)).toMatchObject([{ id, role: 'owner' }]);
    expect([await own.list(grace), await own.find(grace, id)]).toEqual([[], undefined]);
    const foreign = await Promise.all([
      own.change(grace, id, { set: { client_name: 'Mine' } }),
      own.newSecret(grace, id, 0),
      own.remove(grace, id),
      own.addPerson(grace, id, 'grace', 'owner'),
      own.removePerson(grace, id, 'ada'),
    ]);
    const unknown = { ok: false, reason: 'unknown', message: 'no client of yours has this id' };
    expect(foreign).toEqual([unknown, unknown, unknown, 'unknown', 'unknown']);
    expect((await own.find(ada, id))?.client.metadata.client_name).toBe('Contoso');
  });

  test('of many clients that are added at once, by two nodes, no more than the limit are there', async () => {
    const nodes = [await openOwn(), await openOwn(await store.reopen())];
    const answers = await Promise.all(Array.from({ length: 8 }, async (_, at) => nodes[at % 2]?.own.add(ada, client)));
    expect(answers.filter(answer => answer?.ok).length).toBe(3);
    const reasons = answers.flatMap(answer => (answer === undefined || answer.ok ? [] : [answer.reason]));
    expect(new Set(reasons)).toEqual(new Set(['limit']));
    const [{ own } = await openOwn()] = nodes;
    expect((await own.list(ada)).length).toBe(3);
    const [first] = await own.list(ada);
    expect(await own.remove(ada, first?.id ?? '')).toEqual({ ok: true });
    expect((await own.add(ada, client)).ok).toBe(true);
  });

  test('giving a client away does not make room for another one', async () => {
    const { own, teams } = await openOwn(store, 1);
    const id = await addOne(own);
    expect(await own.addPerson(ada, id, 'grace', 'owner')).toBe('done');
    expect(await own.removePerson(ada, id, 'ada')).toBe('done');
    expect([await own.find(ada, id), await teams.roleOf(id, 'grace')]).toEqual([undefined, 'owner']);
    expect(await own.add(ada, client)).toMatchObject({ ok: false, reason: 'limit' });
    expect((await own.add(grace, client)).ok).toBe(true);
  });

  test('the last owner stays, also where two owners leave at the same moment', async () => {
    const [{ own }, other] = [await openOwn(), await openOwn(await store.reopen())];
    const id = await addOne(own);
    expect(await own.removePerson(ada, id, 'ada')).toBe('last-owner');
    expect(await own.addPerson(ada, id, 'grace', 'owner')).toBe('done');
    const left = await Promise.all([own.removePerson(ada, id, 'ada'), other.own.removePerson(grace, id, 'grace')]);
    expect(left.toSorted()).toEqual(['done', 'last-owner']);
    expect((await own.teamOf(id)).map(({ role }) => role)).toEqual(['owner']);
  });

  test('a member changes the client, and neither deletes it nor changes the team', async () => {
    const { own } = await openOwn();
    const id = await addOne(own);
    await own.addPerson(ada, id, 'grace', 'member');
    expect(await own.change(grace, id, { set: { client_name: 'Changed' } })).toMatchObject({ ok: true });
    expect(await own.remove(grace, id)).toMatchObject({ ok: false, reason: 'unknown' });
    expect(await own.addPerson(grace, id, 'grace', 'owner')).toBe('unknown');
    expect(await own.removePerson(grace, id, 'grace')).toBe('done');
    expect(await own.find(grace, id)).toBeUndefined();
  });

  test('a name that does not exist and one whose person is no developer get the same answer', async () => {
    const { own } = await openOwn();
    const id = await addOne(own);
    expect(await own.addPerson(ada, id, 'nobody', 'member')).toBe('unknown-person');
    expect(await own.addPerson(ada, id, 'linus', 'member')).toBe('unknown-person');
  });

  test('a team is bounded, and ends with its client', async () => {
    const { own, teams } = await openOwn();
    const id = await addOne(own);
    for (let at = 1; at < largestTeam; at += 1) await teams.set(id, `person-${at}`, 'member', 'owner');
    expect(await own.addPerson(ada, id, 'grace', 'member')).toBe('full');
    await own.remove(ada, id);
    expect(await teams.of(id)).toEqual([]);
    // A page that was open meanwhile gives nobody a client that may get the same id later.
    expect(await teams.set(id, 'grace', 'member', 'owner')).toBe('absent');
  });
});

describe('what waits for approval', () => {
  const developer: Registrar = { door: 'developer', actor: 'user:ada' };
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ approval: 'required', explainsErrors: true });
    await world.addUser('ada');
  });
  afterEach(() => world.close());
  const register = async () => {
    const added = await world.clients.add(client, developer);
    if (!added.ok) throw new Error(added.message);
    return { id: added.id, redirectUri: client.redirect_uris[0], secret: added.secret ?? '' };
  };

  /** Approves what waits of this client now. */
  const approve = async (id: string) => {
    const found = await world.clients.find(id);
    if (found === undefined) throw new Error('the client is gone');
    return world.clients.approve(found.metadata, 'cli');
  };

  test('a new client is refused at every endpoint with a reason, and works once it is approved', async () => {
    const rp = await register();
    const refused = await authorize(new Browser(world), rp);
    expect([refused.at, refused.answer.status]).toEqual(['page', 400]);
    expect(JSON.stringify(world.logged)).toContain('client waits for approval');
    const form = { grant_type: 'authorization_code', code: 'x', client_id: rp.id, client_secret: rp.secret };
    for (const path of ['/token', '/request', '/token/introspection', '/token/revocation', '/device/auth']) {
      const answer = await send(world, 'POST', path, { form: { ...form, token: 'x' } });
      expect([path, answer.status >= 400, answer.text.includes('invalid_client')]).toEqual([path, true, true]);
    }
    expect(await approve(rp.id)).toMatchObject({ ok: true });
    expect(world.audited.at(-1)).toMatchObject({ event: 'client.approved', actor: 'cli', client: rp.id });
    expect((await authorize(new Browser(world), rp)).at).toBe('interaction');
  });

  test('an address that is added later waits alone', async () => {
    const rp = await register();
    await approve(rp.id);
    const wanted = [...client.redirect_uris, 'https://evil.test/cb'];
    const changed = await world.clients.change(rp.id, { set: { redirect_uris: wanted } }, developer);
    expect(changed).toMatchObject({ ok: true });
    const metadata = async () => (await world.clients.find(rp.id))?.metadata;
    expect((await metadata())?.redirect_uris).toEqual(client.redirect_uris);
    const evil = await authorize(new Browser(world), { ...rp, redirectUri: 'https://evil.test/cb' });
    expect([evil.at, evil.answer.status]).toEqual(['page', 400]);
    const told = `got "https://evil.test/cb", which waits until an administrator approves it: \`clients approve ${rp.id}\``;
    expect(world.refused.at(-1)).toMatchObject({ code: 'IDP-4101', sent: 'https://evil.test/cb', explanation: told });
    expect(world.refused.at(-1)).not.toHaveProperty('registered');
    await authorize(new Browser(world), { ...rp, redirectUri: 'https://evil.test/' });
    expect(world.refused.at(-1)?.explanation).toContain('registered "https://');
    expect((await authorize(new Browser(world), rp)).at).toBe('interaction');
    expect((await world.clients.waiting()).map(each => each.metadata.client_id)).toEqual([rp.id]);
    await approve(rp.id);
    expect((await metadata())?.redirect_uris).toEqual(wanted);
    expect(await approve(rp.id)).toMatchObject({ ok: false });
  });

  test('a change of another member leaves the waiting address where it is', async () => {
    const rp = await register();
    await approve(rp.id);
    const more = { set: { redirect_uris: [...client.redirect_uris, 'https://new.test/cb'] } };
    await world.clients.change(rp.id, more, developer);
    await world.clients.change(rp.id, { set: { client_name: 'Other' } }, developer);
    await approve(rp.id);
    expect((await world.clients.find(rp.id))?.metadata.redirect_uris).toEqual(more.set.redirect_uris);
  });

  test('the operator’s own clients do not wait', async () => {
    const added = await world.clients.add({ ...client, client_id: 'own' }, 'cli');
    expect(added.ok).toBe(true);
    expect(await world.clients.waiting()).toEqual([]);
  });
});
