/**
 * Gives a command its environment variables. Beside a development environment it adds that one's settings, so that a command
 * finds its store and its simulated telephone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../src/config.ts';

/** Folder of the development environment's state, in the working directory. Ignored by git. */
export const stateFolder = '.sallyport';
const file = join(stateFolder, 'settings.json');

/** File in which a development environment saves the settings that it runs with. */
export const settingsFile = (): string => file;

/** `env`, with the saved settings of a development environment as defaults. They are not read in production. */
export const commandEnvironment = (env: Environment): Environment => {
  if (env['NODE_ENV'] === 'production' || env['SALLYPORT_MODE'] === 'production') return env;
  return { ...developmentSettings(), ...env };
};

/** Source of a setting that comes from the development environment, for `config print`; else undefined. */
export const developmentSource = (env: Environment, name: string): string | undefined =>
  env[name] === undefined && commandEnvironment(env)[name] !== undefined ? `file ${file}` : undefined;

const developmentSettings = (): Environment => {
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
