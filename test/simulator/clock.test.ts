import { afterEach, describe, expect, test } from '@jest/globals';
import { moveTime, resetSimulator } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import { createClock } from '../../simulator/time/clock.ts';
import { codeAt } from '../../simulator/simulation/totp.ts';
import { ada, call, manualTimers, startWebhooks, startTestSimulator } from './support.ts';

describe('a clock that can be moved', () => {
  const start = Date.UTC(2026, 0, 5, 12);
  const record = () => {
    const [below, seen] = [manualTimers(start), [] as string[]];
    const clock = createClock(below);
    return { below, clock, seen, note: (name: string) => () => void seen.push(`${name} ${clock.now() - start}`) };
  };

  test('a moved clock runs timers in order, each at its own time', async () => {
    const { clock, seen, note } = record();
    clock.after(3000, note('c'));
    clock.after(1000, note('a'));
    clock.after(2000, () => {
      note('b')();
      clock.after(500, note('b+'));
    });
    clock.after(60_000, note('later'));
    await clock.move(30_000);
    expect(seen).toEqual(['a 1000', 'b 2000', 'b+ 2500', 'c 3000']);
    expect([clock.now() - start, clock.ahead]).toEqual([30_000, 30_000]);
  });

  test('a pending timer keeps the time it has left when the clock is moved', async () => {
    const { below, clock, seen, note } = record();
    clock.after(60_000, note('x'));
    await clock.move(45_000);
    below.advance(14_999);
    expect(seen).toEqual([]);
    below.advance(1);
    expect(seen).toEqual(['x 60000']);
  });

  test('a cancelled timer never runs, whether the clock is moved or not', async () => {
    const { below, clock, seen, note } = record();
    clock.after(1000, note('x'))();
    await clock.move(2000);
    below.advance(2000);
    expect(seen).toEqual([]);
  });

  test('a reset clock shows the base time, and each timer keeps the time it has left', async () => {
    const { below, clock, seen, note } = record();
    await clock.move(10_000);
    clock.after(5000, note('x'));
    clock.reset();
    expect(clock.now()).toBe(start);
    below.advance(4999);
    expect(seen).toEqual([]);
    await clock.move(1);
    expect(seen).toEqual(['x 5000']);
  });
});

describe('the clock of the simulation', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());
  const at = async () => {
    const response = await fetch(`${simulator.url}/api/time`);
    return (await response.json()) as { readonly now: number; readonly ahead: number };
  };

  test('the API moves the clock: ringing ends, and the authenticator app follows', async () => {
    const [timers, webhooks] = [manualTimers(), await startWebhooks()];
    simulator = await startTestSimulator({ timers });
    await call(simulator, webhooks, ada, [['Timeout', '40']]);
    const person = simulator.person(ada);
    await moveTime(simulator.url, 39);
    expect(await person.phone()).toMatchObject({ state: 'ringing' });
    expect(await moveTime(simulator.url, 1)).toEqual({ now: timers.now() + 40_000, ahead: 40_000 });
    expect(await person.phone()).toMatchObject({ state: 'idle', calls: [{ status: 'no-answer' }] });
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(await person.code()).toBe(codeAt(secret, timers.now() + 40_000).code);
    await resetSimulator(simulator.url);
    expect(await at()).toEqual({ now: timers.now(), ahead: 0 });
    expect(await person.code()).toBe(codeAt(secret, timers.now()).code);
    await webhooks.close();
  });

  test.each(['{"seconds":-1}', '{"seconds":86401}', '{"seconds":"30"}', '{"seconds":null}', '{}', 'x'])(
    'the clock is not moved by the body %s',
    async body => {
      simulator = await startTestSimulator();
      const response = await fetch(`${simulator.url}/api/time`, { method: 'POST', body });
      expect([response.status, (await at()).ahead]).toEqual([400, 0]);
    },
  );
});
