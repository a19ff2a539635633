/** Refuses, in production, commands that weaken a server or print passwords. */
import { ConfigError } from '../src/config.ts';

/** `because`: what the command does. @throws ConfigError where the environment says production */
export const refuseProduction = (because: string): void => {
  for (const name of ['NODE_ENV', 'SALLYPORT_MODE']) {
    if (process.env[name] === 'production') {
      const expected = `not production: ${because}; npm run serve starts a server`;
      throw new ConfigError([{ name, got: 'production', expected }]);
    }
  }
};
