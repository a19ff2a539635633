/** Starts real MongoDB servers on free ports: a replica set of one or of three. `npm run mongod` installs the program. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Document } from 'mongodb';
import { freePort } from './free-port.ts';

/** One server of a replica set. */
export interface Mongod {
  readonly port: number;
  /** SIGKILL, as a power cut would; resolves once it is gone. */
  readonly kill: () => Promise<void>;
  /** SIGSTOP and SIGCONT: it keeps its connections, and does not answer meanwhile. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Starts it again with the same port and data. */
  readonly restart: () => Promise<void>;
}

/** A replica set. `stop` kills its servers and deletes their data. */
export interface MongodSet {
  /** Without the name of a database. */
  readonly url: string;
  readonly nodes: readonly Mongod[];
  /** The server that takes writes, once there is one. */
  readonly primary: () => Promise<Mongod>;
  /** The primary hands over, and is not elected again for three seconds. */
  readonly stepDown: () => Promise<void>;
  /** Runs a command of an administrator on the primary. */
  readonly command: (command: Document) => Promise<Document>;
  /** Runs one on this server, whether it is the primary or not. */
  readonly commandAt: (node: Mongod, command: Document) => Promise<Document>;
  readonly stop: () => Promise<void>;
}

const setName = 'sallyport';
/** As `tools/mongod/install` has it. */
const cache =
  process.env['SALLYPORT_MONGOD_FOLDER'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sallyport/mongod-6.0.5');
const installed = join(cache, 'fiftyone/db/bin/mongod');
/** SALLYPORT_TEST_MONGOD names another one. */
const program = process.env['SALLYPORT_TEST_MONGOD'] ?? (existsSync(installed) ? installed : 'mongod');

/** False where this machine has no mongod. */
export const hasMongod = (): boolean => spawnSync(program, ['--version']).status === 0;

/** Whether tests of `subject` run. In CI they do, and fail without mongod; elsewhere a line says that they are skipped. */
export const canRunMongod = (subject: string): boolean => {
  if (hasMongod() || process.env['CI'] === 'true') return true;
  process.stderr.write(
    `NOT TESTED: ${subject}. This machine has no mongod (npm run mongod). With CI=true this fails.\n`,
  );
  return false;
};

/** True once it accepts connections; false where it ended before (another process took the port), or takes a minute. */
const ready = async (child: ChildProcess, log: string): Promise<boolean> => {
  for (let waits = 0; waits < 3000; waits += 1) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    if ((await readFile(log, 'utf8')).includes('"Waiting for connections"')) return true;
    await sleep(20);
  }
  return false;
};

const killed = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

const run = async (port: number, folder: string, settings: readonly string[]): Promise<ChildProcess | undefined> => {
  const fixed = ['--port', String(port), '--dbpath', folder, '--bind_ip', '127.0.0.1', '--replSet', setName];
  const small = ['--nounixsocket', '--oplogSize', '64'];
  const journal = ['--wiredTigerEngineConfigString', 'log=(file_max=16MB)'];
  // Time to live is off: the clocks of tests stand still, and MongoDB's goes on.
  const parameters = [
    'enableTestCommands=1',
    'ttlMonitorEnabled=false',
    'ttlMonitorSleepSecs=1',
    'diagnosticDataCollectionEnabled=false',
  ];
  // A file of this start: a server whose log is a pipe stands still while a test waits for another program, and reads nothing.
  const log = join(folder, `${randomUUID()}.log`);
  const file = await open(log, 'wx');
  const child = spawn(
    program,
    [...fixed, ...small, ...journal, ...parameters.flatMap(each => ['--setParameter', each]), ...settings],
    { stdio: ['ignore', file.fd, 'inherit'] },
  );
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  await once(child, 'spawn');
  await file.close();
  if (await ready(child, log)) return child;
  await killed(child);
  return undefined;
};

const startNode = async (settings: readonly string[]): Promise<Mongod & { readonly folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-mongod-'));
  for (let attempts = 0; attempts < 5; attempts += 1) {
    const port = await freePort();
    let child = await run(port, folder, settings);
    if (child === undefined) continue;
    return {
      port,
      folder,
      kill: async () => (child === undefined ? undefined : killed(child)),
      pause: () => void child?.kill('SIGSTOP'),
      resume: () => void child?.kill('SIGCONT'),
      async restart() {
        child = await run(port, folder, settings);
        if (child === undefined) throw new Error(`mongod did not start again on port ${port}`);
      },
    };
  }
  throw new Error('mongod did not start on any of five ports');
};

