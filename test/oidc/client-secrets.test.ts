/** Tests the two secrets that a client has while its operator moves it from the old one to the new one. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { credentials, introspect, redeem, refresh, signIn, tryPush } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const day = 24 * 3_600_000;
let world: World;
let old: Rp;
beforeEach(async () => {
  world = await openWorld();
  old = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada');
});
afterEach(() => world.close());

/** The client with its new secret. */
const renew = async (previousFor = 7 * day): Promise<Rp> => {
  const added = await world.clients.secrets.add('contoso', previousFor, 'cli');
  if (!added.ok) throw new Error(added.message);
  return { ...old, secret: added.secret };
};
const auditedSecrets = () =>
  world.audited.filter(({ event }) => event.startsWith('client.secret')).map(({ event, reason }) => [event, reason]);

/** The answers of every endpoint at which a client shows its secret. */
const statuses = async (rp: Rp) => {
  const headers = credentials(rp);
  const [introspection, revocation, pushed] = await Promise.all([
    send(world, 'POST', '/token/introspection', { headers, form: { token: 'unknown' } }),
    send(world, 'POST', '/token/revocation', { headers, form: { token: 'unknown' } }),
    tryPush(world, rp),
  ]);
  // A token request of a client that proved itself is refused for its grant.
  const { error } = await refresh(world, rp, 'unknown');
  return [introspection.status, revocation.status, pushed.status, error];
};
const accepted = [200, 200, 201, 'invalid_grant'];
const refused = [401, 401, 401, 'invalid_client'];

test('a wrong secret is refused right after the right one, and the right one right after it', async () => {
  const wrong = { ...old, secret: `${old.secret}x` };
  const answers = [await statuses(old), await statuses(wrong), await statuses(old), await statuses(wrong)];
  expect(answers).toEqual([accepted, refused, accepted, refused]);
});

describe('a new secret', () => {
  test('works beside the old one at every endpoint, until the old one expires', async () => {
    const now = await renew();
    expect([await statuses(old), await statuses(now)]).toEqual([accepted, accepted]);
    world.clock.advance(7 * day - 1);
    expect([await statuses(old), await statuses(now)]).toEqual([accepted, accepted]);
    world.clock.advance(1);
    expect([await statuses(old), await statuses(now)]).toEqual([refused, accepted]);
    expect(auditedSecrets()).toEqual([['client.secret-added', undefined]]);
  });

  test('the log distinguishes an expired secret from a wrong one; the response does not', async () => {
    await renew(day);
    world.clock.advance(day);
    const [expired, wrong] = [await refresh(world, old, 'x'), await refresh(world, { ...old, secret: 'wrong' }, 'x')];
    expect(expired).toEqual(wrong);
    expect(world.logged.filter(({ event }) => event === 'grant.error')).toMatchObject([
      { fields: { explanation: 'this client_secret was replaced by a newer one, and has expired' } },
      { fields: { explanation: 'the client_secret is not that of this client' } },
    ]);
  });

  test('ends all old ones at once on request', async () => {
    const second = await renew();
    const third = await renew(0);
    expect([await statuses(old), await statuses(second), await statuses(third)]).toEqual([refused, refused, accepted]);
  });

  test('is refused while two are valid, and allowed once the older one has expired', async () => {
    const second = await renew(day);
    expect(await world.clients.secrets.add('contoso', day, 'cli')).toMatchObject({
      ok: false,
      reason: 'invalid',
      message: expect.stringContaining('two secrets until'),
    });
    world.clock.advance(day);
    const third = await renew(day);
    expect([await statuses(old), await statuses(second), await statuses(third)]).toEqual([refused, accepted, accepted]);
  });

  test('two concurrent requests add one secret, which works beside the old one', async () => {
    const given = await Promise.all([1, 2].map(() => world.clients.secrets.add('contoso', day, 'cli')));
    const [secret = '', ...others] = given.flatMap(each => (each.ok ? [each.secret] : []));
    expect(others).toEqual([]);
    expect([await statuses(old), await statuses({ ...old, secret })]).toEqual([accepted, accepted]);
  });

  test('leaves refresh tokens valid that were issued under the old one', async () => {
    const got = await redeem(world, old, await signIn(new Browser(world), old, 'ada'));
    const now = await renew(0);
    const { status, access_token: token } = await refresh(world, now, got.refresh_token);
    expect([status, await introspect(world, now, token)]).toEqual([200, expect.objectContaining({ active: true })]);
  });

  test.each([
    ['a public client', 'spa', 'this client is public'],
    ['a client that does not exist', 'absent', 'no client "absent"'],
  ])('is refused to %s', async (_desc, id, sentence) => {
    await world.clients.add(
      { client_id: 'spa', redirect_uris: ['https://spa.test/'], token_endpoint_auth_method: 'none' },
      'cli',
    );
    const added = await world.clients.secrets.add(id, day, 'cli');
    expect(added).toMatchObject({ ok: false, message: expect.stringContaining(sentence) });
  });
});

describe('removing a secret', () => {
  test('ends the old one at once, and the new one still works', async () => {
    const now = await renew();
    expect(await world.clients.secrets.remove('contoso', 'old', 'cli')).toEqual({ ok: true });
    expect([await statuses(old), await statuses(now)]).toEqual([refused, accepted]);
    expect(auditedSecrets()).toEqual([
      ['client.secret-added', undefined],
      ['client.secret-removed', 'old'],
    ]);
  });

  test('of the new one lets the old one work without a time limit', async () => {
    const lost = await renew(day);
    expect(await world.clients.secrets.remove('contoso', 'new', 'cli')).toEqual({ ok: true });
    world.clock.advance(2 * day);
    expect([await statuses(old), await statuses(lost)]).toEqual([accepted, refused]);
  });

  test.each(['old', 'new'] as const)('is refused for the %s one if the client has only one', async which => {
    expect(await world.clients.secrets.remove('contoso', which, 'cli')).toMatchObject({ ok: false, reason: 'invalid' });
    expect(await statuses(old)).toEqual(accepted);
  });
});

test('a change of other members keeps both secrets', async () => {
  const now = await renew();
  await world.clients.change('contoso', { set: { client_name: 'Contoso' } }, 'cli');
  expect([await statuses(old), await statuses(now)]).toEqual([accepted, accepted]);
});

test('neither secret nor its digest can be shown, stored in the clear, or presented as a digest', async () => {
  const now = await renew();
  const stored = JSON.stringify(await world.documents.find({ model: 'Client' }));
  const shown = JSON.stringify([await world.clients.find('contoso'), await world.clients.list(), world.audited]);
  const digests = [...stored.matchAll(/"(?:client_secret|digest)":"([\w-]{43})"/g)].map(([, digest = '']) => digest);
  expect(digests).toHaveLength(2);
  for (const secret of [old.secret, now.secret]) expect(stored + shown).not.toContain(secret);
  for (const secret of digests) {
    expect(shown).not.toContain(secret);
    expect(await statuses({ ...old, secret })).toEqual(refused);
  }
});
