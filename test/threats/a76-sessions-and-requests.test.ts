/**
 * A76. A client asks with `prompt=none`, `max_age` or `acr`, and the browser has a weak or an old session. Each cell of 4 levels × 3 ages ×
 * 4 requests is a person of its own: first the request without a page (`prompt=none`), then the same with pages, where the person takes
 * the weakest method that is enough. The expectations were written by hand, from the standards: OIDC Core §2, §3.1.2.1, §5.5.1.1.
 * Guards: `src/oidc/prompts/mfa-prompt.ts#isProven`, `interactions/protocols/oidc/results.ts#steppedUp`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Acr } from '../../src/mfa/factor.ts';
import { addOwner, beginSession, send, startWorldOfLevels, type Level } from '../support/world/every-method.ts';
import { openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import type { World } from '../support/world/world.ts';

type Age = 'new' | 'old' | 'over';

const minute = 60_000;
/** A session lasts 24 hours, and an hour without use. */
const ages: Readonly<Record<Age, number>> = { new: minute, old: 30 * minute, over: 25 * 60 * minute };

const requests = {
  nothing: {},
  'max_age=300': { max_age: '300' },
  'acr_values=aal2': { acr_values: 'aal2' },
  'essential phr': { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'phr' } } }) },
} as const;

/** The weakest method of these people that is enough for a request: a call, a code of an app, a passkey. */
const enough = {
  nothing: 'mfa',
  'max_age=300': 'mfa',
  'acr_values=aal2': 'aal2',
  'essential phr': 'phr',
} as const satisfies Readonly<Record<keyof typeof requests, Level>>;

const [login, unmet] = ['login_required', 'unmet_authentication_requirements'];
const [none, second, both] = ['', 'second step', 'password, second step'];
const [call, code, key] = ['mfa: mfa pwd tel', 'aal2: mfa otp pwd', 'phr: mfa pwd swk user'];

/**
 * Session, age, request; the answer without a page; the pages; `acr: amr` of the ID token; its `auth_time`: when the session began, or now.
 */
const cells: readonly (readonly [Acr, Age, keyof typeof requests, string, string, string, 'then' | 'now'])[] = [
  // The person set up methods after this session began: a password is not enough for them any more.
  ['sfa', 'new', 'nothing', unmet, second, call, 'then'],
  ['sfa', 'new', 'max_age=300', unmet, second, call, 'then'],
  ['sfa', 'new', 'acr_values=aal2', unmet, second, code, 'then'],
  ['sfa', 'new', 'essential phr', unmet, second, key, 'then'],
  ['sfa', 'old', 'nothing', unmet, second, call, 'then'],
  ['sfa', 'old', 'max_age=300', login, both, call, 'now'],
  ['sfa', 'old', 'acr_values=aal2', unmet, second, code, 'then'],
  ['sfa', 'old', 'essential phr', unmet, second, key, 'then'],
  ['sfa', 'over', 'nothing', login, both, call, 'now'],
  ['sfa', 'over', 'max_age=300', login, both, call, 'now'],
  ['sfa', 'over', 'acr_values=aal2', login, both, code, 'now'],
  ['sfa', 'over', 'essential phr', login, both, key, 'now'],

  ['mfa', 'new', 'nothing', 'code', none, call, 'then'],
  ['mfa', 'new', 'max_age=300', 'code', none, call, 'then'],
  ['mfa', 'new', 'acr_values=aal2', unmet, second, 'aal2: mfa otp pwd tel', 'then'],
  ['mfa', 'new', 'essential phr', unmet, second, 'phr: mfa pwd swk tel user', 'then'],
  ['mfa', 'old', 'nothing', 'code', none, call, 'then'],
  ['mfa', 'old', 'max_age=300', login, both, call, 'now'],
  ['mfa', 'old', 'acr_values=aal2', unmet, second, 'aal2: mfa otp pwd tel', 'then'],
  ['mfa', 'old', 'essential phr', unmet, second, 'phr: mfa pwd swk tel user', 'then'],
  ['mfa', 'over', 'nothing', login, both, call, 'now'],
  ['mfa', 'over', 'max_age=300', login, both, call, 'now'],
  ['mfa', 'over', 'acr_values=aal2', login, both, code, 'now'],
  ['mfa', 'over', 'essential phr', login, both, key, 'now'],

  // A new sign-in by a call leaves nothing of the code: the token says less than the old session did.
  ['aal2', 'new', 'nothing', 'code', none, code, 'then'],
  ['aal2', 'new', 'max_age=300', 'code', none, code, 'then'],
  ['aal2', 'new', 'acr_values=aal2', 'code', none, code, 'then'],
  ['aal2', 'new', 'essential phr', unmet, second, 'phr: mfa otp pwd swk user', 'then'],
  ['aal2', 'old', 'nothing', 'code', none, code, 'then'],
  ['aal2', 'old', 'max_age=300', login, both, call, 'now'],
  ['aal2', 'old', 'acr_values=aal2', 'code', none, code, 'then'],
  ['aal2', 'old', 'essential phr', unmet, second, 'phr: mfa otp pwd swk user', 'then'],
  ['aal2', 'over', 'nothing', login, both, call, 'now'],
  ['aal2', 'over', 'max_age=300', login, both, call, 'now'],
  ['aal2', 'over', 'acr_values=aal2', login, both, code, 'now'],
  ['aal2', 'over', 'essential phr', login, both, key, 'now'],

  // The answer repeats the value that was asked for, where the session reached more.
  ['phr', 'new', 'nothing', 'code', none, key, 'then'],
  ['phr', 'new', 'max_age=300', 'code', none, key, 'then'],
  ['phr', 'new', 'acr_values=aal2', 'code', none, 'aal2: mfa pwd swk user', 'then'],
  ['phr', 'new', 'essential phr', 'code', none, key, 'then'],
  ['phr', 'old', 'nothing', 'code', none, key, 'then'],
  ['phr', 'old', 'max_age=300', login, both, call, 'now'],
  ['phr', 'old', 'acr_values=aal2', 'code', none, 'aal2: mfa pwd swk user', 'then'],
  ['phr', 'old', 'essential phr', 'code', none, key, 'then'],
  ['phr', 'over', 'nothing', login, both, call, 'now'],
  ['phr', 'over', 'max_age=300', login, both, call, 'now'],
  ['phr', 'over', 'acr_values=aal2', login, both, code, 'now'],
  ['phr', 'over', 'essential phr', login, both, key, 'now'],
];

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorldOfLevels();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());

test.each(cells)('A76 session %s, %s, asked for %s', async (level, age, name, silent, pages, said, authTime) => {
  const owner = await addOwner(world, `${level}-${age}-${Object.keys(requests).indexOf(name)}`);
  const browser = world.browser();
  if (level !== 'sfa') await owner.bind();
  const then = await beginSession(world, browser, rp, level === 'sfa' ? { owner } : { owner, by: level });
  if (level === 'sfa') await owner.bind();
  world.clock.advance(ages[age]);

  const without = await send(browser, rp, { ...requests[name], prompt: 'none' }, { owner });
  expect(without).toEqual({ pages: '', ...(silent === 'code' ? { said, authTime: then } : { said: silent }) });

  const now = Math.floor(world.clock() / 1000);
  const got = await send(browser, rp, requests[name], { owner, by: enough[name] });
  expect(got).toEqual({ pages, said, authTime: authTime === 'then' ? then : now });
});

test('A76 the table has each of the 48 cells once', () => {
  expect(new Set(cells.map(([level, age, name]) => `${level} ${age} ${name}`)).size).toBe(4 * 3 * 4);
});
