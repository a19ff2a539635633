/** Wires notices over the MFA services of a test, with the deliveries that send them. */
import { createTestMfa, createTextChannel } from './mfa.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { noticeSenders } from '../../src/notices/deliver.ts';
import { Deliveries } from '../../src/outbox/deliveries.ts';
import type { TestClock } from './world/clock.ts';
import type { Node } from './world/stores.ts';

/** People with phones, and what is texted to them. `deliver` sends what is due. */
export const createTestNotices = (node: Node, clock: TestClock) => {
  const texts = createTextChannel();
  const mfa = createTestMfa(node, { clock, factors: [createSms()], channels: [texts] });
  const deliveries = new Deliveries({
    outbox: mfa.outbox,
    messages: mfa.collections.outbox,
    senders: noticeSenders({ ...mfa, clock }),
    sealer: mfa.sealer,
    clock,
    schedule: () => () => {},
    random: () => 0,
    audit: mfa.audit,
    log: mfa.log,
  });
  return {
    ...mfa,
    texts,
    /** Sends what is due: a notice, and then the texts that it becomes. */
    async deliver(): Promise<void> {
      await deliveries.run();
    },
  };
};
