/** Makes the files for browsers for production (`npm run build`): the authenticator, and what pages load. No process of the server has to. */
import { relative } from 'node:path';
import { buildAssets } from '../web/assets.ts';
import { buildAuthenticator } from '../web/authenticator-bundle.ts';

for (const path of [await buildAuthenticator(), await buildAssets()])
  process.stdout.write(`Built ${relative(process.cwd(), path)}.\n`);
