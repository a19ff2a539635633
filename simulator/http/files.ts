/** Serves single files: styles, scripts and pictures of the pages. */
import { readFileSync } from 'node:fs';
import type { Route } from './server.ts';

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** A route that serves one file. Reads it once, when the simulator starts. */
export const fileRoute = (path: string, file: URL): Route => {
  const body = readFileSync(file);
  const type = types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  return { method: 'GET', path, handle: () => ({ status: 200, headers: { 'content-type': type }, body }) };
};

/** The route of the colours and fonts that the pages of the server use too. */
export const tokensRoute = (): Route =>
  fileRoute('/tokens.css', new URL('../../web/public/tokens.css', import.meta.url));
