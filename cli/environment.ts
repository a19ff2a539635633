/** The environment of a command. Beside a development world it is that world's, so that a command finds its store and its telephone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../src/config.ts';

/** State of the development world, under the working directory. Never committed. */
export const stateFolder = '.sallyport';
const file = join(stateFolder, 'settings.json');

/** Where a development world leaves the settings it runs with. */
export const settingsFile = (): string => file;

/** `env`, and under it what a development world beside us runs with. Production never looks. */
export const commandEnvironment = (env: Environment): Environment => {
  if (env['NODE_ENV'] === 'production' || env['SALLYPORT_MODE'] === 'production') return env;
  return { ...worldSettings(), ...env };
};

/** Where a command has this setting from, when it is the development world's. */
export const worldSource = (env: Environment, name: string): string | undefined =>
  env[name] === undefined && commandEnvironment(env)[name] !== undefined ? `file ${file}` : undefined;

const worldSettings = (): Environment => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  const settings: unknown = JSON.parse(text);
  if (typeof settings !== 'object' || settings === null) return {};
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => typeof value === 'string'));
};
