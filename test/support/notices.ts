/** Wires notices over the MFA services of a test, with the deliveries that send them. */
import { createSms } from '../../src/mfa/factors/sms.ts';
import { fromJson, type StoredMail } from '../../src/mail/content.ts';
import { mailKind } from '../../src/mail/mail.ts';
import { noticeSenders } from '../../src/notices/deliver.ts';
import { NotMe } from '../../src/notices/not-me.ts';
import { notMeLinkKind } from '../../src/records.ts';
import { Freezes } from '../../src/users/freezes.ts';
import { Users } from '../../src/users/users.ts';
import { Deliveries } from '../../src/outbox/deliveries.ts';
import { createTestMfa, createTextChannel } from './mfa.ts';
import type { TestClock } from './world/clock.ts';
import type { Node } from './world/stores.ts';
import { unobserved } from './unobserved-accounts.ts';

/** People with phones and mailboxes, and what they are sent. */
export const createTestNotices = (
  node: Node,
  clock: TestClock,
  options: { readonly mail?: boolean; readonly administrators?: readonly string[] } = {},
) => {
  const texts = createTextChannel();
  const mails: StoredMail[] = [];
  const mfa = createTestMfa(node, { clock, factors: [createSms()], channels: [texts], ...options });
  const users = new Users({ ...unobserved, users: mfa.users, audit: mfa.audit, clock, notices: mfa.notices });
  const freezes = new Freezes({ ...mfa, isBreakGlass: () => false, clock });
  const notMe = new NotMe({
    links: node.durable.collection(notMeLinkKind),
    users,
    freezes,
    onSignedOut: async () => {},
    pageOf: token => `https://login.contoso.example/not-me/${token}`,
    clock,
  });
  const deliveries = new Deliveries({
    outbox: mfa.outbox,
    messages: mfa.collections.outbox,
    senders: {
      ...noticeSenders({ ...mfa, notMe, clock }),
      async [mailKind](data) {
        mails.push(fromJson(data));
        return 'sent';
      },
    },
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
    mails,
    notMe,
    accounts: users,
    freezes,
    /** Gives this person an e-mail address. */
    async giveMail(id: string, email: string, emailVerified = true): Promise<void> {
      const user = await mfa.users.get(id);
      if (user !== undefined) await mfa.users.replace({ ...user, email, emailVerified });
    },
    /** Sends what is due: notices, and then the mails and texts that they become. */
    async deliver(): Promise<void> {
      await deliveries.run();
    },
  };
};
