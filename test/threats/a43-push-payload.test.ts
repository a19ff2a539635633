/**
 * A43. Who reads a push (a push service, a locked phone that lies on a table, a log) learns who signs in where, or a number that may be
 * typed. Guards: `src/mfa/push/channel.ts#payloadOf`, `adapters/web-push/encryption.ts#encrypt`,
 * `adapters/web-push/vapid.ts#authorization`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { behaveDevice, readPush } from '../../simulator/person.ts';
import type { PushView } from '../../simulator/push/push-service.ts';
import { createAuditTrail } from '../../src/audit.ts';
import { auditEventKind } from '../../src/records.ts';
import { bindDevice, type PairedDevice } from '../support/world/devices.ts';
import { enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type Logged, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
const devices = new Map<string, PairedDevice>();

beforeAll(async () => {
  world = await startWorld({ hostname: 'localhost', env: { SALLYPORT_FACTORS: 'push' } });
  for (const person of Object.values(world.people)) {
    devices.set(person.name, await bindDevice(world, person));
  }
});
afterAll(() => world.close());

const deviceOf = ({ name }: Pick<TestPerson, 'name'>): PairedDevice => {
  const device = devices.get(name);
  if (device === undefined) throw new Error(`${name} has no phone`);
  return device;
};

/** A sign-in up to the page with the number, and the push that it caused. */
const beginSignIn = async (person: TestPerson, client: string) => {
  const rp = await openRelyingParty(world, await world.addClient({ id: client, name: `Client of ${client}` }));
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  const push = await readPush(world.simulator, deviceOf(person).subscribed.id, 0);
  return { page, push };
};

/** A line of the log with the text of its error. */
const textOf = ({ event, fields }: Logged): string => inspect([event, fields], { depth: 8 });

const shown = ({ payload }: PushView): Record<string, unknown> => {
  const { web_push: version, notification, ...rest } = JSON.parse(payload) as Record<string, unknown>;
  expect([version, rest]).toEqual([8030, {}]);
  return notification as Record<string, unknown>;
};

test('A43 a push says that something waits, and how long; never who, where, or what to type', async () => {
  const { ada, grace } = world.people;
  const first = await beginSignIn(ada, 'contoso');
  const second = await beginSignIn(grace, 'fabrikam');
  expect(first.push).toMatchObject({ ttl: 60, urgency: 'high' });
  const { tag, ...same } = shown(first.push);
  expect(same).toEqual({
    title: 'Is this you?',
    body: 'Tap to see who is asking.',
    navigate: `${world.issuer.origin}/authenticator/`,
    lang: 'en',
    dir: 'ltr',
  });
  expect(tag).toBe(first.push.topic);
  const { tag: other, ...different } = shown(second.push);
  // Another person at another client: the same push.
  expect(different).toEqual(same);
  expect(other).not.toBe(tag);

  // The page has the number.
  const [number = ''] = /(?<=>)\d\d(?=<)/.exec(first.page.text) ?? [];
  expect(number).not.toBe('');
  const secret = [ada.name, ada.user.id, ada.user.displayName, 'contoso', 'Contoso', '127.0.0.1', first.page.path];
  expect(secret.filter(each => first.push.payload.toLowerCase().includes(each.toLowerCase()))).toEqual([]);
  expect(first.push.payload.replace(String(tag), '').replace('8030', '').replace(world.issuer.origin, '')).not.toMatch(
    /\d/,
  );
});

test('A43 neither log nor audit holds what is needed to push to a phone, also where a push failed', async () => {
  const { noor, linus } = world.people;
  expect((await beginSignIn(noor, 'woodgrove')).push.payload).toContain('web_push');
  await behaveDevice(world.simulator, deviceOf(linus).subscribed.id, 'unauthorized');
  await expect(beginSignIn(linus, 'tailspin')).rejects.toMatchObject({ code: 'silent' });
  expect(world.logged.map(({ event }) => event)).toContain('push.not-accepted');

  const events = world.store.durable.collection(auditEventKind);
  for (const { name, user } of [noor, linus]) {
    const audited = await createAuditTrail({ events }).find({ subject: user.id });
    expect(audited.map(({ event }) => event)).toContain('challenge.sent');
    const { endpoint, keys } = deviceOf({ name }).subscribed;
    const capability = new URL(endpoint).pathname.split('/').at(-1) ?? '';
    const written = JSON.stringify([world.logged.map(textOf), audited]);
    expect([capability, keys.auth, keys.p256dh].filter(each => each === '' || written.includes(each))).toEqual([]);
  }
});