export interface MongodOptions {
  /** Servers of the set. 1 unless told. */
  readonly size?: 1 | 3;
  /** Memory of each for documents, in GiB. A quarter unless told. */
  readonly cacheGiB?: number;
  /** More arguments of each. */
  readonly settings?: readonly string[];
  /** Settings of the set; an election begins 2 s after the primary is gone unless told. */
  readonly members?: Document;
  /** The port at which the set has a server, where that is not its own: the port of a relay. */
  readonly portFor?: (port: number) => Promise<number>;
  /** Options of its address, and the administrator that is created, where the servers demand TLS and users. */
  readonly access?: { readonly options: string; readonly user: string; readonly password: string };
}

/** Starts a replica set with empty data, and waits until one of its servers takes writes. */
export const startMongod = async ({
  size = 1,
  cacheGiB = 0.25,
  settings = [],
  members = { electionTimeoutMillis: 2000 },
  portFor = async port => port,
  access,
}: MongodOptions = {}): Promise<MongodSet> => {
  const all = ['--wiredTigerCacheSizeGB', String(cacheGiB), ...settings];
  const nodes = await Promise.all(Array.from({ length: size }, async () => startNode(all)));
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const reached = await Promise.all(nodes.map(async ({ port }) => `127.0.0.1:${await portFor(port)}`));
  const initiate = { _id: setName, settings: members, members: reached.map((host, _id) => ({ _id, host })) };
  const admin = administrator(access?.options);
  await admin(hosts[0] ?? '', { replSetInitiate: initiate });
  const primary = async (): Promise<Mongod> => {
    for (let attempts = 0; attempts < 600; attempts += 1) {
      for (const [at, node] of nodes.entries()) {
        const hello = await admin(hosts[at] ?? '', { hello: 1 }).catch(() => undefined);
        if (hello?.['isWritablePrimary'] === true) return node;
      }
      await sleep(50);
    }
    throw new Error('the replica set has no primary after 30 s');
  };
  const { port } = await primary();
  if (access !== undefined) {
    const { user, password: pwd } = access;
    await admin(`127.0.0.1:${port}`, { createUser: user, pwd, roles: ['root'] });
  }
  const command = async (wanted: Document): Promise<Document> => admin(`127.0.0.1:${(await primary()).port}`, wanted);
  return {
    url: `mongodb://${reached.join(',')}/?replicaSet=${setName}`,
    nodes,
    primary,
    command,
    commandAt: async ({ port: at }, wanted) => admin(`127.0.0.1:${at}`, wanted),
    async stepDown() {
      for (let attempts = 1; ; attempts += 1) {
        try {
          await command({ replSetStepDown: 3, secondaryCatchUpPeriodSecs: 2 });
          return;
        } catch (error) {
          if (attempts >= 10 || !isRefusedForNow(error)) throw error;
          await sleep(100);
        }
      }
    },
    async stop() {
      await Promise.all(nodes.map(async node => node.kill()));
      await Promise.all(nodes.map(async ({ folder }) => rm(folder, { recursive: true, force: true })));
    },
  };
};

/**
 * Whether a primary refused to hand over for a reason that passes: no other server has its last write yet (ExceededTimeLimit), it
 * does not know yet that they can be elected (PrimarySteppedDown), or another election has begun (ConflictingOperationInProgress).
 */
const isRefusedForNow = (error: unknown): boolean =>
  Error.isError(error) && 'code' in error && [262, 189, 117].includes(Number(error.code));

/** Runs commands of an administrator on one server. `more`: options of its address. */
const administrator =
  (more = '') =>
  async (host: string, command: Document): Promise<Document> => {
    // Here: most tests that import this file start no server.
    const { MongoClient } = await import('mongodb');
    const options = { directConnection: true, serverSelectionTimeoutMS: 1000 };
    await using client = new MongoClient(`mongodb://${host}/?${more.slice(1)}`, options);
    return await client.db('admin').command(command);
  };
