/** Adds the commands `methods list | add phone | add totp | default | remove`, which run the same enrolments as pages do. */
import { Option, type Command } from 'commander';
import { authenticatorOf, servedBy, type Authenticator } from '../src/mfa/factor.ts';
import { factors } from '../src/mfa/factors/index.ts';
import { isPhone, tonesAfterPickUp } from '../src/mfa/factors/phone.ts';
import { guessTarget } from '../src/mfa/limits/failed-attempts.ts';
import { isDevice, pushType } from '../src/mfa/push/data.ts';
import type { User } from '../src/records.ts';
import { enrollApp } from './enroll-app.ts';
import { enrollPhone, phoneFactors, type PhoneFactor, type WantedPhone } from './enroll-phone.ts';
import { addMethodHelpCommands } from './help-desk.ts';
import { userNamed, withServices, type CommandServices } from './services.ts';
import { plain } from '../src/masking.ts';
import { isoDate, isoTime, jsonOption, print, printList, type ListOptions } from './output.ts';

/** Whether too many wrong codes were given for this authenticator. */
const areCodesDisabled = async (
  { failedAttempts }: Pick<CommandServices, 'failedAttempts'>,
  { id: userId }: User,
  { id, type }: Authenticator,
): Promise<boolean> => {
  const guessed = factors.find(factor => factor.guessable && authenticatorOf(factor) === type);
  const block = guessed && (await failedAttempts.blockedBy(guessTarget(guessed, userId, id)));
  return block?.reason === 'disabled';
};

/**
 * Whether requests reach this phone: `works`, `none` (it never subscribed), `gone` (its push service does not know it any more), or
 * `pair-again`. Undefined for another method.
 */
const pushStateOf = ({ resources }: Pick<CommandServices, 'resources'>, method: Authenticator): string | undefined => {
  const factor = resources.factors.find(each => authenticatorOf(each) === pushType);
  if (factor === undefined || !isDevice(method)) return undefined;
  return servedBy(factor, [method]).length > 0 ? method.data.push : 'pair-again';
};

/** A method in a list: its number is masked. Times as in ISO 8601. */
const toListed = async (services: CommandServices, user: User, method: Authenticator) => ({
  id: method.id,
  type: method.type,
  label: method.label,
  number: factors.find(factor => authenticatorOf(factor) === method.type)?.masked?.(method),
  tones: isPhone(method) ? tonesAfterPickUp(method.data) : undefined,
  codesDisabled: await areCodesDisabled(services, user, method),
  push: pushStateOf(services, method),
  addedAt: isoTime(method.createdAt),
  lastUsedAt: method.lastUsedAt === undefined ? undefined : isoTime(method.lastUsedAt),
});

/** Options of `add phone`. */
interface PhoneOptions {
  readonly by: PhoneFactor;
  readonly wait?: string;
  readonly confirmKey?: true;
}

/** How an extension is dialled, where these options say something about it. */
const diallingOf = ({ wait, confirmKey }: Omit<PhoneOptions, 'by'>): Pick<WantedPhone, 'dialling'> => {
  if (wait === undefined && confirmKey === undefined) return {};
  return { dialling: { ...(wait !== undefined && { wait: Number(wait) * 1000 }), ...(confirmKey && { confirmKey }) } };
};

/** Adds them to `program`. */
export const addMethodCommands = (program: Command): void => {
  const methods = program.command('methods').description('second factors of people');

  addMethodHelpCommands(methods);

  methods
    .command('list <user>')
    .description('lists the methods of a person')
    .addOption(jsonOption())
    .action(async (name: string, options: ListOptions) =>
      withServices(async services => {
        const user = await userNamed(services, name);
        const stored = await services.authenticators.of(user);
        const listed = await Promise.all(stored.map(async each => toListed(services, user, each)));
        printList(listed, options, {
          heading: ['METHOD', 'LABEL', 'NUMBER', 'TONES', 'CODES', 'PUSH', 'ADDED', 'LAST USED', 'ID'],
          row: ({ type, label, number, tones, codesDisabled, push, addedAt, lastUsedAt, id }) => [
            type,
            label,
            number ?? '–',
            tones ?? '–',
            codesDisabled ? 'disabled' : '–',
            push ?? '–',
            isoDate(addedAt),
            isoDate(lastUsedAt),
            id,
          ],
        });
      }),
    );

  const add = methods.command('add').description('binds a method after its owner has proved it');
  add
    .command('totp <user>')
    .description('shows a QR code for an authenticator app and asks for a current code')
    .action(async (name: string) =>
      withServices(async services => enrollApp(services, await userNamed(services, name))),
    );
  add
    .command('phone <user> <number>')
    .description(
      'binds a number with its country code ("+1 202 555 0143", "+1 202 555 0150 x421") after a call or a code',
    )
    .addOption(
      new Option('--by <how>', 'call: answer with #; sms: a texted code; spoken: a code read out in a call')
        .choices(Object.keys(phoneFactors))
        .default('call'),
    )
    .option('--wait <seconds>', 'for an extension: from the pick-up to its first digit, 0 to 20 (usually 2)')
    .option('--confirm-key', 'for an extension: end its digits with #')
    .action(async (name: string, number: string, { by, ...options }: PhoneOptions) =>
      withServices(async services =>
        enrollPhone(services, await userNamed(services, name), { typed: number, ...diallingOf(options) }, by),
      ),
    );

  methods
    .command('default <user> <factor> <id>')
    .description('sets what a person is asked for first: a factor (call, sms, spoken, totp) and one of their methods')
    .action(async (name: string, factor: string, id: string) =>
      withServices(async services => {
        const user = await userNamed(services, name);
        await services.methods.setDefault(user, { factor, authenticator: id }, 'cli');
        print(`${plain(user.name)} is now asked for ${plain(factor)} first.`);
      }),
    );

  methods
    .command('remove <user> <id>')
    .description('removes a method; `methods list` shows its id')
    .action(async (name: string, id: string) =>
      withServices(async services => {
        const user = await userNamed(services, name);
        await services.methods.remove(user, id, 'cli');
        print('Removed.');
      }),
    );
};
