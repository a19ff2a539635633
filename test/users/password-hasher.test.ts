/** Tests the child process that hashes passwords, with a real process. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, test } from '@jest/globals';
import { isProblem } from '../../src/errors.ts';
import { createPasswordHasher, type PasswordHasher } from '../../src/users/passwords/password-hasher.ts';

const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };
const open: PasswordHasher[] = [];
const hasher = (queue = 8): PasswordHasher => {
  const made = createPasswordHasher({ ...cheap, queue });
  open.push(made);
  return made;
};
afterAll(async () => {
  await Promise.all(open.map(each => each.close()));
});

/** Process ids of the hashing children of this process, with their niceness. */
const children = (): readonly { readonly pid: number; readonly nice: number }[] =>
  execFileSync('ps', ['-o', 'pid=,ni=,args=', '--ppid', `${process.pid}`], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes('password-child'))
    .map(line => {
      const [pid, nice] = line.trim().split(/\s+/);
      return { pid: Number(pid), nice: Number(nice) };
    });

describe('the hashing process', () => {
  test('accepts the right password only, and salts every hash', async () => {
    const passwords = hasher();
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify('correct horse', one)).toBe(true);
    expect(await passwords.verify('Correct horse', one)).toBe(false);
    expect(await passwords.verify('correct horse ', one)).toBe(false);
  });

  test('verifies a hash of another implementation (argon2-cffi)', async () => {
    const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await hasher().verify('password', phc)).toBe(true);
  });

  test('has a lower priority than its parent and ends when closed', async () => {
    const before = children();
    const passwords = hasher();
    await passwords.hash('a');
    const child = children().find(each => before.every(({ pid }) => pid !== each.pid));
    expect(child?.nice).toBeGreaterThanOrEqual(10);
    await passwords.close();
    expect(children().map(each => each.pid)).not.toContain(child?.pid);
    await expect(passwords.hash('a')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('refuses at once past the bound of its queue and finishes the rest', async () => {
    const passwords = hasher(3);
    const asked = Array.from({ length: 20 }, (_, index) => passwords.hash(`p${index}`));
    const ends = await Promise.allSettled(asked);
    // Two in progress and three waiting.
    expect(ends.map(end => end.status)).toEqual(asked.map((_, index) => (index < 5 ? 'fulfilled' : 'rejected')));
    expect(ends.every(end => end.status === 'fulfilled' || isProblem(end.reason, 'overloaded'))).toBe(true);
    await expect(passwords.hash('later')).resolves.toContain('$argon2id$');
  });

  test('fails all waiting requests when it is killed, and restarts for the next', async () => {
    const before = children();
    const passwords = hasher();
    await passwords.hash('started');
    const child = children().find(each => before.every(known => known.pid !== each.pid));
    expect(child).toBeDefined();
    process.kill(child?.pid ?? Number.NaN, 'SIGSTOP');
    const waiting = Promise.allSettled(['1', '2', '3', '4'].map(each => passwords.hash(each)));
    process.kill(child?.pid ?? Number.NaN, 'SIGKILL');
    expect((await waiting).map(end => end.status === 'rejected' && isProblem(end.reason, 'unavailable'))).toEqual(
      Array(4).fill(true),
    );
    await expect(passwords.hash('again')).resolves.toContain('$argon2id$');
  });

  test('does not outlive a parent that was killed', async () => {
    const module = JSON.stringify(new URL('../../src/users/passwords/password-hasher.ts', import.meta.url).href);
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { createPasswordHasher } = await import(${module});
         await createPasswordHasher({ memoryKiB: 64, passes: 1, lanes: 1, queue: 1 }).hash('a');
         console.log('hashed');`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    // The child shares its parent's standard error, which closes only when both have ended.
    await once(parent, 'close');
    expect(parent.signalCode).toBe('SIGKILL');
  });

  test('fails waiting requests when it is closed', async () => {
    const passwords = hasher();
    const [waiting] = await Promise.allSettled([passwords.hash('a'), passwords.close()]);
    expect(waiting.status === 'rejected' && isProblem(waiting.reason, 'unavailable')).toBe(true);
  });

  test('reports a damaged hash as an error and not as a wrong password', async () => {
    await expect(hasher().verify('a', '$argon2id$broken')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
