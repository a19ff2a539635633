/** Prints what a newcomer needs after `npm start`: addresses, people with their passwords, and how to stop. */
import type { Settings } from '../../src/config.ts';
import { spacedNumber } from '../../src/mfa/phone-number.ts';
import { columns } from '../output.ts';
import type { Ports } from './ports.ts';
import { sparePhone, type SeedPerson, type SeedData } from './seed-data.ts';

/** Text of the announcement. It contains passwords, because only this machine can reach the environment. */
export const announcement = (seedData: SeedData, ports: Ports, settings: Settings): string => {
  const { database, redis } = settings;
  const addresses = columns(
    ['WHAT', 'WHERE', ''],
    [
      ['sample relying party', `http://127.0.0.1:${ports.relyingParty}`, `${seedData.client.name}: press Sign in`],
      [
        'simulator',
        `http://127.0.0.1:${ports.simulator}`,
        'telephones, authenticator apps, notifications, requests to and from the carrier',
      ],
      [
        'authenticator',
        `${settings.issuer.origin}/authenticator/`,
        'approves sign-ins: open it in another window, as if it were a phone',
      ],
      [
        'playground',
        `${settings.issuer.origin}/playground`,
        'sends a request of a client, and shows what comes back, down to the tokens',
      ],
      [
        'developer portal',
        `${settings.issuer.origin}/developer`,
        'registers clients: sign in as any of the people below',
      ],
      ['mailbox', `http://127.0.0.1:${ports.simulator}/mail`, 'mails to everybody'],
      ['issuer', settings.issuer.origin, 'this server'],
      database.store === 'sqlite'
        ? ['state', database.path, 'delete it with npm start -- --reset']
        : ['state', database.store, ''],
      ['short-lived state', redis === undefined ? 'the same' : 'Redis (REDIS_URL)', ''],
    ],
  );
  const people = columns(
    ['PERSON', 'PASSWORD', 'SECOND STEP'],
    seedData.people.map(person => [person.name, person.password, secondStep(person)]),
  );
  const first = `Open http://127.0.0.1:${ports.relyingParty}, press Sign in, and see the phone ring at http://127.0.0.1:${ports.simulator}.`;
  const more = `To bind the spare phone: npm run cli -- methods add phone linus "${spacedNumber(sparePhone.number)}"`;
  return `\n${addresses}\n\n${people}\n\n${first}\n${more}\nEnter shows this table again. Ctrl-C stops everything.\n`;
};

/** How a sample person answers the second step, in words. */
export const secondStep = ({ phones, totpSecret }: SeedPerson): string =>
  [
    ...phones.map(({ number, extension }) =>
      extension === undefined
        ? `call or text to ${spacedNumber(number)}`
        : `call to ${spacedNumber(number)}, extension ${extension}`,
    ),
    ...(totpSecret === undefined ? [] : ['code from an authenticator app']),
  ].join(', or ') || 'none';
