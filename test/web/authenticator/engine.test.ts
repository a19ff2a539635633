/** Tests the engine of the authenticator: pairing, requests and their ends, answers, notifications, and what is kept. */
import { describe, expect, test } from '@jest/globals';
import { generateSync } from 'otplib';
import type { RequestClaims } from '../../../src/mfa/push/protocol.ts';
import { openDevice, memoryStore, type Device } from './support/device.ts';
import { createServer, refusal, type Server } from './support/server.ts';

const named = { name: 'Ada’s Pixel' };

/** A device with one account. */
const paired = async (
  server: Server = createServer(),
  options: Parameters<typeof openDevice>[1] = {},
): Promise<{ readonly server: Server; readonly device: Device }> => {
  const device = await openDevice(server, options);
  device.engine.start();
  device.engine.openLink('secret');
  device.engine.actions.pair(named);
  await device.settle();
  await asked(server, device, { purpose: 'pairing' });
  const [request] = device.state().requests;
  device.engine.actions.approve(request?.id ?? '', '47');
  await device.settle();
  expect(device.state()).toMatchObject({ pairing: { step: 'done' }, requests: [] });
  device.engine.actions.go({ at: 'home' });
  return { server, device };
};

/** A request arrives. */
const asked = async (server: Server, device: Device, changes: Partial<RequestClaims> = {}): Promise<RequestClaims> => {
  const claims = server.ask(changes);
  server.wake();
  await device.settle();
  return claims;
};

