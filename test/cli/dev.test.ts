/**
 * Tests `npm start` as a newcomer runs it, in an empty folder. Slow: each start is two processes and takes a second or
 * two.
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pass } from 'node:timers/promises';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { passTime, untilHeard } from '../support/world/clock.ts';
import { person } from '../../simulator/person.ts';
import { failedAttemptsKind, userKind } from '../../src/records.ts';
import { hold, release, start, freeNeighbourPorts, type Program } from '../support/world/programs.ts';

let folder = '';
let port = 0;
const running: Program[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-dev-'));
  port = await freeNeighbourPorts();
});
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(each => each.ended));
});
afterAll(() => rm(folder, { recursive: true }));

const dev = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Program => {
  const program = start('cli/index.ts', ['dev', '--port', `${port}`, ...args], { cwd: folder, env });
  running.push(program);
  return program;
};
const cli = (...args: readonly string[]): Program => {
  const program = start('cli/index.ts', args, { cwd: folder });
  running.push(program);
  return program;
};
const announced = /Ctrl-C stops everything/;
const state = (name: string): string => join(folder, '.sallyport', name);
const passwordOf = ({ said }: Program, name: string): string | undefined =>
  new RegExp(`^${name} +(\\S+) `, 'm').exec(said.out)?.[1];

describe('the development world', () => {
  test('says at once that it starts, prints one table, rings a phone, survives kill -9 and stops on request', async () => {
    const world = dev();
    await world.until(/^Starting server/);
    // Before the slow part: nothing answers yet.
    expect(world.said.out).not.toContain('WHAT');
    await expect(fetch(`http://127.0.0.1:${port + 1}/`)).rejects.toThrow('fetch failed');
    await world.until(announced);
    expect(world.said.out).toContain(`http://localhost:${port} `);
    expect(world.said.out).toContain(`http://127.0.0.1:${port + 1} `);
    expect(world.said.out).toContain(`http://127.0.0.1:${port + 2} `);
    expect(world.said.err).toBe('');
    expect(passwordOf(world, 'ada')).toMatch(/^[a-z]+(-[a-z]+){3}$/);

    // The addresses of localhost differ between machines, but all are loopback.
    const [name, ...others] = [`localhost:${port}`, `127.0.0.1:${port}`];
    const discovery = await fetch(`http://${name}/.well-known/openid-configuration`);
    expect(await discovery.json()).toMatchObject({ issuer: `http://${name}` });
    expect((await fetch(`http://${others[0]}/readyz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port + 2}/`)).status).toBe(200);

    const front = await (await fetch(`http://${name}/`)).text();
    expect(front).toContain(`href="http://127.0.0.1:${port + 1}/"`);
    expect(front).toContain(`href="http://127.0.0.1:${port + 2}/"`);

    const printed = cli('config', 'print');
    await printed.ended;
    expect(printed.said.out).toMatch(/^SALLYPORT_TWILIO_API_BASE .* file \.sallyport\/settings\.json$/m);
    expect(printed.said.out).toMatch(/^SALLYPORT_SENDS_PER_NUMBER_AND_HOUR +100 /m);
    const welcome = await (await fetch(`http://127.0.0.1:${port + 2}/`)).text();
    expect(welcome).toContain(passwordOf(world, 'ada'));

    // Start over in the simulator lifts what trying things out has left in the server.
    const durable = openSqliteDurable({ file: state('sallyport.db'), clock: Date.now });
    const [grace] = await durable.collection(userKind).find({ signInNames: 'grace' });
    expect(grace?.groups).toEqual(['developers']);
    const attempts = durable.collection(failedAttemptsKind);
    await attempts.insert({ id: 'ada:totp', rev: 1, count: 9, notBefore: Date.now() + 60_000 });
    await fetch(`http://127.0.0.1:${port + 1}/reset`, { method: 'POST', redirect: 'manual' });
    for (let asked = 0; asked < 1200 && (await attempts.get('ada:totp')) !== undefined; asked += 1) await pass(25);
    expect(await attempts.get('ada:totp')).toBeUndefined();
    await durable.close();

    const users = cli('users', 'list');
    await users.ended;
    expect(users.said.out.match(/^\w+/gm)?.toSorted()).toEqual(['NAME', 'ada', 'grace', 'ines', 'linus', 'noor']);

    const enrolling = cli('methods', 'add', 'phone', 'linus', '+1 202 555 0149');
    await enrolling.until(/Calling/);
    const spare = person(`http://127.0.0.1:${port + 1}`, '+12025550149');
    await spare.ringing();
    await spare.answer();
    await spare.hear();
    await passTime(untilHeard);
    expect(await spare.press('#')).toMatchObject({ taken: true });
    expect([await enrolling.ended, enrolling.said.err]).toEqual([0, '']);
    expect(enrolling.said.out).toContain('Calling +1 ••• 49.');

    world.child.kill('SIGKILL');
    await world.ended;
    const again = dev();
    await again.until(announced);
    expect(passwordOf(again, 'ada')).toBe(passwordOf(world, 'ada'));
    const listed = cli('methods', 'list', 'linus');
    await listed.ended;
    expect(listed.said.out).toMatch(/^phone +mobile +\+1 ••• 49 /m);

    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port + 1}/`)).rejects.toThrow('fetch failed');
  }, 120_000);

  test('keeps its files readable by the owner only, and --reset starts over', async () => {
    const before = await readFile(state('seed-data.json'), 'utf8');
    for (const name of ['seed-data.json', 'settings.json', 'sallyport.db', 'sallyport.db.sealing-key']) {
      expect([name, (await stat(state(name))).mode & 0o077]).toEqual([name, 0]);
    }
    const anew = dev(['--reset']);
    await anew.until(announced);
    const after = await readFile(state('seed-data.json'), 'utf8');
    expect(after).not.toBe(before);
    expect(before).not.toContain(`"${passwordOf(anew, 'ada')}"`);
    anew.child.kill('SIGINT');
    expect(await anew.ended).toBe(0);
  }, 60_000);

  test('names a port in use and what to do, and leaves no process behind', async () => {
    const other = await hold(port + 2);
    const refused = dev();
    expect(await refused.ended).toBe(1);
    expect(refused.said).toMatchObject({
      out: expect.not.stringContaining('WHAT'),
      err: expect.stringMatching(
        `port ${port + 2} is in use: stop the program that uses it, or choose other ports .*IDP-1505`,
      ),
    });
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
    await release(other);
  }, 60_000);

  test('runs once per folder: a second start on other ports says so by a code of its own and changes no file', async () => {
    const first = dev();
    await first.until(announced);
    const settings = await readFile(state('settings.json'), 'utf8');
    const second = cli('dev', '--port', `${await freeNeighbourPorts()}`, '--reset');
    expect(await second.ended).toBe(1);
    expect(second.said.err).toContain(`is already running at http://localhost:${port}: stop it first`);
    // Not the code of a store that is out of order.
    expect(second.said.err).toContain('(IDP-1505)');
    expect(await readFile(state('settings.json'), 'utf8')).toBe(settings);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  }, 60_000);

  test('refuses another issuer than its own', async () => {
    const refused = dev([], { SALLYPORT_ISSUER: 'https://login.example.com' });
    expect(await refused.ended).toBe(78);
    expect(refused.said).toMatchObject({
      out: '',
      err: expect.stringContaining(`http://localhost:${port} or unset`),
    });
  });

  test.each([{ NODE_ENV: 'production' }, { SALLYPORT_MODE: 'production' }])('does not start with %j', async env => {
    const refused = dev([], env);
    expect(await refused.ended).toBe(78);
    expect(refused.said).toMatchObject({ out: '', err: expect.stringContaining('not production') });
  });

  test.each(['0', '65534'])('does not start at port %s', async bad => {
    const refused = cli('dev', '--port', bad);
    expect(await refused.ended).toBe(2);
    expect(refused.said.err).toContain('65533');
  });
});
