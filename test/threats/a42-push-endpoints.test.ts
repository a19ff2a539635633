/**
 * A42. A device registers a push subscription with an address that leads into our own network (SSRF): loopback, private and link-local
 * addresses in any notation, a host that looks like a push service, one that redirects, and one with a DNS answer that changes.
 * Guards: `src/mfa/push/subscription.ts#isPushEndpoint`, `src/http/outbound.ts#createOutbound`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createECDH, randomBytes } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { connect, createServer, type AddressInfo, type Server, type Socket, type TcpNetConnectOpts } from 'node:net';
import { behaveDevice, readDevice, readWire } from '../../simulator/person.ts';
import { readSubscription } from '../../src/mfa/push/subscription.ts';
import type { PushTarget } from '../../src/ports/carriers.ts';
import { startPushes, type Pushes } from '../support/pushes.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const keys = {
  p256dh: createECDH('prime256v1').generateKeys().toString('base64url'),
  auth: randomBytes(16).toString('base64url'),
};
const at = (endpoint: string): PushTarget => ({ endpoint, keys });
const own = [new URL('https://push.corp.example:8443'), new URL('http://127.0.0.1:3001')];

describe('A42 a subscription is saved', () => {
  test.each([
    'https://fcm.googleapis.com/fcm/send/cXl0:APA91b',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAAA',
    'https://eu.push.services.mozilla.com/wpush/v2/gAAAAA',
    'https://web.push.apple.com/QAbc',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAAA%3d',
    'https://push.corp.example:8443/p/1',
    'http://127.0.0.1:3001/push/1',
  ])('A42 at a known push service, or one of the operator: %s', endpoint => {
    expect(readSubscription({ ...at(endpoint), expirationTime: null }, own)).toEqual(at(endpoint));
  });

  test.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'http://127.0.0.1:3002/',
    'https://127.0.0.1:3001/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
    'https://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'https://10.0.0.1/',
    'https://localhost/',
    'https://attacker.example/',
    'http://fcm.googleapis.com/fcm/send/1',
    'https://fcm.googleapis.com:8443/fcm/send/1',
    'https://user:secret@fcm.googleapis.com/fcm/send/1',
    'https://fcm.googleapis.com@attacker.example/',
    'https://fcm.googleapis.com.attacker.example/',
    'https://fcm.googleapis.com./fcm/send/1',
    'https://notify.windows.com/',
    'https://evilnotify.windows.com/',
    'https://storage.googleapis.com/',
    'https://push.corp.example/p/1',
    'https://fcm.googleapis.com/fcm/send/1#fragment',
    `https://fcm.googleapis.com/${'x'.repeat(900)}`,
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//fcm.googleapis.com/',
    '',
  ])('A42 nowhere else: %s', endpoint => {
    expect(readSubscription(at(endpoint), own)).toBeUndefined();
  });

  test('A42 only with the keys of a browser', () => {
    const endpoint = 'https://web.push.apple.com/QAbc';
    const point = Buffer.from(keys.p256dh, 'base64url');
    const beside = Buffer.from(point).fill(7, 40);
    expect(readSubscription({ endpoint, keys }, [])).toEqual({ endpoint, keys });
    for (const p256dh of [beside, point.subarray(0, 64), Buffer.concat([point, Uint8Array.of(0)]), Buffer.alloc(65)]) {
      const broken = { ...keys, p256dh: p256dh.toString('base64url') };
      expect(readSubscription({ endpoint, keys: broken }, [])).toBeUndefined();
    }
    for (const auth of ['', keys.auth.slice(1), `${keys.auth}==`, `${keys.auth}AAAA`, 7]) {
      expect(readSubscription({ endpoint, keys: { ...keys, auth } }, [])).toBeUndefined();
    }
    for (const value of [null, undefined, 'text', [], { endpoint }, { endpoint, keys: null }, { keys }]) {
      expect(readSubscription(value, [])).toBeUndefined();
    }
  });
});

describe('A42 a push is sent', () => {
  /** A host of our own network. No connection may reach it. */
  let canary: Server;
  let connections = 0;
  /** Addresses that were connected to, in order. Those of push services lead nowhere. */
  const connected: string[] = [];
  let dns: Record<string, string[][]> = {};
  let store: OpenStore;
  let pushes: Pushes;

  const resolve = async (hostname: string): Promise<readonly string[]> => {
    const answers = dns[hostname] ?? [[]];
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  };
  const open = (options: TcpNetConnectOpts): Socket => {
    options.lookup?.(options.host ?? '', { all: true }, (_error, addresses) => {
      connected.push(...(addresses as LookupAddress[]).map(({ address }) => address));
    });
    const isOurs = options.host === '127.0.0.1';
    return connect({ host: '127.0.0.1', port: isOurs ? options.port : 9 });
  };
  const canaryPort = (): number => (canary.address() as AddressInfo).port;

  beforeAll(async () => {
    canary = createServer(socket => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>(done => {
      canary.listen(0, '127.0.0.1', done);
    });
    const [memory] = stores;
    if (memory === undefined) throw new Error('there is no store');
    store = await memory.open(Date.now);
    pushes = await startPushes(store, { network: { resolve, connect: open } });
  });
  afterAll(async () => {
    canary.close();
    await pushes.close();
    await store.close();
  });
  beforeEach(() => {
    connections = 0;
    connected.length = 0;
  });

  test('A42 to a subscription at a push service of the operator, which answers by a redirect that is not followed', async () => {
    const { push, subscribed } = await pushes.person();
    expect(await push()).toBe('taken');
    expect((await readDevice(pushes.simulator.url, subscribed.id)).pushes).toHaveLength(1);

    await behaveDevice(pushes.simulator.url, subscribed.id, 'redirects');
    const before = (await readWire(pushes.simulator.url)).length;
    expect(await push()).toBe('misconfigured');
    expect((await readWire(pushes.simulator.url)).slice(before).map(({ status }) => status)).toEqual([307]);
    expect(connected).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  test('A42 not to an address that was stored under another rule, in any notation', async () => {
    const hosts = [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      '10.0.0.1',
    ];
    dns = { localhost: [['127.0.0.1']] };
    for (const scheme of ['http', 'https']) {
      for (const host of hosts) {
        const { push, stored } = await pushes.person(`${scheme}://${host}:${canaryPort()}/inside`);
        expect([host, await push()]).toEqual([host, 'refused']);
        // The phone is not to blame: its subscription stays.
        expect(await stored()).toMatchObject({ push: 'works' });
      }
    }
    expect([connected, connections]).toEqual([[], 0]);
  });

  test.each([
    ['loopback', ['127.0.0.1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['a private address', ['10.0.0.1']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['link-local', ['fe80::1']],
    ['a public and a private address', ['142.250.74.10', '192.168.1.1']],
  ])('A42 not to a known push service whose name leads to %s', async (_what, addresses) => {
    dns = { 'fcm.googleapis.com': [addresses] };
    const { push } = await pushes.person('https://fcm.googleapis.com/fcm/send/1');
    expect(await push()).toBe('busy');
    expect([connected, connections]).toEqual([[], 0]);
  });

  test('A42 to the address that was checked, whatever DNS answers next', async () => {
    const host = 'wns2-par02p.notify.windows.com';
    dns = { [host]: [['40.77.226.1'], ['127.0.0.1']] };
    const { push } = await pushes.person(`https://${host}/w/?token=1`);
    expect(await push()).toBe('busy');
    expect(connected).toEqual(['40.77.226.1']);
    expect(await push()).toBe('busy');
    expect([connected, connections]).toEqual([['40.77.226.1'], 0]);
  });
});
