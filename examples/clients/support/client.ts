/** Registers a client by the command line, puts its printed configuration beside the files of its example, and runs it. */
import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, describe } from '@jest/globals';
import { software, type SoftwareName } from '../../../src/oidc/clients/software/index.ts';
import type { Software } from '../../../src/oidc/clients/software/software.ts';
import type { Millis } from '../../../src/ports/time.ts';
import { hold, portOf, release } from '../../../test/support/world/programs.ts';
import { cli } from './cli.ts';
import type { Installed } from './install.ts';
import { world } from './world.ts';

/** How to run an example. */
export interface Start {
  readonly name: SoftwareName;
  /** Below examples/clients. */
  readonly example?: string;
  /** What an installation made, linked into the working folder under its own name. */
  readonly links?: readonly string[];
  /** Edits the printed configuration; as it is by default. */
  readonly edit?: (snippet: string) => string;
  /** `port`: where it must listen. `folder`: its working folder, with the example and its configuration. */
  readonly command: (at: { readonly port: number; readonly folder: string }) => readonly [string, ...string[]];
  /** Beside `PORT`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Before it starts. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** False for a program that does not listen. */
  readonly listens?: boolean;
}

export interface RunningClient {
  /** `http://localhost:…`, where it was registered. */
  readonly url: string;
  readonly clientId: string;
  /** Standard output and error so far. */
  readonly said: () => string;
  /** The exit code, once it ends. */
  readonly ended: Promise<number | null>;
}

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(stop => stop()));
});

/** Time to start; Spring needs most of it on a busy machine. */
const startsWithin: Millis = 90_000;
/** Time to end before it is killed. */
const endsWithin: Millis = 5000;

/** `describe` where the client is installed, else skips it and says why. */
export const describeInstalled = (installed: Installed, title: string, body: (path: string) => void): void => {
  const [run, what, path] =
    'path' in installed
      ? ([describe, title, installed.path] as const)
      : ([describe.skip, `${title}: ${installed.missing}`, ''] as const);
  // Jest names skipped tests only when it is asked to.
  if ('missing' in installed) process.stderr.write(`skipped: ${what}\n`);
  run(what, () => body(path));
};

/** Takes a line out of a configuration. @throws Error where it is not there */
export const without =
  (line: RegExp) =>
  (snippet: string): string => {
    if (!line.test(snippet)) throw new Error(`got no ${line} in:\n${snippet}`);
    return snippet.replace(line, '');
  };

/** Starts a program of its example with the packages of npm/package.json. */
export const nodeProgram = (file: string): Pick<Start, 'links' | 'command'> => ({
  links: ['node_modules'],
  command: () => [process.execPath, file],
});

const freePort = async (): Promise<number> => {
  const server = await hold(0);
  const port = portOf(server);
  await release(server);
  return port;
};

/** The configuration in what `clients add --for` printed. */
const snippetIn = (printed: string, { title, file }: Software): string => {
  const [, rest] = printed.split(`\n${title}, ${file}:\n\n`);
  const [, snippet] = /^([^]*?\n)(?:- .*\n|\n)*$/.exec(rest ?? '') ?? [];
  if (snippet === undefined) throw new Error(`got no configuration for ${file} in:\n${printed}`);
  return snippet;
};

/** Registers the client with `--for`, as docs/connect-a-client.md says, and starts it. It ends after the test. */
export const startClient = async (start: Start, installedAt: string): Promise<RunningClient> => {
  const { name, example = name, links = [], edit = (text: string) => text, env = {}, listens = true } = start;
  const known: Software = software[name];
  const port = await freePort();
  const url = known.url ?? `http://localhost:${port}`;
  const address = known.url === undefined ? ['--url', url] : [];
  const printed = await cli(world().folder, 'clients', 'add', `Example ${name}`, '--for', name, ...address);
  const [, clientId = ''] = /^client_id +(\S+)$/m.exec(printed) ?? [];

  const folder = mkdtempSync(join(tmpdir(), `sallyport-${name}-`));
  // Apache drops its rights before it reads pages.
  chmodSync(folder, 0o755);
  cpSync(join(import.meta.dirname, '..', example), folder, { recursive: true });
  const file = join(folder, known.file.startsWith('/') ? join('.', known.file) : known.file);
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, edit(snippetIn(printed, known)));
  for (const link of links) symlinkSync(join(installedAt, link), join(folder, link));
  running.push(async () => rmSync(folder, { recursive: true, force: true }));
  await start.prepare?.(folder);

  const [program, ...args] = start.command({ port, folder });
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, args, { cwd: folder, env: { PATH, HOME, PORT: String(port), ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (said += text));
  const ended = new Promise<number | null>(resolve => {
    child.once('error', error => {
      said += error.message;
      resolve(null);
    });
    child.once('close', resolve);
  });
  let isOver = false;
  void ended.then(() => (isOver = true));
  running.unshift(async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), endsWithin);
    await ended;
    clearTimeout(late);
  });
  const client: RunningClient = { url, clientId, said: () => said, ended };
  const until = Date.now() + startsWithin;
  if (!listens) return client;
  while (!(await answers(port))) {
    if (isOver || Date.now() > until) throw new Error(`${name} did not start:\n${said}`);
    await pass(50);
  }
  return client;
};

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
