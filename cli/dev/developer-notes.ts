/** What the pages of a development environment say to developers: which setting made a limit, and where to go. */
import type { Environment } from '../../src/config.ts';
import { entryOf, type SettingKey } from '../../src/config/table.ts';
import type { DeveloperNotes, LimitName } from '../../web/pages/props.ts';
import type { Ports } from './ports.ts';

interface Made {
  /** Or a name, for a limit without settings. */
  readonly by: readonly SettingKey[] | string;
  /** "Start over" lifts it (`lift-limits.ts`). */
  readonly isLifted: boolean;
}

const limits: Readonly<Record<LimitName, Made>> = {
  pause: { by: ['pause'], isLifted: true },
  wait: { by: ['failedAttemptsBeforeWait', 'firstWait', 'longestWait'], isLifted: true },
  attempts: { by: ['attemptsPerChallenge', 'failedAttemptsBeforeWait'], isLifted: true },
  disabled: { by: ['failedAttemptsBeforeDisabled'], isLifted: true },
  sends: {
    by: [
      'sendsPerNumberAndHour',
      'sendsPerNumberAndDay',
      'allSendsPerNumberAndDay',
      'sendsPerAccountAndHour',
      'sendsPerPrefixAndHour',
      'sendsPerSwitchboardAndHour',
    ],
    isLifted: false,
  },
  'send-ceilings': { by: ['sendsPerHour', 'sendsPerCountryAndHour'], isLifted: false },
  resends: { by: ['resends', 'resendGap'], isLifted: false },
  pushes: { by: 'the limits of requests to a phone, which have no settings', isLifted: true },
  passwords: {
    by: ['wrongPasswordsPerAccount', 'wrongPasswordsPerDevice', 'wrongPasswordsPerAddress', 'wrongPasswordsPerNetwork'],
    isLifted: false,
  },
  'sign-ins': { by: ['begunPerAddress', 'begunPerNetwork', 'begunPerDevice'], isLifted: false },
};

/** `SALLYPORT_PAUSE=1h`; undefined: unset, so that it made nothing. */
const setting = (key: SettingKey, environment: Environment): string | undefined => {
  const { name, fallback } = entryOf(key);
  const value = environment[name] ?? fallback;
  return value === undefined ? undefined : `${name}=${value}`;
};

const makers = (by: Made['by'], environment: Environment): string => {
  if (typeof by === 'string') return by;
  const settings = by.flatMap(key => setting(key, environment) ?? []).join(', ');
  return by.length === 1 ? settings : `one of ${settings}`;
};

/** `environment`: from which the settings of the server were loaded. */
export const developerNotes = (environment: Environment, ports: Ports): DeveloperNotes => {
  const simulator = `http://127.0.0.1:${ports.simulator}/`;
  const noteOn = ({ by, isLifted }: Made): NonNullable<DeveloperNotes['limits'][LimitName]> => {
    const sentence = `For developers: this page was made by ${makers(by, environment)}.`;
    return isLifted
      ? { sentence: `${sentence} To lift it:`, link: { label: 'Start over in the simulator', href: simulator } }
      : { sentence: `${sentence} Set it in the environment of npm start, or begin anew: npm start -- --reset.` };
  };
  return {
    limits: Object.fromEntries(Object.entries(limits).map(([name, made]) => [name, noteOn(made)])),
    links: [
      { label: 'Sample relying party', href: `http://127.0.0.1:${ports.relyingParty}/` },
      { label: 'Telephone simulator', href: simulator },
      { label: 'Playground', href: '/playground' },
    ],
  };
};
