/**
 * Follows docs/production.md, as far as that is possible without systemd and without a public name: its installation, settings,
 * commands, nginx configuration, backup and restore, from an empty folder to a sign-in through the proxy.
 */
import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { generateSync } from 'otplib';
import { grace, lastWrites } from '../server/shutdown.ts';
import { table } from '../src/config/table.ts';
import { Browser, formTo, heading } from './support/browser/plain.ts';
import { commandsOf, fileOf, type Places } from './support/world/how-to.ts';
import { freeNeighbourPorts } from './support/world/programs.ts';
import { atClient, enterCode, enterPassword } from './support/world/relying-party.ts';

const root = join(import.meta.dirname, '..');
const ada = { name: 'ada', password: 'copper beacon desert' };
const callback = 'https://payroll.example.com/callback';

const isPossible = ['nginx', 'openssl', 'sqlite3', 'systemd-analyze'].every(
  program => spawnSync(program, ['-v']).error === undefined,
);
if (!isPossible && process.env['CI'] === 'true') throw new Error('CI needs nginx, openssl, sqlite3 and systemd');
const suite = isPossible ? describe : describe.skip;
if (!isPossible) console.warn('docs/production.md is not followed: install nginx-light, openssl, sqlite3 and systemd');

let places: Places;
let env: Record<string, string>;
const running: ChildProcess[] = [];

/** Runs a block of commands in a shell that ends at the first failure. */
const shell = (commands: string, input = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile('sh', ['-ec', commands], { cwd: places.folder, env }, (error, out, err) =>
      error === null ? resolve(out) : reject(new Error(`${commands}\n${out}${err}`, { cause: error })),
    );
    child.stdin?.end(input);
  });

/** The lines of a block that run a program, without those of systemd, packages, users and git. */
const runnable = (block: string): string =>
  block
    .split('\n')
    .filter(line => !/^(?:apt-get|useradd|git|systemctl|curl) /.test(line))
    .map(line => line.replace('git pull --ff-only && ', ''))
    .join('\n');

const startServer = async (): Promise<void> => {
  const unit = fileOf(places, '/etc/systemd/system/sallyport.service');
  const [, command = ''] = /^ExecStart=\/usr\/bin\/(.*)$/m.exec(unit) ?? [];
  const settings = join(places.folder, 'etc/sallyport/sallyport.env');
  const server = spawn('sh', ['-ec', `set -a\n. ${settings}\ncd ${places.folder}/opt/sallyport && exec ${command}`], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(server);
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (said.includes('"event":"server.listening"')) resolve();
    });
    server.once('exit', () => reject(new Error(said)));
  });
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};

