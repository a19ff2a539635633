/** Tests what the developers of a client learn of its refused requests, and that strangers cannot make it costly. */
import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { ClientNotes, keptFor, maxClients, maxNotes, writtenAfter } from '../../src/oidc/developers/client-notes.ts';
import { refusalNotes } from '../../src/oidc/developers/client-refusals.ts';
import { documentId } from '../../src/oidc/adapter/durable.ts';
import { clientRefusalsKind, oidcDocumentKind, type ClientRefusal } from '../../src/records.ts';
import { Problem } from '../../src/errors.ts';
import { createClock } from '../support/world/clock.ts';
import { stores } from '../support/world/stores.ts';
import { authorize, credentials } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld } from './support/world.ts';

const refusal: ClientRefusal = {
  code: 'IDP-4101',
  error: 'invalid_redirect_uri',
  endpoint: 'authorization',
  sent: 'https://crm.test/cb/',
  registered: 'https://crm.test/cb',
  explanation: 'got "https://crm.test/cb/", registered "https://crm.test/cb": different slash at the end',
};

describe.each(stores)('refusals of clients on $name', ({ open }) => {
  const opened = async (clients = ['crm']) => {
    const clock = createClock();
    const store = await open(clock);
    const lines: string[] = [];
    const documents = store.durable.collection(oidcDocumentKind);
    const add = async (id: string) =>
      documents.insert({ id: documentId('Client', id), rev: 1, model: 'Client', payload: { client_id: id } });
    for (const id of clients) await add(id);
    let writes = 0;
    let isDown = false;
    const on = ({ durable }: Pick<typeof store, 'durable'> = store) => {
      const records = durable.collection(clientRefusalsKind);
      const counting: typeof records = {
        ...records,
        insert: async doc => ((writes += 1), records.insert(doc)),
        replace: async next => ((writes += 1), records.replace(next)),
        get: async id => {
          if (isDown) throw new Problem('unavailable', 'the store is down');
          return records.get(id);
        },
      };
      const log = createLog({ level: 'info', write: line => lines.push(line) });
      return new ClientNotes({ records: counting, documents, clock, schedule: clock.after, log }, refusalNotes);
    };
    const pass = async (time = writtenAfter) => {
      clock.advance(time);
      await clock.fired();
    };
    return {
      store,
      clock,
      lines,
      add,
      on,
      pass,
      writes: () => writes,
      documents,
      fail: (down: boolean) => (isDown = down),
    };
  };

  test('equal ones are one entry with a count, the newest first, and one write stands for all of five seconds', async () => {
    const { store, clock, on, pass, writes } = await opened();
    const refusals = on();
    const started = clock();
    for (let n = 0; n < 1000; n += 1) refusals.note('crm', { ...refusal, reference: `REF${n}` });
    refusals.note('crm', { code: 'IDP-4104', error: 'invalid_client', endpoint: 'token' });
    expect([await refusals.of('crm'), writes()]).toEqual([[], 0]);
    await pass();
    refusals.note('crm', { ...refusal, reference: 'LAST' });
    await pass();
    expect(await refusals.of('crm')).toEqual([
      { ...refusal, reference: 'LAST', count: 1001, firstAt: started, lastAt: started + writtenAfter },
      { code: 'IDP-4104', error: 'invalid_client', endpoint: 'token', count: 1, firstAt: started, lastAt: started },
    ]);
    expect(writes()).toBe(2);
    await store.close();
  });

  test('strangers cannot make it grow: entries, texts and clients are bounded', async () => {
    const many = Array.from({ length: maxClients + 5 }, (_, n) => `client-${n}`);
    const { store, on, pass, writes } = await opened(['crm', ...many]);
    const refusals = on();
    for (let n = 0; n < 500; n += 1) {
      refusals.note('crm', { ...refusal, sent: `https://x.test/${n}`, explanation: 'x'.repeat(10_000) });
    }
    await pass();
    const kept = await refusals.of('crm');
    expect(kept.map(({ sent }) => sent)).toEqual(
      Array.from({ length: maxNotes }, (_, n) => `https://x.test/${499 - n}`),
    );
    expect(JSON.stringify(kept).length).toBeLessThan(20_000);
    expect(writes()).toBe(1);
    for (const id of many) refusals.note(id, refusal);
    await pass();
    expect(writes()).toBe(1 + maxClients);
    await store.close();
  });

  test('a client id that is not registered, or not any more, has none', async () => {
    const { store, add, documents, on, pass, writes } = await opened();
    const refusals = on();
    refusals.note('never', refusal);
    refusals.note('crm', refusal);
    await documents.remove(documentId('Client', 'crm'));
    await pass();
    expect(writes()).toBe(0);
    await add('crm');
    refusals.note('crm', refusal);
    await pass();
    await refusals.forgetClient('crm');
    expect(await refusals.of('crm')).toEqual([]);
    await store.close();
  });

  test('those of two nodes are added up, and what a node has noted is written before it ends', async () => {
    const { store, on } = await opened();
    const nodes = [on(), on(await store.reopen())];
    for (let round = 0; round < 5; round += 1) {
      for (const node of nodes) node.note('crm', refusal);
      await Promise.all(nodes.map(node => node.close()));
    }
    expect(await nodes[1]?.of('crm')).toMatchObject([{ count: 10 }]);
    await store.close();
  });

  test('a store that fails costs the entries, one line of the log, and no request', async () => {
    const { store, lines, on, pass, fail } = await opened();
    const refusals = on();
    fail(true);
    refusals.note('crm', refusal);
    await pass();
    fail(false);
    expect(lines.join('')).toContain('client-refusals.lost');
    refusals.note('crm', refusal);
    await pass();
    expect(await refusals.of('crm')).toMatchObject([{ count: 1 }]);
    await store.close();
  });

  test('they end thirty days after the last one', async () => {
    const { store, clock, on, pass } = await opened();
    const refusals = on();
    refusals.note('crm', refusal);
    await pass();
    clock.advance(keptFor - 1);
    expect(await refusals.of('crm')).toHaveLength(1);
    clock.advance(1);
    expect(await refusals.of('crm')).toEqual([]);
    await store.close();
  });
});

