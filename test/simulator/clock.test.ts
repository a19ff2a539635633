import { afterEach, describe, expect, test } from '@jest/globals';
import { moveTime, resetWorld } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import { movable } from '../../simulator/time/clock.ts';
import { codeAt } from '../../simulator/simulation/totp.ts';
import { ada, call, heldTimers, startWebhooks, startWorld } from './support.ts';

describe('a clock that can be moved', () => {
  const start = Date.UTC(2026, 0, 5, 12);
  const record = () => {
    const [below, seen] = [heldTimers(start), [] as string[]];
    const clock = movable(below);
    return { below, clock, seen, note: (name: string) => () => void seen.push(`${name} ${clock.now() - start}`) };
  };

  test('runs what falls due in order, each at its own time', async () => {
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

  test('what waits goes on with the time it has left', async () => {
    const { below, clock, seen, note } = record();
    clock.after(60_000, note('x'));
    await clock.move(45_000);
    below.advance(14_999);
    expect(seen).toEqual([]);
    below.advance(1);
    expect(seen).toEqual(['x 60000']);
  });

  test('what was stopped does not happen, moved or not', async () => {
    const { below, clock, seen, note } = record();
    clock.after(1000, note('x'))();
    await clock.move(2000);
    below.advance(2000);
    expect(seen).toEqual([]);
  });

  test('set right, it keeps what each timer has left', async () => {
    const { below, clock, seen, note } = record();
    await clock.move(10_000);
    clock.after(5000, note('x'));
    clock.settle();
    expect(clock.now()).toBe(start);
    below.advance(4999);
    expect(seen).toEqual([]);
    await clock.move(1);
    expect(seen).toEqual(['x 5000']);
  });
});

describe('the time of this world', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());
  const at = async () => {
    const response = await fetch(`${simulator.url}/api/time`);
    return (await response.json()) as { readonly now: number; readonly ahead: number };
  };

  test('is moved by the API: ringing ends, and the authenticator app goes with it', async () => {
    const [timers, webhooks] = [heldTimers(), await startWebhooks()];
    simulator = await startWorld({ timers });
    await call(simulator, webhooks, ada, [['Timeout', '40']]);
    const person = simulator.person(ada);
    await moveTime(simulator.url, 39);
    expect(await person.phone()).toMatchObject({ state: 'ringing' });
    expect(await moveTime(simulator.url, 1)).toEqual({ now: timers.now() + 40_000, ahead: 40_000 });
    expect(await person.phone()).toMatchObject({ state: 'idle', calls: [{ status: 'no-answer' }] });
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(await person.code()).toBe(codeAt(secret, timers.now() + 40_000).code);
    await resetWorld(simulator.url);
    expect(await at()).toEqual({ now: timers.now(), ahead: 0 });
    expect(await person.code()).toBe(codeAt(secret, timers.now()).code);
    await webhooks.close();
  });

  test.each(['{"seconds":-1}', '{"seconds":86401}', '{"seconds":"30"}', '{"seconds":null}', '{}', 'x'])(
    'is not moved by %s',
    async body => {
      simulator = await startWorld();
      const response = await fetch(`${simulator.url}/api/time`, { method: 'POST', body });
      expect([response.status, (await at()).ahead]).toEqual([400, 0]);
    },
  );
});
