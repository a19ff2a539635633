/**
 * Follows the Dockerfile from an empty folder to a running server, without a container engine: as user 65532, on files that this
 * user cannot write, with nothing but what the image has. What the base image brings is compared by name only.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { validate } from 'dockerfile-utils';
import { hasMongod, startMongod } from '../support/world/mongod.ts';
import { freeNeighbourPorts } from '../support/world/programs.ts';
import { hasRedisServer, startRedis } from '../support/world/redis-server.ts';
import { contextFilter, followDockerfile, instructionsOf, type Stage } from './support/dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const instructions = instructionsOf(read('Dockerfile'));
const textsOf = (name: string): readonly string[] =>
  instructions.filter(each => each.name === name).map(({ text }) => text);

/** The user of distroless images, which has no entry in any file of ours. */
const uid = 65_532;
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('The image runs as this user, not as 65532: start the tests as root for that');

/** The status of an answer; `fetch` cannot ask in the name of another host. */
const statusOf = async (port: number, path: string): Promise<number | undefined> => {
  const [answer] = (await once(get({ port, path, headers: { host: 'login.example.com' } }), 'response')) as [
    IncomingMessage,
  ];
  answer.resume();
  return answer.statusCode;
};

const hasStores = hasMongod() && hasRedisServer();
if (!hasStores && process.env['CI'] === 'true') throw new Error('CI needs redis-server, and MongoDB: npm run mongod');
if (!hasStores) console.warn('The image is not started: install redis-server, and MongoDB by npm run mongod');
const withStores = hasStores ? describe : describe.skip;