describe('a pairing', () => {
  test('by link: names the device, shows the digits, answers the test with the code of its TOTP key, and is kept', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const server = createServer({ totp: `otpauth://totp/Contoso:ada?secret=${secret}&issuer=Contoso` });
    const device = await openDevice(server);
    const { engine, state, settle } = device;
    engine.start();
    engine.openLink('secret of the link');
    expect(state()).toMatchObject({ screen: { at: 'pairing' }, pairing: { step: 'naming' } });
    engine.actions.pair(named);
    await settle();
    expect(state().pairing).toMatchObject({ step: 'comparing', organization: 'Contoso', account: 'ada', digits: '31' });
    expect(server.bodies.get('POST pairings')).toEqual({
      secret: 'secret of the link',
      name: named.name,
      key: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
      subscription: null,
      language: 'en',
    });
    const claims = await asked(server, device, { purpose: 'pairing' });
    expect(state().screen).toEqual({ at: 'request', request: claims.jti });
    engine.actions.approve(claims.jti, '47');
    await settle();
    expect(server.answers).toMatchObject([
      {
        aud: 'https://login.example',
        request: claims.jti,
        nonce: claims.nonce,
        client: claims.client,
        decision: 'approve',
        number: '47',
        code: generateSync({ secret, epoch: server.now() / 1000 }),
      },
    ]);
    expect(state()).toMatchObject({
      screen: { at: 'pairing' },
      pairing: { step: 'done', organization: 'Contoso', account: 'ada' },
      entries: [{ title: 'Contoso', account: 'ada', state: 'paired', hasCodes: true, device: named.name }],
    });
    expect(device.account()).not.toHaveProperty('pairing');
    await expect(crypto.subtle.exportKey('pkcs8', device.account().key.privateKey)).rejects.toThrow(/not extractable/);
    expect(JSON.stringify([...device.store.kept.values()])).not.toContain(secret);
  });

  test('by typed code, with notifications asked for first, brings the subscription', async () => {
    const server = createServer();
    const { engine, state, settle } = await openDevice(server, { permission: 'default' });
    engine.actions.pair({ ...named, code: 'ABCD-1234' });
    await settle();
    expect([state().pairing, server.calls.includes('POST pairings')]).toEqual([{ step: 'notifications' }, false]);
    engine.actions.allowNotifications();
    await settle();
    expect(server.bodies.get('POST pairings')).toMatchObject({
      code: 'ABCD-1234',
      subscription: { endpoint: 'https://push.example/0' },
    });
  });

  test('in a browser whose push service the operator does not allow goes on without it', async () => {
    const server = createServer();
    const { engine, state, settle } = await openDevice(server, { permission: 'granted' });
    server.refuse.set('POST pairings', () => {
      server.refuse.delete('POST pairings');
      return refusal(422, 'subscription-refused')();
    });
    engine.openLink('secret');
    engine.actions.pair(named);
    await settle();
    expect(server.bodies.get('POST pairings')).toMatchObject({ subscription: null });
    expect(state()).toMatchObject({ pairing: { step: 'comparing' }, notifications: 'failed' });
  });

  test('goes on after the app was closed', async () => {
    const server = createServer();
    const store = memoryStore();
    const before = await openDevice(server, { store });
    before.engine.openLink('secret');
    before.engine.actions.pair(named);
    await before.settle();
    const device = await openDevice(server, { store });
    device.engine.start();
    expect(device.state()).toMatchObject({ screen: { at: 'pairing' }, pairing: { step: 'comparing', digits: '31' } });
    const claims = await asked(server, device, { purpose: 'pairing' });
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state().pairing).toMatchObject({ step: 'done' });
  });

  test.each([
    ['a code that finds nothing', 'pairing-unknown', 404, { code: 'ABCD-1234' }, 'wrong-code'],
    ['a text that is no code', 'code-malformed', 422, { code: 'ABCD' }, 'wrong-code'],
    ['a code that was used', 'pairing-used', 409, { code: 'ABCD-1234' }, 'expired'],
    ['too many codes', 'wait', 429, { code: 'ABCD-1234' }, 'later'],
    ['a link that is too old', 'pairing-unknown', 404, {}, 'expired'],
    ['a mistake of ours', 'malformed', 422, {}, 'failed'],
  ])('fails for %s, and keeps no key', async (_, error, status, by, why) => {
    const server = createServer();
    server.refuse.set('POST pairings', refusal(status, error));
    const { engine, state, settle, store } = await openDevice(server);
    engine.openLink('secret');
    engine.actions.pair({ ...named, ...by });
    await settle();
    expect(state().pairing).toEqual({ step: 'failed', why, message: `Sentence of ${error}.` });
    expect(store.kept.size).toBe(0);
  });

  test('that the person refuses on the page, or that is too old, ends and forgets its key', async () => {
    for (const [wait, why] of [
      [0, 'refused'],
      [600_000, 'expired'],
    ] as const) {
      const server = createServer();
      const device = await openDevice(server);
      device.engine.openLink('secret');
      device.engine.actions.pair(named);
      await device.settle();
      server.advance(wait);
      server.refuse.set('GET requests', refusal(401, 'device-unknown'));
      device.engine.actions.refresh();
      await device.settle();
      expect([device.state().pairing, device.store.kept.size]).toEqual([{ step: 'failed', why }, 0]);
    }
  });

  test('that is cancelled forgets its key and tells the server', async () => {
    const server = createServer();
    const { engine, state, settle, store } = await openDevice(server);
    engine.openLink('secret');
    engine.actions.pair(named);
    await settle();
    engine.actions.cancelPairing();
    await settle();
    expect([state().screen, state().pairing, store.kept.size]).toEqual([{ at: 'home' }, undefined, 0]);
    expect(server.calls).toContain('DELETE device');
  });

  test('whose last reply was lost is done once the server says so', async () => {
    const server = createServer();
    const device = await openDevice(server);
    device.engine.start();
    device.engine.openLink('secret');
    device.engine.actions.pair(named);
    await device.settle();
    server.state = 'paired';
    server.wake();
    await device.settle();
    expect(device.state()).toMatchObject({ pairing: { step: 'done' }, entries: [{ state: 'paired' }] });
  });

  test('of another deployment is not begun', async () => {
    const { engine, state } = await openDevice(createServer());
    engine.actions.scanned('https://login.example.evil.test/authenticator/#pair=secret');
    expect(state()).toMatchObject({ scanProblem: 'elsewhere', screen: { at: 'home' } });
    engine.actions.scanned('https://login.example/other#pair=secret');
    expect(state().scanProblem).toBe('foreign');
    engine.actions.scanned('https://login.example/authenticator/#pair=secret');
    expect(state().pairing).toEqual({ step: 'naming' });
  });
});

