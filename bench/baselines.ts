/** Opens bare servers that the product is compared with: Node alone, Koa with a router, open event streams. */
import { Router } from '@koa/router';
import Koa from 'koa';
import type { OpenedServer } from './server-spec.ts';

/** A Node server that only sends the same bytes. */
export const bareHttp = (body: string): OpenedServer => {
  const bytes = Buffer.from(body);
  return {
    answer(_request, response) {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
      response.end(bytes);
    },
  };
};

/** Koa with a router that answers a small document at `/`. */
export const bareKoa = (): OpenedServer => {
  const router = new Router();
  router.get('/', ctx => {
    ctx.body = { status: 'ok', checks: { process: 'ok' } };
  });
  const answer = new Koa().use(router.routes()).use(router.allowedMethods()).callback();
  return { answer: (request, response) => void answer(request, response) };
};

/** A Node server that sends one event to each request and keeps its stream open. */
export const bareStreams = (): OpenedServer => ({
  answer(_request, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 2000\n\ndata: {"phase":"pending"}\n\n');
  },
});
