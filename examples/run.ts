/**
 * Runs an example beside `npm start`. Each folder here is one example, as a reader would copy it, and `clients/` is software
 * that others wrote:
 *
 *     index.mjs     the program; reads ISSUER, CLIENT_ID, CLIENT_SECRET and PORT
 *     clients.yaml  its clients, as a file of SALLYPORT_CLIENTS_DIR. One with a `resource` is the API that it calls:
 *                   it reads API_CLIENT_ID and API_CLIENT_SECRET
 *
 * This program registers the clients in the store of the development environment that was started in the working folder, with
 * new secrets each time, and starts the example with these variables.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { commandEnvironment, settingsFile } from '../cli/environment.ts';
import { withServices } from '../cli/services.ts';
import { typedCount } from '../cli/typed.ts';
import { reportProblem } from '../server/report-failure.ts';
import { loadSettings } from '../src/config.ts';
import { Problem } from '../src/errors.ts';
import { readClientFile } from '../src/oidc/client-files/file-form.ts';
import type { NewClient } from '../src/oidc/client-metadata.ts';
import { changeSeenWithin } from '../src/oidc/clients/directory.ts';
import { newClientSecret } from '../src/oidc/clients/secrets.ts';

/** The port in the files of the examples. */
const usualPort = 4000;

/** The clients of an example. */
const clientsFile = 'clients.yaml';

/** The settings of the environment that runs here. @throws Problem 'not-found' without one, 'forbidden' in production */
const developmentIssuer = (): string => {
  if (!existsSync(settingsFile())) throw new Problem('not-found', 'no development environment runs here: npm start');
  const { mode, issuer } = loadSettings(commandEnvironment(process.env));
  // The secrets of examples are in the environment of their processes.
  if (mode !== 'development') throw new Problem('forbidden', 'got production, expected a development environment');
  return issuer.origin;
};

/** What the file of an example declares, with addresses at this port. @throws Problem 'bad-request' for a mistake in its form */
const readClients = (folder: string, port: number): readonly NewClient[] => {
  const text = readFileSync(join(folder, clientsFile), 'utf8');
  const { clients, faults } = readClientFile(text.replaceAll(`localhost:${usualPort}/`, `localhost:${port}/`));
  const [fault] = faults;
  if (fault === undefined) return clients.map(({ client }) => client);
  throw new Problem('bad-request', `${clientsFile}, ${fault.at}: got ${fault.got}, expected ${fault.expected}`);
};

/** Registers the clients of an example. Gives the variables that it reads. */
const register = async (folder: string, port: number): Promise<Record<string, string>> =>
  withServices(async services => {
    const clients = await services.clients();
    const variables: Record<string, string> = {};
    for (const { client_id: id = '', token_endpoint_auth_method: method, ...client } of readClients(folder, port)) {
      const prefix = client.resource === undefined ? '' : 'API_';
      const secret = method === 'none' ? undefined : newClientSecret();
      await clients.write({ ...client, client_id: id, ...(secret !== undefined && { client_secret: secret }) });
      variables[`${prefix}CLIENT_ID`] = id;
      if (secret !== undefined) variables[`${prefix}CLIENT_SECRET`] = secret;
    }
    return variables;
  });

/** The exit code of the program. Ctrl-C reaches it too, so this process only waits. */
const run = async (name: string, port: number): Promise<number> => {
  const names = readdirSync(import.meta.dirname).filter(each =>
    existsSync(join(import.meta.dirname, each, clientsFile)),
  );
  if (!names.includes(name)) throw new Problem('not-found', `got the example "${name}", expected ${names.join(', ')}`);
  const folder = join(import.meta.dirname, name);
  const issuer = developmentIssuer();
  const variables = { ISSUER: issuer, PORT: String(port), ...(await register(folder, port)) };
  // A running server may still know an earlier secret or port.
  await pass(changeSeenWithin);
  const child = spawn(process.execPath, ['index.mjs'], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 0));
  });
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string', default: String(usualPort) } },
  });
  process.exitCode = await run(positionals[0] ?? '', typedCount('--port', values.port, 65_535));
} catch (error) {
  process.exitCode = reportProblem(error);
}
