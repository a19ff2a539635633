/** Tests that an error goes back to the client in the way that it asked for, also where its request object is refused. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { authorize, authorizePushed, push } from './support/flows.ts';
import { Browser, type Stop } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeEach(async () => {
  world = await openWorld();
  rp = await world.addClient({ client_id: 'contoso' });
});
afterEach(() => world.close());

/** A request object that asks for another mode and state than the request around it (RFC 9101). */
const object = (claims: Record<string, string> = {}) => new UnsecuredJWT({ client_id: 'contoso', ...claims }).encode();

/** How the error came, with its parameters. */
const answerOf = ({ at, url, answer }: Stop): Readonly<Record<string, string | undefined>> => {
  const found = answer.text.matchAll(/<input name="([^"]*)" value="([^"]*)">/g);
  const fields = [...found].map(([, name = '', value]) => [name, value] as const);
  if (at === 'client') {
    const params = new URLSearchParams(url.search || url.hash.slice(1));
    return { by: url.hash === '' ? 'query' : 'fragment', ...Object.fromEntries(params) };
  }
  return answer.text.includes('<form action="https://contoso.test/cb">')
    ? { by: 'form_post', ...Object.fromEntries(fields) }
    : { by: `page ${answer.status}` };
};

const errors: readonly (readonly [string, Record<string, string>, string])[] = [
  ['a request object without a signature', { request: object() }, 'invalid_request_object'],
  ['text for a request object', { request: 'x' }, 'invalid_request_object'],
  ['a request object by reference', { request_uri: 'https://contoso.test/request' }, 'request_uri_not_supported'],
  ['an unknown pushed request', { request_uri: 'urn:ietf:params:oauth:request_uri:none' }, 'invalid_request_uri'],
  ['a registration', { registration: '{}' }, 'registration_not_supported'],
  ['prompt=none without a session', { prompt: 'none' }, 'login_required'],
  ['a login hint that is too long', { login_hint: 'x'.repeat(1025) }, 'invalid_request'],
];

describe.each(['query', 'fragment', 'form_post'])('with response_mode=%s', mode => {
  test.each(errors)('the refusal of %s comes that way, with state and issuer', async (_, params, error) => {
    const stop = await authorize(new Browser(world), rp, { response_mode: mode, state: 's1', ...params });
    expect(answerOf(stop)).toMatchObject({ by: mode, error, state: 's1', iss: world.issuer.origin });
  });
});

test('the mode in a request object replaces that beside it (RFC 9101 §6.3)', async () => {
  const params = { response_mode: 'form_post', request: object({ response_mode: 'query', state: 's2' }) };
  const stop = await authorize(new Browser(world), rp, { state: 's1', ...params });
  expect(answerOf(stop)).toMatchObject({ by: 'query', error: 'invalid_request_object', state: 's2' });
});

test('a pushed request that was used already is refused in the mode that was pushed', async () => {
  const uri = await push(world, rp, { response_mode: 'form_post', state: 's1' });
  expect((await authorizePushed(new Browser(world), rp, uri)).at).toBe('interaction');
  expect(answerOf(await authorizePushed(new Browser(world), rp, uri))).toMatchObject({
    by: 'form_post',
    error: 'invalid_request_uri',
    state: 's1',
  });
});

test('an unknown mode is refused by the mode that fits the response type', async () => {
  const stop = await authorize(new Browser(world), rp, { response_mode: 'pigeon', state: 's1' });
  expect(answerOf(stop)).toMatchObject({ by: 'query', error: 'unsupported_response_mode', state: 's1' });
});

test('a refused request object leads to no address that is not registered', async () => {
  const stop = await authorize(new Browser(world), rp, { request: object(), redirect_uri: 'https://evil.test/' });
  expect(answerOf(stop)).toEqual({ by: 'page 400' });
});