describe('a request', () => {
  test('that arrives opens, but takes no screen away on which the person types or scans', async () => {
    const { server, device } = await paired();
    const { engine, state } = device;
    engine.actions.go({ at: 'add' });
    const claims = await asked(server, device);
    expect(state()).toMatchObject({ screen: { at: 'add' }, requests: [{ id: claims.jti }] });
    server.forget();
    engine.actions.go({ at: 'home' });
    const next = await asked(server, device);
    expect(state().screen).toEqual({ at: 'request', request: next.jti });
    engine.actions.back();
    server.wake();
    await device.settle();
    expect(state()).toMatchObject({ screen: { at: 'home' }, requests: [{ id: next.jti }] });
  });

  test('that arrives while the end of the last one is shown takes its place, and Back leads home', async () => {
    const { server, device } = await paired();
    const last = await asked(server, device);
    server.outcome = { result: 'approved' };
    device.engine.actions.approve(last.jti, '47');
    await device.settle();
    const next = await asked(server, device);
    expect(device.state().screen).toEqual({ at: 'request', request: next.jti });
    device.engine.actions.back();
    expect(device.state().screen).toEqual({ at: 'home' });
  });

  test.each([
    [{ result: 'approved' }, 'approved'],
    [{ result: 'wrong-number' }, 'wrong-number'],
    [{ result: 'over', reason: 'cancelled' }, 'over'],
    [{ result: 'over', reason: 'expired' }, 'expired'],
    [{ result: 'wrong-pin', attemptsLeft: 0 }, 'locked'],
  ] as const)('answered with %j ends as %s, and is kept in the history', async (outcome, result) => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    server.outcome = outcome;
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state()).toMatchObject({
      screen: { at: 'ended', request: claims.jti },
      requests: [],
      history: [{ id: claims.jti, result, claims: { client: 'Contoso Office' } }, { result: 'approved' }],
    });
    const later = await openDevice(server, { store: device.store });
    expect(later.state().history[0]).toMatchObject({ id: claims.jti, result });
  });

  test.each([
    ['cancelled', 'over'],
    ['expired', 'expired'],
  ])('that was %s before the answer came is over', async (reason, result) => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    server.refuse.set('POST answers', refusal(409, 'over', { more: { result: 'over', reason } }));
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state()).toMatchObject({ screen: { at: 'ended' }, history: [{ result, reason }, {}] });
    expect(device.state().answering).toBeUndefined();
  });

  test('that is refused for another reason waits on, with the sentence of the server', async () => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    server.refuse.set('POST answers', refusal(422, 'malformed'));
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state()).toMatchObject({
      answering: { state: 'failed', message: 'Sentence of malformed.' },
      requests: [{ id: claims.jti }],
    });
  });

  test.each([
    ['decline', 'declined'],
    ['report', 'reported'],
  ] as const)('is answered by %s without a number', async (decision, result) => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    server.outcome = { result };
    device.engine.actions[decision](claims.jti);
    await device.settle();
    expect(server.answers.at(-1)).toMatchObject({ decision, request: claims.jti });
    expect(server.answers.at(-1)).not.toHaveProperty('number');
    expect(device.state().history[0]).toMatchObject({ result });
  });

  test('of a device whose key was paired before ends so', async () => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    server.outcome = { result: 'bound' };
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state()).toMatchObject({ screen: { at: 'ended' }, requests: [], history: [{ result: 'bound' }, {}] });
  });

  test('leaves what was said of an answer behind on its screen', async () => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    server.refuse.set('POST answers', () => {
      throw new Error('no network');
    });
    device.engine.actions.approve(claims.jti, '47');
    device.engine.actions.go({ at: 'report', request: claims.jti });
    expect(device.state().answering).toEqual({ state: 'sending' });
    await device.settle();
    expect(device.state().answering).toEqual({ state: 'unreachable' });
    device.engine.actions.back();
    expect(device.state()).toMatchObject({ screen: { at: 'request' } });
    expect(device.state()).not.toHaveProperty('answering');
  });

  test('waits on after a wrong PIN, and says how many attempts are left', async () => {
    const { server, device } = await paired();
    const claims = await asked(server, device, { unlock: 'pin' });
    server.outcome = { result: 'wrong-pin', attemptsLeft: 3 };
    device.engine.actions.approve(claims.jti, '47', '000000');
    await device.settle();
    expect(server.answers.at(-1)).toMatchObject({ pin: '000000', number: '47' });
    expect(device.state()).toMatchObject({
      answering: { state: 'wrong-pin', attemptsLeft: 3 },
      requests: [{ id: claims.jti }],
    });
  });

  test.each([
    ['not-unlocked', 'not-verified'],
    ['wrong-code', 'wrong-code'],
  ] as const)('waits on where the server answers %s, and can be answered again', async (result, state) => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    server.outcome = { result };
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state()).toMatchObject({ answering: { state }, requests: [{ id: claims.jti }] });
    server.outcome = { result: 'approved' };
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state()).toMatchObject({ requests: [], history: [{ id: claims.jti, result: 'approved' }, {}] });
  });

  test('with a biometric is answered only where the device has verified the person, over request, number and decision', async () => {
    const { server, device } = await paired(createServer());
    const credential = { id: 'credential', rpId: 'login.example' };
    device.store.kept.set(device.account().id, { ...device.account(), credential });
    const later = await openDevice(server, { store: device.store });
    later.engine.start();
    await later.settle();
    const claims = await asked(server, later, { unlock: 'biometric' });
    const before = server.answers.length;
    later.biometric.answer = undefined;
    later.engine.actions.approve(claims.jti, '47');
    await later.settle();
    expect([later.state().answering, server.answers.length]).toEqual([{ state: 'not-verified' }, before]);
    later.biometric.answer = 'asserted';
    later.engine.actions.approve(claims.jti, '47');
    await later.settle();
    const text = JSON.stringify([claims.jti, claims.nonce, 'approve', '47']);
    const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('base64url');
    expect(later.biometric.asked.at(-1)).toEqual({ challenge, ...credential });
    expect(server.answers.at(-1)).toMatchObject({ assertion: 'asserted' });
  });

  test('that cannot be sent can be sent again, and is sent once at a time', async () => {
    const { server, device } = await paired();
    const claims = await asked(server, device);
    const before = server.answers.length;
    server.refuse.set('POST answers', () => {
      throw new Error('no network');
    });
    device.engine.actions.approve(claims.jti, '47');
    await device.settle();
    expect(device.state().answering).toEqual({ state: 'unreachable' });
    server.refuse.delete('POST answers');
    device.engine.actions.approve(claims.jti, '47');
    device.engine.actions.approve(claims.jti, '48');
    device.engine.actions.report(claims.jti);
    await device.settle();
    expect(server.answers.slice(before)).toMatchObject([{ number: '47' }]);
  });

  test('that the server lists no more has ended elsewhere; one whose time is over has expired', async () => {
    const { server, device } = await paired();
    const gone = await asked(server, device);
    server.forget();
    server.wake();
    await device.settle();
    expect(device.state()).toMatchObject({ screen: { at: 'ended' }, history: [{ id: gone.jti, result: 'over' }, {}] });
    device.engine.actions.go({ at: 'home' });
    const late = await asked(server, device);
    await device.advance(60_000);
    device.engine.tick();
    await device.settle();
    expect(device.state().history[0]).toMatchObject({ id: late.jti, result: 'expired' });
  });

  test('signed with a key that the one before has named is shown; with another key it is not, and the account is not trusted', async () => {
    const { server, device } = await paired();
    server.changeKey(true);
    const trusted = await asked(server, device);
    expect(device.state().requests).toMatchObject([{ id: trusted.jti }]);
    server.forget();
    server.changeKey(false);
    await asked(server, device);
    expect(device.state()).toMatchObject({ requests: [], entries: [{ state: 'untrusted' }] });
  });

  test.each([
    ['all', 'paired'],
    // A node that has not read the new key yet tells the same.
    ['none', 'paired'],
    ['another', 'untrusted'],
  ] as const)('signed with a replaced key is not shown where %s of its successors is told', async (told, state) => {
    const { server, device } = await paired();
    server.changeKey(true);
    await asked(server, device);
    server.forget();
    await device.advance(30_000);
    server.signWithFirst(told);
    await asked(server, device);
    expect(device.state()).toMatchObject({ requests: [], entries: [{ state }] });
  });

  test('arrives by the event stream, before anything is asked again', async () => {
    const { server, device } = await paired();
    expect(server.streams()).toBe(1);
    const before = server.calls.length;
    await asked(server, device);
    expect(server.calls.slice(before)).toEqual(['GET requests']);
    expect(device.state().requests).toHaveLength(1);
  });

  test('arrives by asking again where there is no stream', async () => {
    const { server, device } = await paired();
    server.refuse.set('GET events', refusal(503, 'unavailable'));
    server.endStreams();
    await device.advance(1000);
    server.ask();
    await device.advance(4000);
    expect(device.state().requests).toHaveLength(1);
  });

  test('is not asked for while the app is not on the screen', async () => {
    const { server, device } = await paired();
    device.engine.stop();
    await device.settle();
    const before = server.calls.length;
    await device.advance(60_000);
    expect([server.streams(), server.calls.length]).toEqual([0, before]);
  });
});

