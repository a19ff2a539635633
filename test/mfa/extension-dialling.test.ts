/** Tests how an extension is dialled: set when its phone is bound, stored with it, used by every call to it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { factors } from '../../src/mfa/factors/index.ts';
import { tonesAfterPickUp } from '../../src/mfa/factors/phone.ts';
import type { ExtensionDialling } from '../../src/ports/carriers.ts';
import { createClock } from '../support/world/clock.ts';
import { createCallChannel, createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { stores } from '../support/world/stores.ts';

const office = '+1 202 555 0150 x421';
const opened = stores.filter(({ name }) => name === 'memory');

describe.each(opened)('on $name', ({ open }) => {
  const telephone = createCallChannel();
  const clock = createClock();
  let store: Awaited<ReturnType<typeof open>>;
  let mfa: ReturnType<typeof createTestMfa>;
  beforeEach(async () => {
    telephone.sent.length = 0;
    store = await open(clock);
    mfa = createTestMfa(store, { clock, factors, channels: [telephone, createTextChannel()] });
  });
  afterEach(async () => store.close());

  const enrol = async (typed: string, dialling: ExtensionDialling, boundTo = 'cli') => {
    const { user } = await mfa.person('ines', []);
    const wanted = { userId: user.id, factor: 'call', input: { typed, dialling } };
    await mfa.enrollments.begin(wanted, boundTo, requestContextOf(user));
    return user;
  };
  const press = async (keys: string) => {
    const call = { token: telephone.sent.at(-1)?.token ?? '', reference: `CA${telephone.sent.length}` };
    await mfa.hear({ ...call, keys });
  };

  it.each([{ wait: 4_000, confirmKey: true }, { wait: 0 }, { wait: 20_000 }, { confirmKey: true }] as const)(
    'an extension is bound with %j and called so ever after',
    async dialling => {
      const user = await enrol(office, dialling);
      expect(telephone.sent).toMatchObject([{ extension: '421', dialling }]);
      await press('');
      await press('#');
      clock.advance(2_000);
      await press('e#');
      const bound = await mfa.enrollments.finish('cli', 'cli');
      expect(bound?.data).toEqual({ number: '+12025550150', extension: '421', dialling });
      const chosen = bound?.id ?? '';
      clock.advance(600_000);
      await mfa.challenges.begin({ userId: user.id, factor: 'call', chosen }, 'later', requestContextOf(user));
      await mfa.challenges.cancel('later');
      clock.advance(600_000);
      await mfa.challenges.begin({ userId: user.id, factor: 'spoken', chosen }, 'spoken', requestContextOf(user));
      expect(telephone.sent.map(({ dialling: sent }) => sent)).toEqual([dialling, dialling, dialling]);
    },
  );

  it.each([
    ['more than 20 s', office, { wait: 21_000 }],
    ['a time before the pick-up', office, { wait: -1_000 }],
    ['a part of a second', office, { wait: 1_500 }],
    ['no number', office, { wait: Number.NaN }],
    ['a direct number', '+1 202 555 0143', { wait: 4_000 }],
    ['a direct number with a closing key', '+1 202 555 0143', { confirmKey: true }],
  ] as const)('a wait of %s is refused before anything rings', async (_, typed, dialling) => {
    await expect(enrol(typed, dialling)).rejects.toMatchObject({ code: 'bad-request' });
    expect(telephone.sent).toEqual([]);
  });
});

describe('the list of methods', () => {
  it.each([
    [{ number: '+12025550143' }, undefined],
    [{ number: '+12025550150', extension: '421' }, '2 s, 421'],
    [{ number: '+12025550150', extension: '421', dialling: { wait: 4_000, confirmKey: true } }, '4 s, 421#'],
    [{ number: '+12025550150', extension: '421', dialling: { wait: 0 } }, '0 s, 421'],
  ] as const)('shows the tones of %j as %s', (phone, tones) => {
    expect(tonesAfterPickUp(phone)).toBe(tones);
  });
});
