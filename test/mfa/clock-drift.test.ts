/** Tests when the log says that the clock of this node is wrong, by the codes of authenticator apps. */
import { beforeEach, expect, test } from '@jest/globals';
import { silentLog } from '../../src/log.ts';
import { ClockDrift } from '../../src/mfa/clock-drift.ts';
import type { StepOffset } from '../../src/mfa/factor.ts';
import { noMetrics, type Metrics } from '../../src/ports/metrics.ts';
import { createClock } from '../support/world/clock.ts';

const clock = createClock();
let warned: object[];
let counted: Record<string, number>;
let drift: ClockDrift;
beforeEach(() => {
  [warned, counted] = [[], {}];
  const metrics: Metrics = {
    ...noMetrics,
    count: (name, labels) => {
      const key = `${name} ${Object.values(labels).join(' ')}`;
      counted[key] = (counted[key] ?? 0) + 1;
    },
  };
  drift = new ClockDrift({
    metrics,
    clock,
    log: { ...silentLog, warn: (_event, fields) => void warned.push(fields ?? {}) },
  });
});

const note = (...offsets: readonly StepOffset[]): void => {
  for (const offset of offsets) drift.note(offset);
};
const times = (count: number, offset: StepOffset): readonly StepOffset[] => Array<StepOffset>(count).fill(offset);

test('codes of slow people, and of a few phones with wrong clocks, are counted and warn of nothing', () => {
  for (let at = 0; at < 10; at += 1) note(...times(12, 0), ...times(5, -1), ...times(3, 1));
  expect(warned).toEqual([]);
  expect(counted).toEqual({
    'sallyport_totp_steps_total 0': 120,
    'sallyport_totp_steps_total -1': 50,
    'sallyport_totp_steps_total 1': 30,
  });
});

test.each<[StepOffset, string]>([
  [-1, 'ahead'],
  [1, 'behind'],
])('most codes at the step %s warn once an hour that the clock is %s', (offset, side) => {
  note(...times(8, 0), ...times(11, offset));
  expect(warned).toEqual([]);
  note(...times(20, offset));
  expect(warned).toEqual([{ because: 'totp-steps', clock: side, of: 20 }]);
  clock.advance(3_600_000);
  note(offset);
  expect(warned).toHaveLength(2);
});