describe('the device', () => {
  test('with a clock that is 10 minutes ahead learns the time of the server, and makes each call once from then on', async () => {
    const { server, device } = await paired(createServer(), { skew: 600_000 });
    expect(server.calls.filter(call => call === 'POST pairings')).toHaveLength(2);
    expect(server.calls.filter(call => call === 'POST answers')).toHaveLength(1);
    const claims = await asked(server, device);
    expect(device.state()).toMatchObject({ now: server.now(), requests: [{ id: claims.jti }] });
  });

  test('with a clock that is a minute ahead shows the codes that the server expects', async () => {
    const server = createServer();
    const { device } = await paired(server, { skew: 60_000 });
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    device.engine.actions.keepCodes({ issuer: 'Fabrikam', account: 'ada', secret });
    await device.settle();
    device.engine.actions.showCode(device.state().entries[1]?.id ?? '');
    await device.settle();
    expect(device.state().code?.code).toBe(generateSync({ secret, epoch: server.now() / 1000 }));
  });

  test('that was removed at the server says so, and asks no more', async () => {
    const { server, device } = await paired();
    server.refuse.set('GET requests', refusal(401, 'device-unknown'));
    server.wake();
    await device.settle();
    expect(device.state().entries).toMatchObject([{ state: 'removed' }]);
    const before = server.calls.length;
    await device.advance(60_000);
    expect([server.calls.length, server.streams()]).toEqual([before, 0]);
  });

  test('tells the server that an account was removed, and forgets it also where the server cannot be reached', async () => {
    const { server, device } = await paired();
    server.refuse.set('DELETE device', () => {
      throw new Error('no network');
    });
    device.engine.actions.remove(device.account().id);
    await device.settle();
    expect(server.calls).toContain('DELETE device');
    expect([device.state().entries, device.store.kept.size, device.state().screen]).toEqual([[], 0, { at: 'home' }]);
  });
});

