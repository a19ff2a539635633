/** Tests that consents are kept without losing one, and that a revoked one gives nothing to a request that was under way. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { detailId, withDetails, type RememberedDetail } from '../../src/oidc/consent/authorization-details.ts';
import { allowedPart, Consents, isEmpty, missingPart, type Allowed } from '../../src/oidc/consent/consents.ts';
import { loadGrant } from '../../src/oidc/consent/grants.ts';
import { oidcDocumentKind } from '../../src/records.ts';
import { createClock } from '../support/world/clock.ts';
import { everyStore, memory, type OpenStore } from '../support/world/stores.ts';

const allowed = (more: Partial<Allowed>): Allowed => ({ scopes: [], claims: [], resources: {}, ...more });
const clock = createClock(1_790_000_000_000);

describe('parts of what is asked', () => {
  const asked = allowed({
    scopes: ['openid', 'email'],
    claims: ['groups', 'name'],
    resources: { 'https://a.test/': ['read', 'write'], 'https://b.test/': ['read'] },
  });
  const given = allowed({ scopes: ['openid'], claims: ['name'], resources: { 'https://a.test/': ['read'] } });

  test('the allowed and the missing part make the whole', () => {
    expect(allowedPart(asked, given)).toEqual(given);
    expect(missingPart(asked, given)).toEqual(
      allowed({
        scopes: ['email'],
        claims: ['groups'],
        resources: { 'https://a.test/': ['write'], 'https://b.test/': ['read'] },
      }),
    );
    expect(isEmpty(missingPart(given, asked))).toBe(true);
  });

  test('names that every object inherits allow nothing', () => {
    const odd = allowed({ resources: Object.fromEntries([['constructor', ['length']]]) });
    expect(isEmpty(allowedPart(odd, allowed({})))).toBe(true);
    expect(isEmpty(missingPart(odd, allowed({})))).toBe(false);
  });
});

const account = (name: string) => ({ type: 'balance', accounts: [name] });

describe('details that are remembered', () => {
  test('are kept once with their first time, those that were allowed last at the end', () => {
    const before = withDetails([], [account('a'), account('b')], 1);
    expect(withDetails(before, [account('a'), account('c')], 2)).toEqual([
      { detail: account('b'), since: 1 },
      { detail: account('a'), since: 1 },
      { detail: account('c'), since: 2 },
    ]);
  });

  test('are forgotten beyond 8,192 characters, the oldest first', () => {
    const all = Array.from({ length: 12 }, (_, at) => account(`${at} ${'x'.repeat(1000)}`));
    const kept = all.reduce<readonly RememberedDetail[]>((before, each) => withDetails(before, [each], 1), []);
    expect(kept.map(({ detail }) => detail)).toEqual(all.slice(-7));
  });
});

describe.each(everyStore)('on $name', ({ open }) => {
  let store: OpenStore;
  let consents: Consents;
  beforeEach(async () => {
    store = await open(clock);
    consents = new Consents({ documents: store.durable.collection(oidcDocumentKind), clock });
  });
  afterEach(() => store.close());

  test('what is allowed at the same moment is all kept, and the first time stays', async () => {
    const since = clock();
    await consents.add('ada', 'foreign', allowed({ scopes: ['openid'] }));
    clock.advance(1000);
    const scopes = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      scopes.map(scope =>
        consents.add('ada', 'foreign', allowed({ scopes: [scope], resources: { 'https://a.test/': [scope] } })),
      ),
    );
    const kept = await consents.find('ada', 'foreign');
    expect(new Set(kept?.scopes)).toEqual(new Set(['openid', ...scopes]));
    expect(new Set(kept?.resources['https://a.test/'])).toEqual(new Set(scopes));
    expect(kept?.since).toBe(since);
  });

  test('one detail is removed, also where others are added at the same moment', async () => {
    await consents.add('ada', 'bank', allowed({}), [account('a'), account('b')]);
    const added = ['c', 'd'].map(name => consents.add('ada', 'bank', allowed({}), [account(name)]));
    const removed = ['a', 'a'].map(name => consents.removeDetail('ada', 'bank', detailId(account(name))));
    await Promise.all(added);
    expect((await Promise.all(removed)).filter(Boolean)).toHaveLength(1);
    const { details = [] } = (await consents.find('ada', 'bank')) ?? {};
    expect(new Set(details.map(({ detail }) => detail['accounts']))).toEqual(new Set([['b'], ['c'], ['d']]));
    for (const name of ['b', 'c', 'd']) await consents.removeDetail('ada', 'bank', detailId(account(name)));
    expect(await consents.of('ada')).toEqual([]);
  });

  test('each person and client has one of their own', async () => {
    await consents.add('ada', 'foreign', allowed({ scopes: ['openid'] }));
    await consents.add('ada', 'other', allowed({ scopes: ['email'] }));
    await consents.add('noor', 'foreign', allowed({ scopes: ['groups'] }));
    expect((await consents.of('ada')).map(({ clientId }) => clientId).toSorted()).toEqual(['foreign', 'other']);
    expect(await consents.remove('ada', 'foreign')).toBe(true);
    expect(await consents.remove('ada', 'foreign')).toBe(false);
    expect(await consents.find('ada', 'foreign')).toBeUndefined();
    expect(await consents.find('noor', 'foreign')).toMatchObject({ scopes: ['groups'] });
    await consents.removeAll('ada');
    expect(await consents.of('ada')).toEqual([]);
  });
});

/** The parts of oidc-provider that `loadGrant` uses, for a request of `openid`. */
const requestOf = () => {
  const grants: { readonly scopes: string[]; isDestroyed: boolean }[] = [];
  class Grant {
    readonly jti = `grant-${grants.length}`;
    readonly accountId = 'ada';
    readonly stored: { readonly scopes: string[]; isDestroyed: boolean } = { scopes: [], isDestroyed: false };
    static find = async () => undefined;
    addOIDCScope(scopes: readonly string[]): void {
      this.stored.scopes.push(...scopes);
    }
    async save(): Promise<void> {
      grants.push(this.stored);
    }
    async destroy(): Promise<void> {
      this.stored.isDestroyed = true;
    }
  }
  const oidc = {
    client: { clientId: 'foreign' },
    account: { accountId: 'ada' },
    session: { new: true, grantIdFor: () => undefined },
    provider: { Grant },
    prompts: new Set(),
    requestParamOIDCScopes: new Set(['openid']),
    requestParamClaims: new Set(),
    requestParamScopes: new Set(['openid']),
  };
  return { grants, ctx: { oidc } as unknown as Parameters<ReturnType<typeof loadGrant>>[0] };
};
describe('a consent that is revoked while a request reads it', () => {
  const consent = { clientId: 'foreign', since: clock(), details: [], ...allowed({ scopes: ['openid'] }) };
  const loaded = async (...found: readonly (typeof consent | undefined)[]) => {
    const { shortLived } = await memory.open(clock);
    const { grants, ctx } = requestOf();
    const answers = [...found];
    const grant = await loadGrant({
      ephemeral: shortLived.ephemeral,
      consents: { find: async () => answers.shift() },
      asksFirstParty: () => false,
    })(ctx);
    return { grant, grants };
  };

  test('gives a grant while it is there', async () => {
    const { grant, grants } = await loaded(consent, consent);
    expect(grant).toBeDefined();
    expect(grants).toEqual([{ scopes: ['openid'], isDestroyed: false }]);
  });

  test('gives none, and leaves none, once it is gone', async () => {
    const { grant, grants } = await loaded(consent, undefined);
    expect(grant).toBeUndefined();
    expect(grants).toEqual([{ scopes: ['openid'], isDestroyed: true }]);
  });
});
