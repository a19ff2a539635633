/** Ported checks of the plan "Config OP" (oidcc-config-certification-test-plan), with an issuer with https as it is certified. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startWorld, type World } from '../support/world/world.ts';
import { relaxed } from '../../cli/dev/certification/settings.ts';

const issuer = 'https://login.example.test';
let world: World;
let discovery: Readonly<Record<string, unknown>>;
let contentType: unknown;
beforeAll(async () => {
  world = await startWorld({ issuer, env: relaxed });
  const { text, headers } = await world.browser().go('/.well-known/openid-configuration');
  discovery = JSON.parse(text) as Record<string, unknown>;
  contentType = headers['content-type'];
});
afterAll(() => world.close());

describe('ported checks, Config OP: oidcc-discovery-endpoint-verification', () => {
  test('the document is JSON, of this issuer', () => {
    expect(contentType).toContain('application/json');
    expect(discovery['issuer']).toBe(issuer);
  });

  test('it has what is required, and what is recommended', () => {
    expect(discovery).toMatchObject({
      response_types_supported: expect.arrayContaining(['code']),
      grant_types_supported: expect.arrayContaining(['authorization_code']),
      subject_types_supported: expect.arrayContaining(['public']),
      // Required of everybody (OpenID Connect Discovery 1.0 §3), also where another one is the default.
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
      scopes_supported: expect.arrayContaining(['openid']),
      claims_supported: expect.arrayContaining(['sub', 'iss', 'auth_time', 'name', 'email']),
      code_challenge_methods_supported: ['S256'],
      claims_parameter_supported: true,
      request_uri_parameter_supported: false,
    });
  });

  test('each endpoint is under the issuer, with https', () => {
    const endpoints = Object.entries(discovery).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    expect(endpoints.map(([name]) => name)).toEqual(
      expect.arrayContaining(['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']),
    );
    expect(endpoints.filter(([, url]) => new URL(String(url)).origin !== issuer)).toEqual([]);
  });

  test('scopes and languages are written as their specifications say', () => {
    expect(
      (discovery['scopes_supported'] as string[]).filter(scope => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)),
    ).toEqual([]);
    const locales = discovery['ui_locales_supported'] as string[];
    expect(Intl.getCanonicalLocales(locales)).toEqual(locales);
  });

  test('the JWKS has public keys only, each with a kid of its own', async () => {
    const { text } = await world.browser().go(new URL(String(discovery['jwks_uri'])).pathname);
    const { keys } = JSON.parse(text) as { keys: Record<string, unknown>[] };
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    expect(keys.flatMap(key => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].filter(member => member in key))).toEqual([]);
  });
});
