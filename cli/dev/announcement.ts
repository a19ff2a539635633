/** What a newcomer reads after `npm start`: where things are, who is there, and how to stop. */
import type { Settings } from '../../src/config.ts';
import { spacedNumber } from '../../src/mfa/phone-number.ts';
import { columns } from '../output.ts';
import type { Ports } from './ports.ts';
import { sparePhone, type Inhabitant, type World } from './people.ts';

/** The one table. It names passwords: only for a world that only this machine can reach. */
export const announcement = (world: World, ports: Ports, settings: Settings): string => {
  const { database, redisUrl } = settings;
  const places = columns(
    ['WHAT', 'WHERE', ''],
    [
      ['issuer', settings.issuer.origin, 'this server'],
      ['simulator', `http://127.0.0.1:${ports.simulator}`, 'telephones, authenticator apps, what went over the wire'],
      ['sample relying party', `http://127.0.0.1:${ports.relyingParty}`, `${world.client.name}: press Sign in`],
      ['state', database.store === 'sqlite' ? database.path : 'memory', 'npm start -- --reset starts anew'],
      ['short-lived state', redisUrl === undefined ? 'the same' : 'Redis (REDIS_URL)', ''],
    ],
  );
  const people = columns(
    ['PERSON', 'PASSWORD', 'SECOND STEP'],
    world.people.map(person => [person.name, person.password, secondStep(person)]),
  );
  const first = `Open http://127.0.0.1:${ports.relyingParty}, press Sign in, and see the phone ring at http://127.0.0.1:${ports.simulator}.`;
  const more = `To bind the spare phone: npm run cli -- methods add phone linus "${spacedNumber(sparePhone.number)}"`;
  return `\n${places}\n\n${people}\n\n${first}\n${more}\nCtrl-C stops everything.\n`;
};

const secondStep = ({ phones, totpSecret }: Inhabitant): string =>
  [
    ...phones.map(({ number, extension }) =>
      extension === undefined
        ? `call or text to ${spacedNumber(number)}`
        : `call to ${spacedNumber(number)}, extension ${extension}`,
    ),
    ...(totpSecret === undefined ? [] : ['code from an authenticator app']),
  ].join(', or ') || 'none';
