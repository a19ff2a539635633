/** Tests the storage of oidc-provider's models over every store: one winner, no readable secret, detected replays. */
import { randomBytes, createSecretKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { createSealer } from '../../src/crypto.ts';
import { createAdapters } from '../../src/oidc/adapter.ts';
import { removeAll } from '../../src/remove-all.ts';
import { endGrant } from '../../src/oidc/adapter/grants.ts';
import { clientTag } from '../../src/oidc/adapter/short-lived.ts';
import { models } from '../../src/oidc/models.ts';
import { markedToken } from '../../src/oidc/token-kinds.ts';
import { oidcDocumentKind } from '../../src/records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
const racers = Array.from({ length: 20 }, (_, at) => at);
const singleUse = Object.entries(models).filter(([, { once }]) => once !== undefined);

/** Every text that was passed to a port. */
const overheard = <T extends object>(port: T, heard: string[]): T =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        heard.push(JSON.stringify(args));
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });

describe.each(everyStore)('on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let heard: string[];
  let of: (model: string) => Adapter;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    heard = [];
    of = createAdapters({
      documents: overheard(store.durable.collection(oidcDocumentKind), heard),
      ephemeral: overheard(store.shortLived.ephemeral, heard),
      sealer,
      hashKey: createSecretKey(randomBytes(32)),
      clock,
      findClient: async () => undefined,
    });
  });
  afterEach(() => store.close());

  const token = (more: AdapterPayload = {}): AdapterPayload => ({
    jti: 'the-id',
    kind: 'Any',
    exp: Math.floor(clock() / 1000) + 60,
    grantId: 'g1',
    clientId: 'c1',
    accountId: 'ada',
    ...more,
  });

  /** As a model is first stored: one that a person must decide about has neither account nor grant yet. */
  const first = (model: string, more: AdapterPayload = {}): AdapterPayload => {
    const { accountId, grantId, ...rest } = token(more);
    return models[model]?.stage === undefined ? { ...rest, accountId, grantId } : { ...rest, ...more };
  };

  test.each(Object.keys(models).filter(model => model !== 'Session' && model !== 'Client'))(
    '%s is read as it was stored, and is gone after destroy',
    async model => {
      await of(model).upsert('the-id', first(model), 60);
      expect(await of(model).find('the-id')).toEqual(first(model));
      expect(await of(model).find('another')).toBeUndefined();
      await of(model).destroy('the-id');
      await of(model).destroy('the-id');
      expect(await of(model).find('the-id')).toBeUndefined();
    },
  );

  test.each(singleUse)('%s is consumed by one of twenty parallel callers', async model => {
    await of(model).upsert('the-id', first(model), 60);
    const outcomes = await Promise.allSettled(racers.map(() => of(model).consume('the-id')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(lost.every(reason => reason instanceof errors.OIDCProviderError)).toBe(true);
    expect(await of(model).find('the-id')).toEqual(first(model, { consumed: Math.floor(clock() / 1000) }));
  });

  test.each(singleUse)('%s cannot be consumed after destroy and does not reappear', async model => {
    await of(model).upsert('the-id', first(model), 60);
    await of(model).destroy('the-id');
    await expect(of(model).consume('the-id')).rejects.toBeInstanceOf(errors.OIDCProviderError);
    expect(await of(model).find('the-id')).toBeUndefined();
  });

  test.each(singleUse)(
    '%s stays visible for a while after its end, so that a replay is detected',
    async (model, { once }) => {
      await of(model).upsert('the-id', first(model), 60);
      await of(model).consume('the-id');
      clock.advance(60_000 + (once?.readableAfterEnd ?? 0) - 1);
      expect(await of(model).find('the-id')).toMatchObject({ consumed: expect.any(Number) });
      clock.advance(1);
      expect(await of(model).find('the-id')).toBeUndefined();
    },
  );

  test.each(['PreAuthorizedCode', 'RefreshToken'])('%s ends with its own grant only', async model => {
    await of(model).upsert('mine', token({ jti: 'mine' }), 60);
    await of(model).upsert('other', token({ jti: 'other', grantId: 'g2' }), 60);
    await of(model).revokeByGrantId('g1');
    expect(await of(model).find('mine')).toBeUndefined();
    expect(await of(model).find('other')).toBeDefined();
  });

  test('a grant with more refresh tokens than a page holds is revoked completely', async () => {
    const ids = Array.from({ length: 120 }, (_, at) => `token-${at}`);
    await Promise.all(ids.map(id => of('RefreshToken').upsert(id, token({ jti: id }), 60)));
    await of('RefreshToken').revokeByGrantId('g1');
    const left = await Promise.all(ids.map(id => of('RefreshToken').find(id)));
    expect(left.filter(found => found !== undefined)).toEqual([]);
  });

  test('a used refresh token stays used when it is written again', async () => {
    await of('RefreshToken').upsert('the-id', token(), 60);
    await of('RefreshToken').consume('the-id');
    await of('RefreshToken').upsert('the-id', token(), 60);
    expect(await of('RefreshToken').find('the-id')).toMatchObject({ consumed: expect.any(Number) });
  });

  test('an ended grant is not written again by a request that read it before, and is forgotten at its end', async () => {
    await of('Grant').upsert('g1', token(), 60);
    await of('Grant').upsert('g1', token({ scope: 'wider' }), 60);
    expect(await of('Grant').find('g1')).toMatchObject({ scope: 'wider' });
    await of('Grant').destroy('g1');
    await of('Grant').upsert('g1', token(), 60);
    expect(await of('Grant').find('g1')).toBeUndefined();
    const documents = store.durable.collection(oidcDocumentKind);
    expect(await documents.find({ grantId: 'g1' })).toEqual([]);
    expect(await documents.find({ model: 'EndedGrant' })).toHaveLength(1);
    clock.advance(60_000);
    expect(await documents.find({ model: 'EndedGrant' })).toEqual([]);
  });

  test('one of twenty parallel callers ends a grant', async () => {
    await of('Grant').upsert('g1', token(), 60);
    await of('DeviceCode').upsert('code', first('DeviceCode', { grantId: 'g1' }), 60);
    await of('RefreshToken').upsert('rt', token(), 60);
    const deps = { documents: store.durable.collection(oidcDocumentKind), ephemeral: store.shortLived.ephemeral };
    const ended = await Promise.all(racers.map(() => endGrant(deps, 'g1')));
    expect(ended.filter(Boolean)).toHaveLength(1);
    const left = [await of('DeviceCode').find('code'), await of('RefreshToken').find('rt')];
    expect(left).toEqual([undefined, undefined]);
  });

  test('a proof of possession is accepted once among twenty callers', async () => {
    const seen = await Promise.allSettled(racers.map(() => of('ReplayDetection').upsert('the-id', token(), 60)));
    expect(seen.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    clock.advance(60_000);
    await of('ReplayDetection').upsert('the-id', token(), 60);
  });

  test('refresh tokens, grants and pushed requests are removed with their client', async () => {
    await of('PushedAuthorizationRequest').upsert('pushed', token({ grantId: undefined }), 60);
    await of('RefreshToken').upsert('rt', token(), 60);
    await of('Grant').upsert('g1', token(), 60);
    await removeAll(store.durable.collection(oidcDocumentKind), { clientId: 'c1' });
    await store.shortLived.ephemeral.dropTagged(clientTag('c1'));
    expect(
      await Promise.all([
        of('PushedAuthorizationRequest').find('pushed'),
        of('RefreshToken').find('rt'),
        of('Grant').find('g1'),
      ]),
    ).toEqual([undefined, undefined, undefined]);
  });

  test('grants and refresh tokens of a person are removed, of others none', async () => {
    const owners = { g1: 'ada', g2: 'ben' };
    for (const [grantId, accountId] of Object.entries(owners)) {
      await of('Grant').upsert(grantId, token({ accountId }), 60);
      await of('RefreshToken').upsert(`of-${grantId}`, token({ accountId, grantId }), 60);
    }
    await removeAll(store.durable.collection(oidcDocumentKind), { accountId: 'ada' });
    const left = ['of-g1', 'of-g2'].map(async id => (await of('RefreshToken').find(id))?.grantId);
    expect(await Promise.all(left)).toEqual([undefined, 'g2']);
  });

  test('a token is looked for only as the kind that it names; one of an earlier release names none', async () => {
    const kinds = ['AccessToken', 'ClientCredentials', 'RefreshToken'] as const;
    for (const id of [markedToken('RefreshToken', 'one'), 'earlier']) {
      await of('RefreshToken').upsert(id, token({ jti: id }), 60);
      heard.splice(0);
      const found = await Promise.all(kinds.map(kind => of(kind).find(id)));
      expect(found.map(each => each?.jti)).toEqual([undefined, undefined, id]);
      expect(heard).toHaveLength(id === 'earlier' ? kinds.length : 1);
    }
  });

  test('a device code is found by its user code', async () => {
    await of('DeviceCode').upsert('the-id', first('DeviceCode', { userCode: 'WDJB-MJHT' }), 60);
    expect(await of('DeviceCode').findByUserCode('WDJB-MJHT')).toEqual(first('DeviceCode', { userCode: 'WDJB-MJHT' }));
    expect(await of('DeviceCode').findByUserCode('WDJB-MJHX')).toBeUndefined();
    expect(heard.join()).not.toContain('WDJB-MJHT');
    const again = of('DeviceCode').upsert('another-id', first('DeviceCode', { userCode: 'WDJB-MJHT' }), 60);
    await expect(again).rejects.toThrow('temporarily_unavailable');
    expect(await of('DeviceCode').findByUserCode('WDJB-MJHT')).toMatchObject({ jti: 'the-id' });
  });

  test('a device code is begun by one of twenty parallel browsers, decided once, and stays used', async () => {
    const upsert = (more: AdapterPayload) => of('DeviceCode').upsert('the-id', first('DeviceCode', more), 60);
    const won = async (more: (at: number) => AdapterPayload) => {
      const outcomes = await Promise.allSettled(racers.map(async (_, at) => upsert(more(at))));
      return outcomes.filter(({ status }) => status === 'fulfilled').length;
    };
    await expect(upsert({ inFlight: true })).rejects.toBeInstanceOf(errors.InvalidGrant);
    await upsert({});
    expect(await won(() => ({ inFlight: true }))).toBe(1);
    expect(await won(at => (at % 2 === 0 ? { accountId: `person-${at}` } : { error: 'access_denied' }))).toBe(1);
    const decided = await of('DeviceCode').find('the-id');
    await of('DeviceCode').consume('the-id');
    await expect(upsert({ accountId: 'another' })).rejects.toBeInstanceOf(errors.InvalidGrant);
    expect(await of('DeviceCode').find('the-id')).toEqual({ ...decided, consumed: expect.any(Number) });
  });

  test('no id of a token, code or session reaches a store', async () => {
    const canary = 'canary-7f3a91';
    for (const model of Object.keys(models).filter(name => name !== 'Client' && name !== 'Grant')) {
      const payload = first(model, { jti: canary, uid: canary, session: { uid: canary, cookie: canary } });
      await of(model).upsert(
        canary,
        model === 'Session' || model === 'Interaction' ? payload : first(model, { jti: canary }),
        60,
      );
      await of(model).find(canary);
      await of(model).findByUid(canary);
      await of(model).destroy(canary);
    }
    expect(heard.length).toBeGreaterThan(40);
    expect(heard.filter(text => text.includes(canary))).toEqual([]);
  });

  test('an unknown model is refused', () => {
    expect(() => of('Unheard')).toThrow('expected one of models.ts');
  });
});
