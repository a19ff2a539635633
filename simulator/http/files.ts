import { readFileSync } from 'node:fs';
import type { Route } from './server.ts';

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** A file that pages ask for, read once when the simulator starts. */
export const fileRoute = (path: string, file: URL): Route => {
  const body = readFileSync(file);
  const type = types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  return { method: 'GET', path, answer: () => ({ status: 200, headers: { 'content-type': type }, body }) };
};

/** The colours and type that the server's pages have too. */
export const tokensRoute = (): Route =>
  fileRoute('/tokens.css', new URL('../../web/public/tokens.css', import.meta.url));
