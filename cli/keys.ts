/** Adds the commands `keys list | rotate | retire | sealed | reseal`, for the keys that sign and the keys that seal. */
import type { Command } from 'commander';
import { plain } from '../src/masking.ts';
import type { ListedKey } from '../src/keys/rotation.ts';
import type { SealedValues } from '../src/sealing/resealing.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from './output.ts';
import { withServices, type CommandServices } from './services.ts';

interface RotateOptions {
  readonly now?: true;
}

const follows = 'Running servers use the change within 10 s.';

/** Adds them to `program`. */
export const addKeyCommands = (program: Command): void => {
  const keys = program
    .command('keys')
    .description('the keys that sign tokens and cookies, and those that seal stored values');

  keys
    .command('list')
    .description('lists the keys with their states and the times of the next changes')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        printList((await services.keys.list()).map(shown), options, {
          heading: ['USE', 'ALG', 'STATE', 'KID', 'PUBLISHED (UTC)', 'NEXT CHANGE (UTC)'],
          row: key => [key.use, key.alg, key.state, key.kid, minute(key.publishedAt), nextChange(key)],
        });
      }),
    );

  keys
    .command('rotate')
    .description('publishes next keys, which sign after SALLYPORT_JWKS_CACHE; the current keys sign until then')
    .option('--now', 'if keys have leaked: new keys sign at once, and all earlier ones are removed')
    .action(async ({ now }: RotateOptions) =>
      withServices(async services => {
        if (now) {
          await services.keys.replaceAll('cli');
          print(
            `New keys sign now. Tokens and cookies of earlier keys are invalid: all people sign in again. ${follows}`,
          );
          return;
        }
        await services.keys.rotate('cli');
        const next = (await services.keys.list()).filter(({ state }) => state === 'next');
        for (const { ring, kid, signsFrom = 0 } of next) {
          print(`${ring.use} ${ring.alg}: ${kid} signs from ${minute(isoTime(signsFrom))} UTC.`);
        }
        print(follows);
      }),
    );

  keys
    .command('retire <kid>')
    // A key id may begin with a hyphen, which commander would read as an option.
    .allowUnknownOption()
    .helpOption('--help', 'display help for command')
    .description('removes a next or previous key; what it signed becomes invalid')
    .action(async (kid: string) =>
      withServices(async services => {
        await services.keys.retire(kid, 'cli');
        print(`${plain(kid)} is removed. ${follows}`);
      }),
    );

  addSealingCommands(keys);
};

/** Adds those about the keys of SALLYPORT_SEALING_KEYS. */
const addSealingCommands = (keys: Command): void => {
  keys
    .command('sealed')
    .description(
      'shows how many stored values each sealing key seals, as counted by the last run of a server or of "keys reseal"',
    )
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        const values = await services.resealing.found();
        if (values === undefined && !options.json) {
          print('Not counted since the first sealing key changed. "keys reseal" counts and reseals all values now.');
          return;
        }
        printSealed(services, values, options);
      }),
    );

  keys
    .command('reseal')
    .description('seals all stored values by the first sealing key now, so that earlier keys can be removed')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        printSealed(services, await services.resealing.runNow(), options);
      }),
    );
};

const printSealed = ({ resources }: CommandServices, values: SealedValues | undefined, options: ListOptions): void => {
  const configured = resources.settings.sealingKeys.map(({ id }) => id);
  const counts = values?.counts ?? [];
  const ids = [...new Set([...configured, ...counts.map(({ sealingKey }) => sealingKey)])];
  const rows = ids.map((id, at) => {
    const { sealed = 0, unreadable = 0 } = counts.find(({ sealingKey }) => sealingKey === id) ?? {};
    return { sealingKey: id, isFirst: at === 0, isConfigured: configured.includes(id), sealed, unreadable };
  });
  if (!options.json) print(`Counted at ${minute(isoTime(values?.at ?? 0))} UTC.`);
  printList(rows, options, {
    heading: ['SEALING KEY', 'CONFIGURED', 'VALUES', 'UNREADABLE'],
    row: ({ sealingKey, isFirst, isConfigured, sealed, unreadable }) => [
      sealingKey,
      isFirst ? 'first' : isConfigured ? 'yes' : 'no',
      `${sealed}`,
      `${unreadable}`,
    ],
  });
};

/** A key as JSON shows it, with times as ISO 8601. */
const shown = ({ ring, kid, state, ...times }: ListedKey) => ({
  use: ring.use,
  alg: ring.alg,
  kid,
  state,
  publishedAt: isoTime(times.publishedAt),
  ...(times.currentAt !== undefined && { currentAt: isoTime(times.currentAt) }),
  ...(times.replacedAt !== undefined && { replacedAt: isoTime(times.replacedAt) }),
  ...(times.signsFrom !== undefined && { signsFrom: isoTime(times.signsFrom) }),
  ...(times.removedFrom !== undefined && { removedFrom: isoTime(times.removedFrom) }),
});

const nextChange = ({ signsFrom, removedFrom }: ReturnType<typeof shown>): string => {
  if (signsFrom !== undefined) return `signs ${minute(signsFrom)}`;
  return removedFrom === undefined ? '–' : `removed ${minute(removedFrom)}`;
};

const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');