suite('docs/production.md', () => {
  beforeAll(async () => {
    const port = await freeNeighbourPorts();
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-production-'));
    places = { folder, port, tlsPort: port + 1, plainPort: port + 2 };
    // An operator's shell knows neither the packages of this checkout nor the settings of this test run.
    const path = (process.env['PATH'] ?? '').split(delimiter).filter(entry => !entry.includes('node_modules'));
    env = {
      PATH: [join(folder, 'usr/local/bin'), ...path].join(delimiter),
      HOME: folder,
      npm_config_prefer_offline: 'true',
    };
    for (const name of ['etc', 'opt', 'var/lib', 'var/backups', 'usr/local/bin']) {
      await mkdir(join(folder, name), { recursive: true });
    }
    const ignored = new Set(['node_modules', '.git', '.sallyport', '.screenshots', 'coverage']);
    await cp(root, join(folder, 'opt/sallyport'), { recursive: true, filter: from => !ignored.has(basename(from)) });
  });
  afterAll(async () => {
    await Promise.all(running.map(end));
    await rm(places.folder, { recursive: true });
  });

  test('the runtime is installed without what only development needs', async () => {
    const [install = ''] = commandsOf(places, '1. Install');
    await shell(runnable(install));
    const installed = await readdir(join(places.folder, 'opt/sallyport/node_modules'));
    expect(installed).toContain('oidc-provider');
    expect(installed).not.toContain('jest');
  }, 120_000);

  test('the settings are good, and only the server can read the sealing key', async () => {
    const [keys = '', check = ''] = commandsOf(places, '2. Settings').filter(block =>
      /openssl|config check/.test(block),
    );
    await shell(keys);
    const { folder, tlsPort } = places;
    const script = join(folder, 'usr/local/bin/sallyport');
    await writeFile(script, fileOf(places, '/usr/local/bin/sallyport'));
    await chmod(script, 0o755);
    // The line of the section about a private certificate authority.
    const trust = `NODE_EXTRA_CA_CERTS=${folder}/etc/sallyport/tls/ca.pem\n`;
    const settings = fileOf(places, '/etc/sallyport/sallyport.env');
    await writeFile(join(folder, 'etc/sallyport/sallyport.env'), settings + trust);
    const said = await shell(check.replace('/usr/local/bin', `${folder}/usr/local/bin`));
    expect(said).toContain(`The configuration is good: production, https://localhost:${tlsPort}.`);
    expect(execFileSync('stat', ['-c', '%a', join(folder, 'etc/sallyport/sealing-keys')], { encoding: 'utf8' })).toBe(
      '640\n',
    );
  });

  test('systemd finds no mistake in the unit', async () => {
    const unit = fileOf(places, '/etc/systemd/system/sallyport.service');
    const path = join(places.folder, 'sallyport.service');
    // The test has no such user, and npm may be elsewhere.
    await writeFile(path, unit.replaceAll(/(User|Group)=sallyport$/gm, '$1=root').replace('/usr/bin/npm', '/bin/sh'));
    expect(spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('systemd kills no server that still ends by itself, however long it drains', () => {
    const unit = fileOf(places, '/etc/systemd/system/sallyport.service');
    const [, patience] = /^TimeoutStopSec=(\d+)$/m.exec(unit) ?? [];
    const [, longest] = /to (\d+)s:/.exec(table.drainDelay.expected) ?? [];
    expect(Number(patience) * 1000).toBeGreaterThan(Number(longest) * 1000 + grace + lastWrites);
  });

  test('nginx hands requests on, and the live check finds its proxies counted rightly', async () => {
    const { folder, tlsPort, plainPort } = places;
    const tls = join(folder, 'etc/sallyport/tls');
    await mkdir(tls);
    await shell(
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
         -addext subjectAltName=DNS:localhost -keyout ${tls}/key.pem -out ${tls}/fullchain.pem && cp ${tls}/fullchain.pem ${tls}/ca.pem`,
    );
    await startServer();
    await startProxy();
    const [live = ''] = commandsOf(places, '4. Proxy');
    expect(await shell(live)).toMatch(/^ok +proxies/m);
    const plain = await fetch(`http://localhost:${plainPort}/auth?x=1`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([301, 'https://localhost/auth?x=1']);
    const discovery = await (await browse()).go('/.well-known/openid-configuration');
    expect(JSON.parse(discovery.text)).toMatchObject({ issuer: `https://localhost:${tlsPort}` });
  }, 60_000);

  test('a person signs in at a client, by a password and a code', async () => {
    const [added = ''] = commandsOf(places, '6. The first person and the first client');
    const [addUser = '', addApp = '', addClient = ''] = added.trim().split('\n');
    await shell(addUser, `${ada.password}\n`);
    secret = await bindApp(addApp);
    const registered = await shell(addClient);
    const [, id = ''] = /^client_id +(\S+)$/m.exec(registered) ?? [];
    const [, clientSecret = ''] = /^client_secret +(\S+)$/m.exec(registered) ?? [];
    client = { id, secret: clientSecret };
    expect(await signIn('asked')).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], acr: 'aal2' });
  }, 60_000);

  test('three sign-ins begun with long parameters fit through the default buffers of nginx', async () => {
    const browser = await browse();
    const nonce = 'n'.repeat(900);
    for (let begun = 0; begun < 3; begun += 1) {
      const page = await browser.visit(request({ state: `${begun}`.padEnd(900, 's'), nonce }));
      expect([page.status, heading(page)]).toEqual([200, 'Sign in to Payroll']);
    }
  });

  test('a copy made beside the running server holds everything, and is put back', async () => {
    const [copy = ''] = commandsOf(places, 'Backup');
    await shell(copy);
    const backups = join(places.folder, 'var/backups');
    const [name = '', ...more] = await readdir(backups);
    expect([name, more]).toEqual([expect.stringMatching(/^sallyport-\d{8}T\d{6}\.db$/), []]);
    // It holds the hashes of passwords.
    expect((await stat(join(backups, name))).mode & 0o777).toBe(0o600);
    await shell('sallyport users add bob --display-name Bob --no-password');
    for (const child of running.splice(0)) await end(child);
    const data = join(places.folder, 'var/lib/sallyport');
    await rm(data, { recursive: true });
    await mkdir(data);
    await cp(join(backups, name), join(data, 'sallyport.db'));
    const listed = await shell('sallyport users list');
    expect(listed).toMatch(/^ada /m);
    expect(listed).not.toMatch(/^bob /m);
    await startServer();
    await startProxy();
    // The copy holds the consent too.
    expect(await signIn('not asked')).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
  }, 60_000);
});

let secret = '';
let client = { id: '', secret: '' };

const startProxy = async (): Promise<void> => {
  const { folder } = places;
  const site = join(folder, 'site.conf');
  await writeFile(site, fileOf(places, '/etc/nginx/sites-enabled/sallyport'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${folder}/nginx-${name};`)
    .join(' ');
  const main = `daemon off; pid ${folder}/nginx.pid; error_log stderr warn; events {} http { access_log off; ${temporary} include ${site}; }`;
  await writeFile(join(folder, 'nginx.conf'), main);
  execFileSync('nginx', ['-t', '-q', '-e', 'stderr', '-c', join(folder, 'nginx.conf')], { env });
  const proxy = spawn('nginx', ['-e', 'stderr', '-c', join(folder, 'nginx.conf')], { env, stdio: 'inherit' });
  running.push(proxy);
  const browser = await browse();
  for (let turn = 0; turn < 100; turn += 1) {
    const answer = await browser.go('/healthz').catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise(resolve => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error('nginx does not answer');
};

const browse = async (): Promise<Browser> => {
  const ca = await readFile(join(places.folder, 'etc/sallyport/tls/ca.pem'), 'utf8');
  return new Browser({
    issuer: new URL(`https://localhost:${places.tlsPort}`),
    ports: [places.tlsPort],
    clock: Date.now,
    ca,
  });
};

const request = (more: Readonly<Record<string, string>> = {}): string =>
  `/auth?${new URLSearchParams({
    client_id: client.id,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    nonce: 'n'.repeat(32),
    ...more,
  }).toString()}`;

/** Binds the app of the person whose account the command names; gives its secret. */
const bindApp = (command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    const child = spawn('sh', ['-ec', command], { cwd: places.folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const before = said;
      said += chunk;
      if (/shows now: /.test(said) && !/shows now: /.test(before)) child.stdin.end(`${code(secretIn(said))}\n`);
    });
    child.once('close', status => (status === 0 ? resolve(secretIn(said)) : reject(new Error(said))));
  });
const secretIn = (said: string): string => /^Secret to type in: (\S+)$/m.exec(said)?.[1] ?? '';

/** A code that no sign-in of this test has used: each step of time counts once, and the next one is taken too. */
let lastStep = 0;
const code = (of: string): string => {
  lastStep = Math.max(lastStep + 1, Math.floor(Date.now() / 30_000) - 1);
  return generateSync({ secret: of, epoch: lastStep * 30 });
};

/** Signs in through the proxy and redeems the code; gives the claims of the ID token. */
const signIn = async (consent: 'asked' | 'not asked'): Promise<object> => {
  const browser = await browse();
  let page = await enterPassword(browser, await browser.visit(request()), ada);
  page = await enterCode(browser, page, code(secret));

  if (consent === 'asked') page = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
  const atCallback = atClient(browser, page).searchParams.get('code') ?? '';
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
  const answer = await browser.go('/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: atCallback,
      redirect_uri: callback,
    }).toString(),
    headers: { authorization, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
  });
  const { id_token: idToken } = JSON.parse(answer.text) as { id_token: string };
  return decodeJwt(idToken);
};
