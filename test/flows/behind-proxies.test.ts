/**
 * People sign in across two server processes behind each proxy that operators use, and the invariants of the fault tests hold.
 * Takes some seconds: starts four servers and two proxies.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasProxy, proxyNames, startSite, type Site } from '../faults/support/site.ts';
import { atRate } from '../faults/support/site/load.ts';

const suites = proxyNames.map(proxy => ({ proxy, suite: hasProxy(proxy) ? describe : describe.skip }));

for (const { proxy, suite } of suites) {
  suite(`two nodes behind ${proxy}`, () => {
    let site: Site;
    beforeAll(async () => {
      site = await startSite({ proxy, carrier: true });
    });
    afterAll(() => site.close());

    test('a person signs in by an app, and one by a call, over both nodes', async () => {
      const [ada] = await site.addPeople(1);
      const [grace] = await site.addPeople(1, 'call');
      if (ada === undefined || grace === undefined) throw new Error('two people were added');
      const [byApp, byCall] = [await site.signIn(ada), await site.signIn(grace)];
      expect([byApp.reason, byApp.claims]).toEqual(['', expect.objectContaining({ sub: ada.id, acr: 'aal2' })]);
      expect([byCall.reason, byCall.claims]).toEqual(['', expect.objectContaining({ sub: grace.id, acr: 'mfa' })]);
      expect(new Set(byApp.steps.map(({ node }) => node)).size).toBe(2);
    });

    test('at a fixed rate all sign in, and the invariants hold', async () => {
      const people = await site.addPeople(10);
      const samples = await atRate({ perSecond: 10, total: 10 }, async at => {
        const person = people[at];
        return person === undefined ? undefined : site.signIn(person);
      });
      expect(samples.map(({ outcome }) => [outcome?.reason, outcome?.startedOver])).toEqual(people.map(() => ['', 0]));
      expect(await site.violations()).toEqual([]);
    });
  });
}
