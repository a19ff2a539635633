/**
 * R15. Keys of tokens and cookies are replaced on two nodes behind HAProxy while people sign in and clients refresh tokens: no request
 * fails, nobody begins again, and each ID token verifies at a relying party that caches the JWKS.
 * Guards: `src/keys/follow.ts#followKeys`, `server/app.ts#createApp`, `src/keys/ring.ts#advanced`.
 * Takes some seconds: nodes read the keys every five of them.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Browser } from '../support/browser/plain.ts';
import { keyRingKind } from '../../src/records.ts';
import { amount } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { atRate } from './support/site/load.ts';
import { eventually } from './support/site/nodes.ts';
import type { SitePerson } from './support/site/people.ts';
import { offline, RefreshingClient } from './support/site/refreshing.ts';

const perSecond = amount({ test: 20, full: 30 });
const longest = amount({ test: 40, full: 200 }) * perSecond;
/** Each tenth request is a whole sign-in. */
const each = 10;
const rotations = amount({ test: 1, full: 10 });
const day = 86_400_000;

const suite = hasProxy('haproxy') ? describe : describe.skip;

suite('R15 keys replaced under load', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite({ proxy: 'haproxy' });
  });
  afterAll(() => site.close());

  /** Key ids that each node publishes, in their order. */
  const published = (): Promise<readonly (readonly string[])[]> =>
    Promise.all(
      site.nodes.map(async ({ port }) => {
        const { text } = await new Browser({ ...site.place, ports: [port] }).go('/jwks');
        const { keys } = JSON.parse(text) as { readonly keys: readonly { readonly kid: string }[] };
        return keys.map(({ kid }) => kid);
      }),
    );
  /** Waits until each node publishes the keys so, and gives the milliseconds that it took. */
  const untilEach = async (what: string, is: (kids: readonly string[]) => boolean): Promise<number> => {
    const began = performance.now();
    await eventually(what, async () => (await published()).every(is));
    return performance.now() - began;
  };
  /** Makes what was published or replaced so much older, as if the time had passed. */
  const age = async (time: number): Promise<void> => {
    const rings = site.services.resources.durable.collection(keyRingKind);
    for (const { id } of await rings.find({})) {
      let isWritten = false;
      while (!isWritten) {
        const ring = await rings.get(id);
        const keys = ring?.keys.map(key => ({ ...key, publishedAt: key.publishedAt - time }));
        isWritten = ring === undefined || (await rings.replace({ ...ring, keys: keys ?? [] })) !== undefined;
      }
    }
  };

  test(
    'R15 fail no request, and tokens verify throughout',
    async () => {
      const holders = await site.addPeople(5);
      const clients = await Promise.all(
        holders.map(async person => {
          const { refreshToken = '' } = await site.visitor(person).signIn(offline);
          return new RefreshingClient(site.place, site.client, site.history, refreshToken);
        }),
      );
      const people = await site.addPeople(longest / each);
      const statuses: (number | undefined)[] = [];
      const signIns: (readonly [reason: string, startedOver: number])[] = [];
      const isOver = new AbortController();
      const load = atRate({ perSecond, total: longest, signal: isOver.signal }, async at => {
        if (at % each === 0) {
          const done = await site.signIn(people[at / each] as SitePerson);
          signIns.push([done.reason, done.startedOver]);
          statuses.push(...done.steps.map(({ status }) => status));
        } else statuses.push(await clients[at % clients.length]?.refresh());
      });
      const fetched = site.idTokens.fetched;
      const followed: number[] = [];
      for (let left = rotations; left > 0; left -= 1) {
        const [before = []] = await published();
        const [first = ''] = before;
        await site.services.keys.rotate('cli');
        followed.push(
          await untilEach('the next key is published', kids => kids.length > before.length && kids[0] === first),
        );
        await age(2 * day);
        followed.push(await untilEach('the next key signs', kids => kids[0] !== first && kids.includes(first)));
      }
      isOver.abort();
      await load;
      expect(statuses.filter(status => status === undefined || status >= 400)).toEqual([]);
      // A sign-in without a verified ID token has a reason.
      expect(signIns.filter(([reason, startedOver]) => reason !== '' || startedOver > 0)).toEqual([]);
      expect(signIns.length).toBeGreaterThan(5);
      // A relying party meets each new key unprepared once at most, because the days of its cache did not pass.
      expect(site.idTokens.fetched - fetched).toBeLessThanOrEqual(rotations);
      expect(Math.max(...followed)).toBeLessThan(10_000);
      expect(await site.violations()).toEqual([]);
      process.stderr.write(
        `R15: ${statuses.length} requests in ${signIns.length} sign-ins and refreshes; nodes followed in ` +
          `${followed.map(time => (time / 1000).toFixed(1)).join(', ')} s\n`,
      );
    },
    amount({ test: 90_000, full: 300_000 }),
  );
});