test('a page, a token request and a sign-out of a known client are noted, an unknown client and a waiting device are not', async () => {
  const world = await openWorld();
  try {
    await world.addUser('ada');
    const rp = await world.addClient({
      client_id: 'crm',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    });
    const secret = { headers: credentials({ ...rp, secret: 's3cret' }) };
    const page = await authorize(new Browser(world), { ...rp, redirectUri: `${rp.redirectUri}/?token=s3cret` });
    await send(world, 'POST', '/token', { form: { grant_type: 'refresh_token', refresh_token: 's3cret' }, ...secret });
    await new Browser(world).open(
      'GET',
      '/session/end?client_id=crm&post_logout_redirect_uri=https%3A%2F%2Felse.test%2F%3Fx',
    );
    await authorize(new Browser(world), { ...rp, id: 'unknown' });
    const device = await send(world, 'POST', '/device/auth', {
      form: { scope: 'openid' },
      headers: credentials(rp),
    });
    const { device_code: code } = JSON.parse(device.text) as { readonly device_code: string };
    const poll = await send(world, 'POST', '/token', {
      form: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code },
      headers: credentials(rp),
    });
    expect(poll.text).toContain('authorization_pending');

    expect(world.refused).toEqual([
      {
        client: 'crm',
        code: 'IDP-4101',
        error: 'invalid_redirect_uri',
        endpoint: 'authorization',
        sent: `${rp.redirectUri}/`,
        registered: rp.redirectUri,
        explanation: `got "${rp.redirectUri}/", registered "${rp.redirectUri}": different slash at the end, query`,
        reference: expect.stringMatching(/^[0-9A-Z]{8}$/),
      },
      {
        client: 'crm',
        code: 'IDP-4104',
        error: 'invalid_client',
        endpoint: 'token',
        explanation: 'the client_secret is not that of this client',
      },
      {
        client: 'crm',
        code: 'IDP-4102',
        error: 'invalid_request',
        endpoint: 'end_session',
        sent: 'https://else.test/',
        explanation: 'got "https://else.test/", none is registered',
        reference: expect.any(String),
      },
    ]);
    // The developer reads the reference on the page, and finds the entry by it.
    expect(page.answer.text).toContain(world.refused[0]?.reference);
    expect(JSON.stringify(world.refused)).not.toContain('s3cret');
  } finally {
    await world.close();
  }
});
