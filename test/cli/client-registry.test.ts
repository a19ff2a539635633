import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasClient, listClients, newClientSecret, removeClient, writeClient } from '../../src/cli/client-registry.ts';
import { houseOver, type OpenHouse } from '../../src/cli/house.ts';
import { loadSettings } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { openParts, type OpenParts } from '../../src/parts.ts';
import { clientsTopic } from '../../src/oidc/client-directory.ts';

let parts: OpenParts;
let house: OpenHouse;
beforeAll(async () => {
  parts = await openParts(loadSettings({ SALLYPORT_DATABASE_URL: 'memory:' }), { log: silentLog });
  house = await houseOver(parts);
});
afterAll(() => parts.close());

const contoso = {
  id: 'contoso',
  name: 'Contoso',
  redirectUris: ['http://127.0.0.1:3002/callback'],
  postLogoutRedirectUris: [],
};

describe('a client', () => {
  test('is written, written anew, listed and removed; a running server hears of each', async () => {
    let rings = 0;
    const silence = await parts.shortLived.bell.hear(clientsTopic, () => void (rings += 1));
    const secret = newClientSecret();
    await writeClient(house, { ...contoso, secret });
    await writeClient(house, { ...contoso, secret, redirectUris: ['https://contoso.example/cb'] });
    const listed = await listClients(house);
    expect(listed).toEqual([{ id: 'contoso', name: 'Contoso', redirectUris: 'https://contoso.example/cb' }]);
    expect(await hasClient(house, 'contoso')).toBe(true);
    expect(await removeClient(house, 'contoso')).toBe(true);
    expect(await removeClient(house, 'contoso')).toBe(false);
    expect(await hasClient(house, 'contoso')).toBe(false);
    expect(rings).toBe(4);
    silence();
  });

  test.each([
    ['plain http to another machine', 'http://contoso.example/cb'],
    ['a host that only begins like this machine', 'http://127.0.0.1.contoso.example/cb'],
    ['a fragment', 'https://contoso.example/cb#a'],
    ['credentials', 'https://user:password@contoso.example/cb'],
    ['script', 'javascript:alert(1)'],
    ['no address', 'contoso'],
  ])('with %s is refused, and nothing is written', async (_, uri) => {
    for (const wrong of [{ redirectUris: [uri] }, { postLogoutRedirectUris: [uri] }]) {
      await expect(writeClient(house, { ...contoso, ...wrong })).rejects.toMatchObject({ code: 'bad-request' });
    }
    expect(await listClients(house)).toEqual([]);
  });
});
