/** Adds the commands `keys list | rotate | retire | sealed | reseal`: keys that sign tokens and cookies, and that seal values. */
import type { Command } from 'commander';
import { plain } from '../src/masking.ts';
import type { EpochMillis } from '../src/ports/time.ts';
import type { SealedValues } from '../src/sealing/resealing.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from './output.ts';
import { withServices, type CommandServices } from './services.ts';

interface RotateOptions {
  readonly now?: true;
}

const follows = 'Running servers follow within 10 s.';

/** Adds them to `program`. */
export const addKeyCommands = (program: Command): void => {
  const keys = program
    .command('keys')
    .description('the keys that sign tokens and cookies, and those that seal stored values');

  keys
    .command('list')
    .description('lists the keys, with the times of their states')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        const listed = (await services.keys.list()).map(key => ({
          use: key.ring.use,
          alg: key.ring.alg,
          kid: key.kid,
          state: key.state,
          publishedAt: isoTime(key.publishedAt),
          ...timesOf({ currentAt: key.currentAt, replacedAt: key.replacedAt }),
          ...timesOf({ signsFrom: key.signsFrom, removedFrom: key.removedFrom }),
        }));
        printList(listed, options, {
          heading: ['USE', 'ALG', 'STATE', 'KID', 'PUBLISHED (UTC)', 'NEXT CHANGE (UTC)'],
          row: ({ use, alg, state, kid, publishedAt, signsFrom, removedFrom }) => [
            use,
            alg,
            state,
            kid,
            minute(publishedAt),
            signsFrom === undefined
              ? removedFrom === undefined
                ? '–'
                : `removed ${minute(removedFrom)}`
              : `signs ${minute(signsFrom)}`,
          ],
        });
      }),
    );

  keys
    .command('rotate')
    .description('publishes new keys, which sign once relying parties know them; keys of before verify until then')
    .option('--now', 'others may know the keys: new ones sign at once, all earlier ones are void')
    .action(async ({ now }: RotateOptions) =>
      withServices(async services => {
        if (now) {
          await services.keys.replaceAll('cli');
          print(`New keys sign now. Tokens and cookies of earlier keys are void: everybody signs in again. ${follows}`);
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
    .description('removes a key that does not sign now; what it signed is void')
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
      'says how many stored values each sealing key seals, as the last pass of a server or "keys reseal" counted',
    )
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        const values = await services.resealing.found();
        if (values === undefined && !options.json) {
          print('No pass has ended since the first sealing key changed. "keys reseal" does one now.');
          return;
        }
        printSealed(services, values, options);
      }),
    );

  keys
    .command('reseal')
    .description('seals every stored value by the first sealing key now; afterwards earlier ones can be removed')
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

type Times<Name extends string> = { readonly [Member in Name]?: string };

/** The times that exist, as ISO 8601. */
const timesOf = <Name extends string>(times: { readonly [Member in Name]: EpochMillis | undefined }): Times<Name> => {
  const entries = Object.entries<EpochMillis | undefined>(times);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are those of `times`
  return Object.fromEntries(
    entries.flatMap(([name, at]) => (at === undefined ? [] : [[name, isoTime(at)]])),
  ) as Times<Name>;
};

const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');