describe('Dockerfile', () => {
  test('its syntax is right', () => {
    expect(validate(read('Dockerfile')).map(({ message }) => message)).toEqual([]);
  });

  test('base images have a tag, and none is "latest"', () => {
    const images = textsOf('ARG').map(text => text.split('=')[1]);
    expect(images).toEqual([
      expect.stringMatching(/:(?!latest)[\w.-]+$/),
      expect.stringMatching(/:(?!latest)[\w.-]+$/),
    ]);
    expect(textsOf('FROM')).toEqual(['${BUILDER} AS build', '${BASE}']);
  });

  test('it is built with the Node that the packages bring', () => {
    const { optionalDependencies } = JSON.parse(read('tools/node-runtime/package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const versions = new Set(Object.values(optionalDependencies));
    expect([...versions]).toHaveLength(1);
    expect(textsOf('ARG')[0]).toBe(`BUILDER=node:${[...versions][0]}-bookworm-slim`);
  });

  test('nothing is fetched by ADD, and no secret is an argument or a variable', () => {
    expect(textsOf('ADD')).toEqual([]);
    expect([...textsOf('ARG'), ...textsOf('ENV')].join(' ')).not.toMatch(/key|token|secret|password/i);
  });

  test('it ends with a user by number, which Kubernetes can tell from root', () => {
    expect(textsOf('USER')).toEqual([`${uid}:${uid}`]);
    expect(instructions.findLastIndex(({ name }) => name === 'USER')).toBeGreaterThan(
      instructions.findLastIndex(({ name }) => name === 'COPY'),
    );
  });
});

describe('.dockerignore', () => {
  test('what is not named does not reach the image', () => {
    const isIn = contextFilter(read('.dockerignore'));
    const entries = readdirSync(root).filter(isIn).toSorted();
    expect(entries).toEqual([
      '.npmrc',
      'LICENSE',
      'adapters',
      'cli',
      'interactions',
      'package-lock.json',
      'package.json',
      'portals',
      'server',
      'src',
      'web',
    ]);
    expect(['.env', 'cli/dev/run.ts', 'test/data/rp.test.pem', 'web/built/authenticator.json'].filter(isIn)).toEqual(
      [],
    );
  });
});

describe('the image', () => {
  let into: string;
  let image: Stage;
  let port: number;
  const running: ChildProcess[] = [];
  const app = (): string => join(image.folder, image.workdir);

  /** Settings of the production overlay, with ports of this machine, and a key. */
  const settings: Record<string, string | undefined> = {
    ...parseEnv(read('k8s/base/settings.env')),
    ...parseEnv(read('k8s/overlays/production/settings.env')),
    SALLYPORT_DRAIN_DELAY: '0s',
    SALLYPORT_SEALING_KEYS_FILE: undefined,
    SALLYPORT_SEALING_KEYS: `2026-11:${randomBytes(32).toString('base64')}`,
    SALLYPORT_DATABASE_URL_FILE: undefined,
    REDIS_URL_FILE: undefined,
  };
  /** The environment of a container: that of the image, and settings. */
  const environment = () => ({
    ...Object.fromEntries(
      Object.entries(image.env).map(([key, value]) => [key, value.replaceAll('/app/', `${app()}/`)]),
    ),
    TMPDIR: join(into, 'tmp'),
    ...settings,
  });
  const asUser = () => ({ cwd: app(), env: environment(), ...(isRoot && { uid, gid: uid }) });
  const run = (args: readonly string[], input = ''): string => {
    const [program = '', ...first] = image.entrypoint;
    const at = join(app(), 'node_modules/.bin', program);
    return execFileSync(at, [...first, ...args], { ...asUser(), input, encoding: 'utf8', timeout: 60_000 });
  };

  beforeAll(async () => {
    into = await mkdtemp(join(tmpdir(), 'sallyport-image-'));
    chmodSync(into, 0o755);
    port = await freeNeighbourPorts();
    settings['SALLYPORT_LISTEN'] = `127.0.0.1:${port}`;
    settings['SALLYPORT_MANAGEMENT_LISTEN'] = `127.0.0.1:${port + 1}`;
    const path = (process.env['PATH'] ?? '').split(delimiter).filter(entry => !entry.includes('node_modules'));
    const { HOME } = process.env;
    image = followDockerfile({
      context: root,
      into,
      env: { HOME, PATH: path.join(delimiter), npm_config_prefer_offline: 'true' },
    });
    if (!isRoot) execFileSync('chmod', ['-R', 'a-w', image.folder]);
    // Stands for the emptyDir of the Deployment, the only place that can be written.
    mkdirSync(join(into, 'tmp'));
    if (isRoot) chownSync(join(into, 'tmp'), uid, uid);
  }, 180_000);
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    if (!isRoot) execFileSync('chmod', ['-R', 'u+w', image.folder]);
    await rm(into, { recursive: true, force: true });
  });

  test('it has packages of production only, and no compiler', () => {
    const packages = readdirSync(join(app(), 'node_modules'));
    expect(packages).toContain('oidc-provider');
    expect(packages.filter(name => /^(?:jest|typescript|oxlint|esbuild|@esbuild|playwright-core)$/.test(name))).toEqual(
      [],
    );
    expect(readdirSync(app()).filter(name => /^(?:test|docs|bench|simulator|examples|k8s)$/.test(name))).toEqual([]);
  });

  test('its user can write none of its files', () => {
    const list = `const { accessSync, constants, readdirSync } = require('node:fs');
      const paths = ['.', ...readdirSync('.', { recursive: true })];
      const writable = paths.filter(path => { try { accessSync(path, constants.W_OK); return true; } catch { return false; } });
      console.log(JSON.stringify([paths.length > 5000, writable.slice(0, 5), process.getuid()]));`;
    expect(JSON.parse(run(['-e', list]))).toEqual([true, [], isRoot ? uid : process.getuid?.()]);
  });

  test('programs need no library that the base image lacks', () => {
    // Of gcr.io/distroless/cc-debian12: libc6, libgcc-s1 and libstdc++6.
    const inBase = /^(?:linux-vdso|ld-linux-[\w-]+|libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+)\.so\.\d+$/;
    const modules = join(app(), 'node_modules');
    const native = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.node'));
    expect(native).toEqual([expect.stringContaining('argon2')]);
    const needed = [...native, '.bin/node'].flatMap(path =>
      execFileSync('ldd', [join(modules, path)], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map(line => line.trim().split(' ')[0]?.split('/').at(-1) ?? ''),
    );
    expect(needed).toContain('libstdc++.so.6');
    expect(needed.filter(name => !inBase.test(name))).toEqual([]);
  });

  withStores('with Redis and MongoDB', () => {
    const close: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      const [redis, mongod] = await Promise.all([startRedis(), startMongod()]);
      close.push(
        () => redis.stop(),
        () => mongod.stop(),
      );
      settings['REDIS_URL'] = redis.url;
      settings['SALLYPORT_DATABASE_URL'] = mongod.url;
    }, 60_000);
    afterAll(async () => {
      await Promise.all(close.map(each => each()));
    });

    test('its commands check the settings, migrate and add a person', () => {
      expect(run(['cli/index.ts', 'config', 'check'])).toBe(
        'The configuration is good: production, https://login.example.com.\n',
      );
      expect(() => run(['cli/index.ts', 'migrate'])).not.toThrow();
      // The password is hashed by the one program that is not JavaScript, in a process of its own.
      const add = ['cli/index.ts', 'users', 'add', 'ada', '--display-name', 'Ada'];
      expect(run(add, 'copper beacon desert\n')).toContain('ada');
    }, 60_000);

    test('its server passes the probes of the Deployment, serves the authenticator and ends with 0', async () => {
      const [program = '', ...first] = image.entrypoint;
      const server = spawn(join(app(), 'node_modules/.bin', program), [...first, ...image.command], {
        ...asUser(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running.push(server);
      let said = '';
      await new Promise<void>((resolve, reject) => {
        server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
          said += chunk;
          if (said.includes('"event":"server.listening"')) resolve();
        });
        server.once('exit', () => reject(new Error(said)));
      });
      const probes = [...read('k8s/base/deployment.yaml').matchAll(/path: (\/\w+), port: management/g)];
      expect(probes).toHaveLength(3);
      for (const [, path = ''] of probes) expect([path, await statusOf(port + 1, path)]).toEqual([path, 200]);
      expect(await statusOf(port, '/authenticator/')).toBe(200);
      // The route of browsers leads to no metrics.
      expect(await statusOf(port, '/metrics')).toBe(404);
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }, 60_000);
  });
});
