/** Tests /metrics after sign-ins, failures and a lost store: what is counted, and that no value names a person. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { measured } from '../../server/metrics/measured.ts';
import { createMetrics, type ReadableMetrics } from '../../server/metrics/registry.ts';
import { givenValues } from '../../server/telemetry.ts';
import { Problem, Undelivered } from '../../src/errors.ts';
import { metrics as table, type Metric } from '../../src/metrics.ts';
import { createTestCarrier, postKeys } from '../support/carrier/test-carrier.ts';
import { withChannels } from '../support/carrier/wrap.ts';
import { createSecretCollection } from '../support/surface/secrets.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const secrets = createSecretCollection();
const carrier = createTestCarrier();
let world: World;
let rp: RelyingParty;
let counted: ReadableMetrics;
const faults = { isCarrierDown: false, isHasherFull: false };

beforeAll(async () => {
  world = await startWorld({
    wrap: resources => {
      const given = secrets.wrap(carrier.wrap(resources));
      const faulty = withChannels(given, channel => ({
        ...channel,
        async send(message, signal) {
          if (faults.isCarrierDown) throw new Undelivered('down', 'got no answer');
          return channel.send(message, signal);
        },
      }));
      const passwords = {
        ...faulty.passwords,
        async verify(password: string, phc: string) {
          if (faults.isHasherFull) throw new Problem('overloaded', 'got too many waiting passwords');
          return faulty.passwords.verify(password, phc);
        },
      };
      counted ??= createMetrics(givenValues(resources.settings));
      const whole = { ...faulty, passwords };
      return { ...whole, ...measured(whole, counted) };
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  await secrets.addWorld(world);
});
afterAll(() => world.close());

const read = async (): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (await counted.text())
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
const begin = async (person = world.people.ada) => {
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  return { browser, request, page };
};

describe('/metrics', () => {
  test('counts a sign-in by password and call: attempts, messages, requests, stores, hashes and audit', async () => {
    const { browser, request, page } = await begin();
    await postKeys(world, carrier.last(), '#');
    await request.redeem(atClient(browser, await checkAgain(browser, page)));
    const values = await read();
    const one = (line: string): number | undefined => values.get(line);
    expect(one('sallyport_attempts_total{purpose="sign-in",factor="password",outcome="passed"}')).toBe(1);
    expect(one('sallyport_attempts_total{purpose="sign-in",factor="call",outcome="begun"}')).toBe(1);
    expect(one('sallyport_attempts_total{purpose="sign-in",factor="call",outcome="passed"}')).toBe(1);
    expect(one('sallyport_answer_seconds_count{factor="call"}')).toBe(1);
    expect(one('sallyport_messages_total{carrier="twilio",channel="call",result="accepted"}')).toBe(1);
    expect(one('sallyport_message_reports_total{carrier="twilio",report="keys"}')).toBeGreaterThan(0);
    expect(one('sallyport_requests_total{route="token",status="2xx"}')).toBe(1);
    expect(one('sallyport_request_seconds_count{route="sign-in"}')).toBeGreaterThan(2);
    expect(one('sallyport_store_seconds_count{store="durable",operation="insert"}')).toBeGreaterThan(2);
    expect(one('sallyport_store_seconds_count{store="short-lived",operation="compareAndSwap"}')).toBeGreaterThan(0);
    expect(one('sallyport_password_hash_seconds_count{operation="verify"}')).toBe(1);
    expect(one('sallyport_audit_events_total{event="sign-in.finished",outcome="success"}')).toBe(1);
    expect(one('sallyport_password_hash_waiting')).toBe(0);
    expect(one('sallyport_requests_in_flight{kind="request"}')).toBe(0);
    expect(one('sallyport_circuit_open{carrier="twilio",channel="call"}')).toBe(0);
    expect(one('sallyport_outbox_oldest_seconds')).toBe(0);
  });

  test('counts codes of an app by their step, and wrong passwords', async () => {
    await signIn(rp, world.browser(), world.people.noor);
    await begin({ ...world.people.noor, password: 'mistyped' });
    const values = await read();
    expect(values.get('sallyport_totp_steps_total{offset="0"}')).toBe(1);
    expect(values.get('sallyport_attempts_total{purpose="sign-in",factor="password",outcome="wrong"}')).toBe(1);
  });

  test('counts a carrier that is down, and says that nothing is sent over it after five failures', async () => {
    faults.isCarrierDown = true;
    for (let at = 0; at < 5; at += 1) {
      await begin();
      world.clock.advance(1_000);
    }
    const values = await read();
    expect(values.get('sallyport_messages_total{carrier="twilio",channel="call",result="down"}')).toBe(5);
    expect(values.get('sallyport_attempts_total{purpose="sign-in",factor="call",outcome="not-sent"}')).toBe(5);
    expect(values.get('sallyport_circuit_open{carrier="twilio",channel="call"}')).toBe(1);
    faults.isCarrierDown = false;
  });

  test('counts passwords that the full queue refused', async () => {
    faults.isHasherFull = true;
    await begin();
    faults.isHasherFull = false;
    const values = await read();
    expect(values.get('sallyport_password_hash_refused_total{reason="overloaded"}')).toBe(1);
    expect(values.get('sallyport_requests_total{route="sign-in",status="5xx"}')).toBe(1);
  });

  test('has only values of the closed lists, and no name, number, address, client or secret', async () => {
    const text = await counted.text();
    expect(secrets.size).toBeGreaterThan(20);
    expect(secrets.foundIn(text)).toEqual([]);
    const people = Object.values(world.people);
    const personal = people.flatMap(({ name, number, user }) => [
      `"${name}"`,
      user.id,
      user.email ?? name,
      number ?? name,
    ]);
    for (const part of [...personal, 'contoso', '127.0.0.1', 'Contoso', '+1202'])
      expect([part, text.includes(part)]).toEqual([part, false]);
    const given: Readonly<Record<string, readonly string[]>> = givenValues(world.settings);
    const rows: Readonly<Record<string, Metric>> = table;
    const unknown = [...(await read()).keys()]
      .filter(line => line.startsWith('sallyport_'))
      .flatMap(line => {
        const [, name = '', labels = ''] = /^(sallyport_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})?$/.exec(line) ?? [];
        const row = rows[name];
        if (row === undefined) return [line];
        return [...labels.matchAll(/(\w+)="([^"]*)"/g)].flatMap(([, label = '', value = '']) => {
          if (label === 'le' || label === 'version' || label === 'node') return [];
          const list = row.labels[label] === 'given' ? given[label] : row.labels[label];
          return Array.isArray(list) && list.includes(value) ? [] : [`${name} ${label}=${value}`];
        });
      });
    expect(unknown).toEqual([]);
  });
});
