/** Runs commands of the command line in this process, on a database of its own. Quick, because no process has to start. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { runCommand } from '../../../cli/program.ts';

export interface Ran {
  /** The exit code. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandLine {
  run(...args: readonly string[]): Promise<Ran>;
  /** Restores folder and environment of this process. */
  close(): Promise<void>;
}

/** One at a time: a command reads the environment and the working folder of the process. `env` is added to it. */
export const openCommandLine = async (env: Readonly<Record<string, string>> = {}): Promise<CommandLine> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-commands-'));
  const before = { cwd: process.cwd(), env: process.env };
  process.chdir(folder);
  process.env = { SALLYPORT_PASSWORD_MEMORY_KIB: '64', SALLYPORT_PASSWORD_PASSES: '1', ...env };
  return {
    async run(...args) {
      const said = { out: '', err: '' };
      const restore = [
        capture(process.stdout, text => void (said.out += text)),
        capture(process.stderr, text => void (said.err += text)),
      ];
      try {
        return { code: (await runCommand(args)) ?? 0, ...said };
      } finally {
        for (const each of restore) each();
      }
    },
    async close() {
      process.chdir(before.cwd);
      process.env = before.env;
      await rm(folder, { recursive: true });
    },
  };
};

/**
 * Takes what is written to a stream. Gives the function that ends this. Warnings of Node pass: they may be about another test, as
 * garbage collection warns whenever it happens.
 */
export const capture = (stream: NodeJS.WriteStream, take: (text: string) => void): (() => void) => {
  const write = stream.write.bind(stream);
  const spy = jest.spyOn(stream, 'write').mockImplementation(text => {
    if (/^\(node:\d+\) /.test(String(text))) return write(text);
    take(String(text));
    return true;
  });
  return () => spy.mockRestore();
};
