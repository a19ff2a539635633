/** Tests traces with a collector of the test: which spans arrive, which are their parents, and that they state no secret. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTraces, type Traces } from '../../server/traces/open-traces.ts';
import { createSpans } from '../../server/traces/spans.ts';
import { traced } from '../../server/traces/traced.ts';
import { createTestCarrier, postKeys } from '../support/carrier/test-carrier.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { createSecretCollection } from '../support/surface/secrets.ts';
import { startWorld, type World } from '../support/world/world.ts';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number>>;
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
}
interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

const secrets = createSecretCollection();
const carrier = createTestCarrier();
const received: Span[] = [];
let collector: Server;
let collected = 200;
let traces: Traces;
let world: World;
let rp: RelyingParty;

const collect = async (request: IncomingMessage): Promise<void> => {
  const { resourceSpans } = (await json(request)) as Export;
  if (collected !== 200) return;
  received.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
};

beforeAll(async () => {
  collector = createServer((request, response) => {
    collect(request)
      .catch(() => undefined)
      .finally(() => response.writeHead(collected, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>(resolve => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = new URL(`http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
  traces = openTraces({ endpoint, percent: 100 }, '0.0.0');
  const spans = createSpans(traces.tracer, true);
  world = await startWorld({
    env: { SALLYPORT_PROXY_HOPS: '1' },
    wrap: resources => {
      const wrapped = secrets.wrap(carrier.wrap(resources));
      return { ...wrapped, ...traced(wrapped, spans) };
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  await secrets.addWorld(world);
});
afterAll(async () => {
  await world.close();
  await traces.close();
  collector.close();
  collector.closeAllConnections();
});
beforeEach(() => void received.splice(0));

const valueOf = ({ attributes }: Span, key: string): string | number | undefined =>
  Object.values(attributes.find(each => each.key === key)?.value ?? {})[0];
const named = (name: string): readonly Span[] => received.filter(span => span.name === name);
const childrenOf = (parent: Span | undefined): readonly string[] =>
  received.filter(({ parentSpanId }) => parentSpanId === parent?.spanId).map(({ name }) => name);

const ask = async (traceparent: string): Promise<number> =>
  (await fetch(`${world.issuer.origin}/me`, { headers: { traceparent } })).status;

const signIn = async () => {
  const { ada } = world.people;
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), ada);
  secrets.addCookies(browser.jar);
  await postKeys(world, carrier.last(), '#');
  const back = atClient(browser, await checkAgain(browser, page));
  const tokens = await request.redeem(back);
  for (const name of ['access_token', 'id_token'] as const) secrets.add(name, tokens[name]);
  secrets.add('code', back.searchParams.get('code') ?? undefined);
  expect(tokens.claims()).toMatchObject({ sub: ada.user.id });
};

describe('traces', () => {
  test('have a span for each request, with those of its store operations, its password and its call', async () => {
    await signIn();
    await traces.flush();
    const password = named('POST sign-in').find(span => childrenOf(span).includes('password verify'));
    expect(valueOf(password as Span, 'http.route')).toBe('sign-in');
    expect(valueOf(password as Span, 'http.response.status_code')).toBe(303);
    expect(valueOf(password as Span, 'sallyport.client')).toBe('contoso');
    expect(childrenOf(password)).toEqual(
      expect.arrayContaining(['durable batch', 'short-lived incrementMany', 'password verify', 'send call']),
    );
    const roots = received.filter(({ parentSpanId }) => (parentSpanId ?? '') === '');
    expect(new Set(received.map(({ traceId }) => traceId)).size).toBe(roots.length);
    expect(roots.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET authorization', 'POST token']));
    // The line of the request names its trace.
    const logged = world.logged.filter(({ event }) => event === 'request').map(({ fields }) => fields);
    expect(logged).toContainEqual(expect.objectContaining({ route: 'token', trace: named('POST token')[0]?.traceId }));
  });

  test('state no secret, no person and no number', async () => {
    await signIn();
    await traces.flush();
    const text = JSON.stringify(received);
    expect(received.length).toBeGreaterThan(50);
    expect(secrets.size).toBeGreaterThan(20);
    expect(secrets.foundIn(text)).toEqual([]);
    const { ada } = world.people;
    for (const personal of [ada.name, ada.number ?? '', ada.user.id, ada.user.email ?? '', '127.0.0.1'])
      expect(text.includes(`"${personal}"`)).toBe(false);
    const keys = new Set(received.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    expect([...keys].toSorted()).toEqual([
      'carrier',
      'channel',
      'http.request.method',
      'http.response.status_code',
      'http.route',
      'operation',
      'sallyport.client',
      'sallyport.factor',
      'sallyport.reference',
      'store',
    ]);
  });

  test('continue the trace of a valid traceparent from a proxy, and begin a new one otherwise', async () => {
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    expect(await ask(`00-${traceId}-${spanId}-01`)).toBe(401);
    await ask('00-00000000000000000000000000000000-b7ad6b7169203331-01');
    await ask(`ff-${traceId}-${spanId}-01`);
    await ask('x'.repeat(5000));
    await traces.flush();
    const parents = named('GET user-info').map(span => [span.traceId === traceId, span.parentSpanId ?? '']);
    expect(parents).toEqual([
      [true, spanId],
      [false, ''],
      [false, ''],
      [false, ''],
    ]);
  });

  test('of strangers are not followed where there is no proxy', async () => {
    const { aroundRequest } = createSpans(traces.tracer, false);
    const server = createServer((request, response) => {
      aroundRequest(request, response, 'user-info', () => void response.end());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/me`, { headers: { traceparent } });
    await traces.flush();
    expect(named('GET user-info').map(span => traceparent.includes(span.traceId))).toEqual([false]);
    server.close();
    server.closeAllConnections();
  });

  test('that the collector refuses or never answers fail no sign-in', async () => {
    collected = 503;
    await signIn();
    collector.close();
    collector.closeAllConnections();
    await signIn();
    await traces.flush();
    expect(received).toEqual([]);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
