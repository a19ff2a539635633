/** Bundles the authenticator for production (`npm run build`), so that no process of the server has to. */
import { relative } from 'node:path';
import { buildAuthenticator } from '../web/authenticator-bundle.ts';

const path = await buildAuthenticator();
process.stdout.write(`The authenticator is in ${relative(process.cwd(), path)}.\n`);