/** Counts how often the server was told the subscription. */
const tellings = (server: Server): number => server.calls.filter(call => call === 'PUT subscription').length;

describe('notifications', () => {
  test('are closed once their request has been answered or has ended, and not while one waits', async () => {
    const { server, device } = await paired();
    const first = await asked(server, device);
    device.push.shown = ['first'];
    server.wake();
    await device.settle();
    expect(device.push.shown).toEqual(['first']);
    device.engine.actions.approve(first.jti, '47');
    await device.settle();
    expect(device.push.shown).toEqual([]);
    device.push.shown = ['of a request that has ended while the app was closed'];
    const later = await openDevice(server, { store: device.store });
    later.push.shown = device.push.shown;
    await later.settle();
    expect(later.push.shown).toHaveLength(1);
    later.engine.start();
    await later.settle();
    expect(later.push.shown).toEqual([]);
  });

  test('stay where the server cannot say what waits, where one comes while it says so, and where one is a test', async () => {
    const { server, device } = await paired();
    device.push.shown = ['waits'];
    server.refuse.set('GET requests', () => {
      throw new Error('no network');
    });
    server.wake();
    await device.settle();
    expect(device.push.shown).toEqual(['waits']);
    server.refuse.set('GET requests', () => {
      server.refuse.delete('GET requests');
      device.push.shown = [...device.push.shown, 'new'];
      return Response.json({ requests: [], state: 'paired', push: 'works' });
    });
    server.wake();
    await device.settle();
    expect(device.push.shown).toEqual(['new']);
    device.engine.actions.sendTest();
    server.wake();
    await device.settle();
    expect(device.push.shown).toEqual(['new']);
  });

  test('tell the server the subscription at each start, renewed where the push service has forgotten it', async () => {
    const { server, device } = await paired(createServer(), { permission: 'granted' });
    const later = await openDevice(server, { store: device.store, permission: 'granted' });
    later.engine.start();
    await later.settle();
    expect(server.bodies.get('PUT subscription')).toEqual({
      subscription: { endpoint: 'https://push.example/0', keys: { p256dh: 'p', auth: 'a' } },
      language: 'en',
    });
    expect(later.state().notifications).toBe('works');
    server.push = 'gone';
    server.wake();
    await later.settle();
    expect([later.push.renewals, later.state().notifications]).toEqual([1, 'works']);
    expect(server.bodies.get('PUT subscription')).toMatchObject({
      subscription: { endpoint: 'https://push.example/1' },
    });
    server.wake();
    await later.settle();
    // Once a start: a push service that forgets each subscription is not asked in a loop.
    expect([later.push.renewals, later.state().notifications]).toEqual([1, 'gone']);
  });

  test('that the push service has forgotten at the start are renewed first, and told to the server once', async () => {
    const { server, device } = await paired(createServer(), { permission: 'granted' });
    server.push = 'gone';
    const before = tellings(server);
    const later = await openDevice(server, { store: device.store, permission: 'granted' });
    later.engine.start();
    await later.settle();
    expect([tellings(server) - before, later.push.renewals, later.state().notifications]).toEqual([1, 1, 'works']);
    expect(server.bodies.get('PUT subscription')).toMatchObject({
      subscription: { endpoint: 'https://push.example/1' },
    });
  });

  test('an answer from before the server was told the subscription says no more about it', async () => {
    const { server, device } = await paired(createServer(), { permission: 'granted' });
    const later = await openDevice(server, { store: device.store, permission: 'granted' });
    const late = Promise.withResolvers<void>();
    server.refuse.set('GET requests', () => {
      server.refuse.delete('GET requests');
      const text = JSON.stringify({ requests: [], state: 'paired', push: 'gone' });
      const body = new ReadableStream({
        async start(controller) {
          await late.promise;
          controller.enqueue(new TextEncoder().encode(text));
          controller.close();
        },
      });
      return new Response(body, { headers: { 'content-type': 'application/json' } });
    });
    later.engine.start();
    await later.settle();
    later.engine.actions.setLanguage('fr');
    await later.settle();
    late.resolve();
    await later.settle();
    expect([later.push.renewals, later.state().notifications]).toEqual([0, 'works']);
  });

  test.each([
    ['default', 'ask'],
    ['denied', 'blocked'],
    ['unsupported', 'unsupported'],
  ] as const)('that are %s are shown as %s, and the server stops sending', async (permission, shown) => {
    const { server, device } = await paired();
    const later = await openDevice(server, { store: device.store, permission });
    later.engine.start();
    await later.settle();
    expect(later.state().notifications).toBe(shown);
    expect(server.bodies.get('PUT subscription')).toMatchObject({ subscription: null });
  });

  test('of a push service that the operator does not allow do not work', async () => {
    const { server, device } = await paired();
    server.refuse.set('PUT subscription', refusal(422, 'subscription-refused'));
    const later = await openDevice(server, { store: device.store, permission: 'granted' });
    later.engine.start();
    await later.settle();
    expect(later.state().notifications).toBe('failed');
  });

  test('are tested: sent, arrived or missing, and not too often', async () => {
    const { server, device } = await paired();
    device.engine.actions.sendTest();
    await device.settle();
    expect(device.state().test).toBe('sent');
    device.engine.notified();
    expect(device.state().test).toBe('arrived');
    device.engine.actions.sendTest();
    await device.settle();
    await device.advance(20_000);
    expect(device.state().test).toBe('missing');
    server.refuse.set('POST test', refusal(429, 'wait'));
    device.engine.actions.sendTest();
    await device.settle();
    expect(device.state().test).toBe('later');
  });
});

