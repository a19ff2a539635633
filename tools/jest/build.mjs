/**
 * Makes the files for browsers before a run, as `npm run build` does, unless those of the same sources are there. Otherwise each
 * test file with a server, and each process that tests start, makes them: 0.1 s of a processor, some 600 times.
 */
import { readBuilt } from '../../web/built.ts';

const builders = {
  'assets.json': async () => (await import('../../web/assets.ts')).buildAssets(),
  'authenticator.json': async () => (await import('../../web/authenticator-bundle.ts')).buildAuthenticator(),
};

export default async () => {
  for (const [name, build] of Object.entries(builders)) if (readBuilt(name) === undefined) await build();
};
