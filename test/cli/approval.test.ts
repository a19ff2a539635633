/** Tests `clients waiting` and `clients approve` as an administrator types them. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { withServices } from '../../cli/services.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await openCommandLine({ SALLYPORT_CLIENT_APPROVAL: 'required' });
  await line.run('clients', 'list');
});
afterAll(() => line.close());

const { stdin } = process;
/** What the administrator types. */
const type = (text: string): void => {
  Object.defineProperty(process, 'stdin', { value: Readable.from([`${text}\n`]), configurable: true });
};
afterEach(() => {
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
});

const developer = { door: 'developer', actor: 'user:mallory' } as const;
const lunch = { client_name: 'Lunch menu', redirect_uris: ['https://lunch.test/callback'] };
const added = async (): Promise<string> =>
  withServices(async services => {
    const answer = await (await services.clients()).add(lunch, developer);
    if (!answer.ok) throw new Error(answer.message);
    return answer.id;
  });
const change = async (id: string, set: object): Promise<void> =>
  withServices(async services => {
    expect(await (await services.clients()).change(id, { set }, developer)).toMatchObject({ ok: true });
  });

test('an administrator sees what would be used, and approves it by a word', async () => {
  const id = await added();
  const waiting = await line.run('clients', 'waiting');
  expect(waiting.out).toContain('name: Lunch menu; redirect addresses: https://lunch.test/callback');
  type('no');
  const refused = await line.run('clients', 'approve', id);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('nothing was approved')]);
  type('yes');
  const approved = await line.run('clients', 'approve', id);
  expect(approved).toMatchObject({ code: 0, err: '' });
  expect(approved.out).toMatch(/redirect addresses: https:\/\/lunch\.test\/callback\n.*Approved\.\n$/s);

  await change(id, { client_name: 'Payroll' });
  expect((await line.run('clients', 'show', id)).out).toContain('waits for `clients approve`: name: Payroll');
  const later = await line.run('clients', 'approve', id, '--yes');
  expect(later).toMatchObject({ code: 0, out: 'name: Payroll\nApproved.\n' });
  expect((await line.run('clients', 'approve', id)).err).toContain('no part of this client waits');
});