describe('codes of other websites', () => {
  const uri = 'otpauth://totp/Fabrikam:ada.l?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Fabrikam';

  test('are read, named, kept once, shown, copied, and shown anew in the next period', async () => {
    const server = createServer();
    const device = await openDevice(server);
    const { engine, state, settle, copied } = device;
    engine.actions.scanned(uri);
    expect(state()).toMatchObject({ screen: { at: 'codes' }, newCodes: { issuer: 'Fabrikam', account: 'ada.l' } });
    engine.actions.keepCodes({ issuer: 'Fabrikam VPN', account: 'ada.l' });
    await settle();
    const [entry] = state().entries;
    expect(entry).toMatchObject({ kind: 'codes', title: 'Fabrikam VPN', account: 'ada.l', hasCodes: true });
    expect(state()).toMatchObject({ toast: 'added', screen: { at: 'home' } });
    engine.actions.showCode(entry?.id ?? '');
    await settle();
    const codeNow = (): string =>
      generateSync({ secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', epoch: server.now() / 1000 });
    expect(state().code).toMatchObject({ entry: entry?.id, code: codeNow(), period: 30 });
    engine.actions.copyCode();
    await settle();
    expect(copied).toEqual([codeNow()]);
    await device.advance(30_000);
    engine.tick();
    await settle();
    expect(state().code?.code).toBe(codeNow());
    engine.actions.hideCode();
    expect(state().code).toBeUndefined();
    engine.actions.keepCodes({ issuer: 'Fabrikam VPN', account: 'ada.l', secret: 'JBSWY3DPEHPK3PXP' });
    await settle();
    expect(state().codesProblem).toBe('kept-already');
  });

  test('with a secret that is not base32 are not kept', async () => {
    const { engine, state, settle, store } = await openDevice(createServer());
    engine.actions.keepCodes({ issuer: 'Fabrikam', account: 'ada', secret: 'not a secret!' });
    await settle();
    expect([state().codesProblem, store.kept.size]).toEqual(['secret', 0]);
  });
});

test('a toast is cleared after some seconds, and a language is kept', async () => {
  const server = createServer();
  const device = await openDevice(server);
  device.engine.actions.scanned('otpauth://totp/a?secret=JBSWY3DPEHPK3PXP');
  device.engine.actions.keepCodes({ issuer: 'A', account: 'a' });
  device.engine.actions.setLanguage('fr');
  await device.settle();
  expect(device.state()).toMatchObject({ toast: 'added', language: 'fr' });
  await device.advance(5000);
  expect(device.state().toast).toBeUndefined();
  expect((await openDevice(server, { store: device.store })).state().language).toBe('fr');
});
