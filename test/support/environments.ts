/** Gives environments of a server to tests of its settings, and says which mistakes are reported in one. */
import { ConfigError, loadSettings, type Environment } from '../../src/config.ts';

export const sealingKey = 'a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
export const otherKey = 'b:/+79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=';
export const authToken = '0123456789abcdef0123456789abcdef';

/** The least that development accepts without a file. */
export const memory = { SALLYPORT_DATABASE_URL: 'memory:' } as const satisfies Environment;

/** The least that production accepts. */
export const production: Environment = {
  NODE_ENV: 'production',
  SALLYPORT_ISSUER: 'https://login.example.com',
  SALLYPORT_PROXY_HOPS: '1',
  SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/sallyport/sallyport.db',
  SALLYPORT_SEALING_KEYS: sealingKey,
  SALLYPORT_TWILIO_ACCOUNT_SID: 'AC00112233445566778899aabbccddeeff',
  SALLYPORT_TWILIO_AUTH_TOKENS: authToken,
  SALLYPORT_TWILIO_FROM: '+12025550100',
};

/** Reads no file: each is missing. */
export const noFile = (path: string): string => {
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
};

/** The error that reports the mistakes of an environment; undefined where it is good. */
export const errorIn = (env: Environment, readFile = noFile): ConfigError | undefined => {
  try {
    loadSettings(env, readFile);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
};

/** The mistakes in an environment, in the order in which they are reported. */
export const mistakesIn = (env: Environment, readFile = noFile): ConfigError['mistakes'] =>
  errorIn(env, readFile)?.mistakes ?? [];
