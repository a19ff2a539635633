/** Tests several carriers of one kind of message: which one is asked next, which one hangs up, and how often a send counts. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Undelivered, type CarrierRefusal } from '../../src/errors.ts';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createCallChannel, createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const refuse = (reason: CarrierRefusal) => async () => {
  throw new Undelivered(reason, 'got a test, expected a call');
};

describe.each(stores)('two carriers on $name', stored => {
  let store: OpenStore;
  let mfa: ReturnType<typeof createTestMfa>;
  let first: ReturnType<typeof createCallChannel>;
  let second: ReturnType<typeof createCallChannel>;

  beforeEach(async () => {
    const clock = createClock();
    store = await stored.open(clock);
    [first, second] = [createCallChannel(), createCallChannel()];
    const carriers = [
      { name: 'first', channels: [first], callbacks: [] },
      { name: 'second', channels: [second], callbacks: [] },
    ];
    mfa = createTestMfa(store, { clock, factors: [createCall('key')], carriers });
  });
  afterEach(() => store.close());

  const call = async () => {
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data: { number: '+12025550143' } }]);
    const asked = { userId: user.id, factor: 'call', chosen: bound[0]?.id ?? '' };
    return (await mfa.challenges.begin(asked, 'uid', requestContextOf(user))).view;
  };
  it('the first one is asked alone where it takes the call', async () => {
    expect(await call()).toMatchObject({ phase: 'pending' });
    expect([first.sent.length, second.sent.length]).toEqual([1, 0]);
  });

  it.each(['down', 'misconfigured', 'busy'] as const)('the next one is asked where the first is %s', async reason => {
    first.onSend = refuse(reason);
    expect(await call()).toMatchObject({ phase: 'pending', progress: 'dialled' });
    expect([first.sent.length, second.sent.length]).toEqual([1, 1]);
    expect(await mfa.collections.dailySends.find({})).toMatchObject([{ spent: 1, sent: 1 }]);
    await mfa.challenges.cancel('uid');
    expect([first.cancelled, second.cancelled]).toEqual([[], ['CA1']]);
  });

  it.each([
    ['slow', 'slow'],
    ['refused', 'number-refused'],
  ] as const)(
    'no other one is asked where the first may have taken it, or refuses the number: %s',
    async (reason, ended) => {
      first.onSend = refuse(reason);
      expect(await call()).toMatchObject({ phase: 'ended', reason: ended });
      expect(second.sent).toEqual([]);
    },
  );

  it('a call that none takes counts for nothing', async () => {
    first.onSend = refuse('down');
    second.onSend = refuse('busy');
    expect(await call()).toMatchObject({ phase: 'ended', reason: 'carrier-busy' });
    expect(await mfa.collections.dailySends.find({})).toMatchObject([{ spent: 0, sent: 0 }]);
  });
});
