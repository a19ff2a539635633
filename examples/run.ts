/**
 * Runs an example beside `npm start`. Each folder here is one example, as a reader would copy it, and `clients/` is software
 * that others wrote:
 *
 *     index.mjs     the program; reads ISSUER, CLIENT_ID, CLIENT_SECRET and PORT
 *     client.yaml   how it is registered, in the words of OpenID Connect
 *     api.yaml      the API that it calls, which is a client too; it reads API_CLIENT_ID and API_CLIENT_SECRET
 *
 * This program registers the clients in the store of the development environment that was started in the working folder, with
 * new secrets each time, and starts the example with these variables.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { commandEnvironment, settingsFile } from '../cli/environment.ts';
import { withServices } from '../cli/services.ts';
import { reportProblem } from '../server/report-failure.ts';
import { loadSettings } from '../src/config.ts';
import { Problem } from '../src/errors.ts';
import type { KnownClient } from '../src/oidc/clients.ts';
import { changeSeenWithin } from '../src/oidc/clients/directory.ts';
import { newClientSecret } from '../src/oidc/clients/secrets.ts';

/** The port in the files of the examples. */
const usualPort = 4000;

/** Files of clients in a folder, and the beginning of the variables with id and secret. */
const clientFiles = [
  ['client.yaml', ''],
  ['api.yaml', 'API_'],
] as const;

/** The settings of the environment that runs here. @throws Problem 'not-found' without one, 'forbidden' in production */
const developmentIssuer = (): string => {
  if (!existsSync(settingsFile())) throw new Problem('not-found', 'no development environment runs here: npm start');
  const { mode, issuer } = loadSettings(commandEnvironment(process.env));
  // The secrets of examples are in the environment of their processes.
  if (mode !== 'development') throw new Problem('forbidden', 'got production, expected a development environment');
  return issuer.origin;
};

/** What a file describes, with addresses at this port. The registry checks it. */
const readClient = (path: string, port: number): KnownClient => {
  const text = readFileSync(path, 'utf8').replaceAll(`localhost:${usualPort}/`, `localhost:${port}/`);
  return parse(text) as KnownClient;
};

/** Registers the clients of an example. Gives the variables that it reads. */
const register = async (folder: string, port: number): Promise<Record<string, string>> =>
  withServices(async services => {
    const clients = await services.clients();
    const variables: Record<string, string> = {};
    for (const [file, prefix] of clientFiles) {
      const path = join(folder, file);
      if (!existsSync(path)) continue;
      const client = readClient(path, port);
      const isPublic = Reflect.get(client, 'token_endpoint_auth_method') === 'none';
      const secret = isPublic ? undefined : newClientSecret();
      await clients.write({ ...client, ...(secret !== undefined && { client_secret: secret }) });
      variables[`${prefix}CLIENT_ID`] = client.client_id;
      if (secret !== undefined) variables[`${prefix}CLIENT_SECRET`] = secret;
    }
    return variables;
  });

/** The exit code of the program. Ctrl-C reaches it too, so this process only waits. */
const run = async (name: string, port: number): Promise<number> => {
  const folder = join(import.meta.dirname, name);
  if (!/^[a-z-]+$/.test(name) || !existsSync(join(folder, 'client.yaml'))) {
    throw new Problem('not-found', `got the example "${name}", expected the name of a folder in examples/`);
  }
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
  process.exitCode = await run(positionals[0] ?? '', Number(values.port));
} catch (error) {
  process.exitCode = reportProblem(error);
}
