/** `methods list | add phone | add totp | remove`: the real ceremonies, from the command line. */
import type { Command } from 'commander';
import { authenticatorOf } from '../mfa/factor.ts';
import { factors } from '../mfa/factors/index.ts';
import { Problem } from '../errors.ts';
import { enrollApp } from './enroll-app.ts';
import { enrollPhone } from './enroll-phone.ts';
import { someone, withHouse } from './house.ts';
import { plain } from '../plain-text.ts';
import { columns, day, say } from './output.ts';

export const addMethodCommands = (program: Command): void => {
  const methods = program.command('methods').description('what people prove themselves with beside a password');

  methods
    .command('list <user>')
    .description('lists the methods of a person')
    .action(async (name: string) =>
      withHouse(async house => {
        const held = await house.authenticators.of(await someone(house, name));
        const rows = held.map(each => [
          each.type,
          each.label,
          factors.find(factor => authenticatorOf(factor) === each.type)?.masked?.(each) ?? '–',
          day(each.createdAt),
          day(each.lastUsedAt),
          each.id,
        ]);
        say(columns(['METHOD', 'LABEL', 'REACHED AT', 'ADDED', 'LAST USED', 'ID'], rows));
      }),
    );

  const add = methods.command('add').description('binds a method, once it was proven');
  add
    .command('totp <user>')
    .description('shows a QR code for an authenticator app and asks for a current code')
    .action(async (name: string) => withHouse(async house => enrollApp(house, await someone(house, name))));
  add
    .command('phone <user> <number>')
    .description('calls the number (with its country code: "+1 202 555 0143") and waits for #')
    .action(async (name: string, number: string) =>
      withHouse(async house => enrollPhone(house, await someone(house, name), number)),
    );

  methods
    .command('remove <user> <id>')
    .description('takes a method away; `methods list` shows its id')
    .action(async (name: string, id: string) =>
      withHouse(async house => {
        const user = await someone(house, name);
        if (!(await house.authenticators.remove(user.id, id))) {
          throw new Problem('not-found', `${plain(name)} has no method ${plain(id)}`);
        }
        await house.audit({
          event: 'authenticator.removed',
          actor: 'cli',
          subject: user.id,
          outcome: 'success',
          authenticator: id,
        });
        say('Removed.');
      }),
    );
};
