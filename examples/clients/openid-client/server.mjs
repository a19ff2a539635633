/** Signs people in on a server, with the printed file beside it. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { begin, finish } from './sign-in.mjs';

/** By the value of a browser's cookie: a sign-in that has begun, or the person. Use a store of your own for it. */
const sessions = new Map();

const routes = {
  async '/login'(_request, response, id) {
    const { url, verifier, state } = await begin();
    sessions.set(id, { verifier, state });
    response.writeHead(302, { location: url.href });
  },
  async '/callback'({ url, headers }, response, id) {
    const person = await finish(`http://${headers.host}${url}`, sessions.get(id) ?? {});
    sessions.delete(id);
    const signedIn = randomUUID();
    sessions.set(signedIn, { person });
    response.writeHead(302, { location: '/', 'set-cookie': `example=${signedIn}; HttpOnly; SameSite=Lax; Path=/` });
  },
  async '/'(_request, response, id) {
    const person = sessions.get(id)?.person;
    if (person === undefined) response.writeHead(302, { location: '/login' });
    else response.setHeader('content-type', 'application/json').write(JSON.stringify(person));
  },
};

const answer = async (request, response) => {
  const id = /example=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? randomUUID();
  response.setHeader('set-cookie', `example=${id}; HttpOnly; SameSite=Lax; Path=/`);
  try {
    const route = routes[new URL(request.url, 'http://localhost').pathname];
    if (route === undefined) response.writeHead(404);
    else await route(request, response, id);
  } catch (error) {
    console.error(error);
    response.writeHead(500);
  }
  response.end();
};
createServer((request, response) => void answer(request, response)).listen(process.env.PORT ?? 3000, 'localhost');
