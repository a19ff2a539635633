/**
 * R26. Ten times the requests that a node can answer: it answers as many as it can, and refuses the others at once with 503 and
 * Retry-After. Probes and keys are served, people in the middle of a sign-in finish it, and soon afterwards all is as before.
 * Guards: `server/overload.ts#guardOverload`, `server/endpoints/overloaded.ts#createOverloaded`.
 * Takes some seconds: sends some thousand requests to one server.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { amount, isFull } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { quantile } from './support/site/load.ts';
import { pause, statusAt, type SiteNode } from './support/site/nodes.ts';
import { spike, type Reply } from './support/site/spike.ts';
import { newRequest } from './support/site/tokens.ts';

/** A core answers up to 1,000 requests a second that begin a sign-in, and fewer beside other work. */
const perSecond = amount({ test: 2_500, full: 2_500 });
const seconds = amount({ test: 3, full: 300 });
const people = 3;
const mostMiB = 700;
const recovery = 10_000;

const suite = hasProxy('haproxy') ? describe : describe.skip;

const memoryOf = (node: SiteNode): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${node.life.program.child.pid}/status`, 'utf8'))?.[1]) / 1024;

const isAdmission = ({ status }: Reply): boolean => status === 303;
const isRefusal = ({ status, retryAfter, language, problem }: Reply): boolean =>
  status === 503 && /^[2-5]$/.test(retryAfter ?? '') && language === 'de' && problem === 'IDP-1503';

suite('R26 a load spike', () => {
  let site: Site;
  let node: SiteNode;
  beforeAll(async () => {
    site = await startSite({ nodes: 1 });
    [node] = site.nodes as readonly [SiteNode];
  });
  afterAll(() => site.close());

  test('R26 is refused at once where it is too much, while probes are answered and sign-ins under way end', async () => {
    const added = await site.addPeople(people + 1);
    const probes: (number | undefined)[] = [];
    // From many addresses: one alone may begin no more than 100,000 sign-ins a minute, which a node admits.
    const targets = Array.from({ length: 100 }, (_, at) => ({
      port: node.port,
      path: newRequest(site.client).path,
      headers: {
        host: site.issuer.host,
        accept: 'text/html',
        'accept-language': 'de-DE,de;q=0.9',
        'x-forwarded-for': `192.0.2.${at}`,
      },
    }));
    const sent = spike({ perSecond, total: perSecond * seconds }, targets);
    const signIns = Promise.all(
      added.slice(0, people).map(async person => {
        await pause(300);
        return site.signIn(person);
      }),
    );
    for (let left = seconds * 2; left > 0; left -= 1) {
      await pause(500);
      probes.push(...(await Promise.all(['/healthz', '/readyz'].map(path => statusAt(node.port, path, recovery)))));
    }
    const replies = await sent;
    const [all, admitted, refused] = [() => true, isAdmission, isRefusal].map(isMeant =>
      replies.filter(({ reply }) => isMeant(reply)).flatMap(({ took }) => took),
    ) as [number[], number[], number[]];
    const [slowest, slowestRefusal] = [quantile(admitted, 0.99), quantile(refused, 0.99)];
    process.stderr.write(
      `R26: ${all.length} requests, ${admitted.length} admitted (p99 ${slowest.toFixed(0)} ms), ` +
        `${refused.length} refused (p99 ${slowestRefusal.toFixed(0)} ms), ${memoryOf(node).toFixed(0)} MiB\n`,
    );
    // No third outcome: none broke off, and none was lost.
    expect(all).toHaveLength(perSecond * seconds);
    expect(admitted.length + refused.length).toBe(all.length);
    expect(admitted.length).toBeGreaterThan(50 * seconds);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(probes)).toEqual(new Set([200]));
    expect((await signIns).map(({ reason, startedOver }) => [reason, startedOver])).toEqual(
      added.slice(0, people).map(() => ['', 0]),
    );
    expect(memoryOf(node)).toBeLessThan(mostMiB);
    // On a machine with other work these are no verdict.
    expect(isFull ? slowest : 0).toBeLessThan(1_000);
    expect(isFull ? slowestRefusal : 0).toBeLessThan(100);
  });

  test('R26 is over soon afterwards: a sign-in meets no refusal, and the invariants hold', async () => {
    await pause(recovery / 10);
    const [person] = await site.addPeople(1);
    const done = await site.signIn(person as NonNullable<typeof person>);
    expect(done.steps.filter(({ status }) => status === undefined || status >= 500)).toEqual([]);
    expect([done.reason, done.startedOver]).toEqual(['', 0]);
    expect(done.took).toBeLessThan(recovery);
    expect(await site.violations()).toEqual([]);
  });
});
