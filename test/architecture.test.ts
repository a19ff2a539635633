/**
 * Who may import whom (design, section 3). A line of `rules` says which files may not know what; the test reads the
 * import lines of every room and prints each arrow that should not be there.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Arrow {
  readonly from: string;
  /** A path from the root of the repository, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
  readonly names: readonly string[];
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?([^'";]*?)\s*from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

/** Every import, export-from and import() with a literal in a source text. */
const arrowsOf = (from: string, source: string): readonly Arrow[] =>
  [...source.matchAll(statement)].map(([, typeKeyword, clause = '', ...targets]) => {
    const target = targets.find(each => each !== undefined) ?? '';
    const whole = clause.includes('*') ? ['*'] : [];
    const names = [...clause.matchAll(/(?:^|[{,\s])(type\s+)?([A-Za-z_$][\w$]*)(?:\s+as\s+\w+)?\s*(?=[,}]|$)/g)];
    return {
      from,
      to: target.startsWith('.') ? join(from, '..', target) : target,
      typeOnly: typeKeyword !== undefined || (names.length > 0 && names.every(([, type]) => type !== undefined)),
      names: [...whole, ...names.flatMap(([, , name]) => name ?? [])],
    };
  });

interface Rule {
  readonly says: string;
  readonly about: RegExp;
  readonly except?: RegExp;
  /** What must not be at the other end. */
  readonly forbids: (arrow: Arrow) => boolean;
}

const isLocal = (to: string): boolean =>
  /^(?:src|server|cli|interactions|adapters|web|simulator|test|tools|bench)\//.test(to);
const isPackage = (to: string): boolean => !isLocal(to) && !to.startsWith('node:');
const packages =
  (...allowed: readonly RegExp[]) =>
  ({ to }: Arrow): boolean =>
    isPackage(to) && !allowed.some(each => each.test(to));
/** Only these rooms and packages; everything of Node's own. */
const only =
  (...allowed: readonly RegExp[]) =>
  ({ to }: Arrow): boolean =>
    !to.startsWith('node:') && !allowed.some(each => each.test(to));

const vocabulary =
  /^src\/(?:errors|records|crypto|log|masking|audit|reference|optimistic-write|locked-account|client-name|strict-form)\.ts$|^src\/ports\/|^src\/locales\//;

const rules: readonly Rule[] = [
  {
    says: 'the vocabulary knows nothing but itself',
    about: vocabulary,
    forbids: only(vocabulary, /^pino$/),
  },
  {
    says: 'src/mfa knows the vocabulary and the libraries of its trade: no HTTP, no protocol, no driver',
    about: /^src\/mfa\//,
    forbids: only(
      vocabulary,
      /^src\/mfa\//,
      /^otplib$/,
      /^@simplewebauthn\/server$/,
      /^libphonenumber-js(?:\/(?:min|max))?$/,
    ),
  },
  {
    says: 'src/users knows the vocabulary and proofs: no HTTP, no protocol, no driver',
    about: /^src\/users\//,
    forbids: only(vocabulary, /^src\/users\//, /^src\/mfa\/proof\.ts$/, /^@node-rs\/argon2$/, /^ipaddr\.js$/),
  },
  {
    says: 'src/oidc does not know who converses',
    about: /^src\/oidc(?:\/|\.ts$)/,
    forbids: ({ to }) => /^(?:interactions|adapters|web|simulator|server|cli)\//.test(to),
  },
  {
    says: 'conversation and portals do not know adapters, the command line or the composition',
    about: /^(?:interactions|server\/endpoints)\//,
    forbids: ({ to }) => /^(?:adapters|simulator|cli)\/|^server\/[^/]*$/.test(to),
  },
  {
    says: 'interactions/protocols/oidc/protocol.ts alone knows oidc-provider there',
    about: /^interactions\//,
    except: /^interactions\/protocols\/oidc\//,
    forbids: ({ to }) => to.startsWith('oidc-provider'),
  },
  {
    says: 'server/endpoints does not know oidc-provider',
    about: /^server\/endpoints\//,
    forbids: ({ to }) => to.startsWith('oidc-provider'),
  },
  {
    says: 'adapters know ports, errors, records and their own driver',
    about: /^adapters\//,
    forbids: ({ from, to }) =>
      isLocal(to) &&
      !/^src\/(?:errors|records)\.ts$|^src\/ports\//.test(to) &&
      !to.startsWith(`${adapterOf(from)}/`) &&
      to !== `${adapterOf(from)}.ts`,
  },
  {
    says: 'each driver belongs to its adapter',
    about: /^(?:src|server|cli|interactions|web|adapters)\//,
    forbids: ({ from, to }) => drivers.some(([driver, owner]) => driver.test(to) && adapterOf(from) !== owner),
  },
  {
    says: 'only the composition and the command line know that there are adapters',
    about: /^(?:src|server|cli|interactions|web|simulator)\//,
    except: /^(?:cli\/.*|server\/resources\.ts)$/,
    forbids: ({ to }) => to.startsWith('adapters/'),
  },
  {
    says: 'only challenges.ts and users/password.ts make proofs',
    about: /^(?:src|server|cli|interactions|adapters|web|simulator)\//,
    except: /^src\/(?:mfa\/challenge\/challenges|users\/password)\.ts$/,
    forbids: ({ to, names, typeOnly }) =>
      to === 'src/mfa/proof.ts' && !typeOnly && ['mint', '*'].some(each => names.includes(each)),
  },
  {
    says: 'pages are data turned into HTML: types, html and wording, nothing else',
    about: /^web\/pages(?:\/|\.ts$)/,
    forbids: ({ to, typeOnly }) => !typeOnly && !/^web\/|^src\/locales\//.test(to),
  },
  {
    says: 'what runs in the browser imports nothing from the server',
    about: /^web\/client\//,
    forbids: ({ to, typeOnly }) => !typeOnly && isLocal(to) && !to.startsWith('web/client/'),
  },
  {
    says: 'nobody but the development command and the tests knows the simulator',
    about: /^(?:src|server|cli|interactions|adapters|web)\//,
    except: /^cli\/dev(?:\/.*|\.ts)$/,
    forbids: ({ to }) => to.startsWith('simulator/'),
  },
  {
    says: 'the simulator is the world outside: of the house it may know how a page is escaped and how it looks',
    about: /^simulator\//,
    forbids: ({ to }) => isLocal(to) && !to.startsWith('simulator/') && !/^web\/(?:html|tokens|pages\/html)/.test(to),
  },
  {
    says: 'the product knows no test',
    about: /^(?:src|server|cli|interactions|adapters|web|simulator)\//,
    forbids: ({ to }) => /^(?:test|bench|tools)\/|^(?:@jest\/|fast-check|playwright|@axe-core|html-validate)/.test(to),
  },
  {
    says: 'the product has no default export to import, and no package nobody chose',
    about: /^(?:interactions|server\/endpoints)\//,
    forbids: packages(/^koa$/, /^@koa\/router$/, /^oidc-provider/),
  },
];

const drivers: readonly (readonly [RegExp, string])[] = [
  [/^node:sqlite$/, 'adapters/sqlite'],
  [/^ioredis/, 'adapters/redis'],
  [/^mongodb/, 'adapters/mongodb'],
  [/^twilio/, 'adapters/twilio'],
  [/^nodemailer/, 'adapters/smtp'],
  [/^web-push/, 'adapters/web-push'],
];

/** `adapters/sqlite.ts` and everything in `adapters/sqlite/` are one adapter. */
const adapterOf = (path: string): string => /^adapters\/[^/.]+/.exec(path)?.[0] ?? path;

const offences = (files: ReadonlyMap<string, string>): readonly string[] =>
  [...files].flatMap(([from, source]) =>
    arrowsOf(from, source).flatMap(arrow =>
      rules
        .filter(({ about, except, forbids }) => about.test(from) && !except?.test(from) && forbids(arrow))
        .map(({ says }) => `${arrow.from} → ${arrow.to}: ${says}`),
    ),
  );

const root = join(import.meta.dirname, '..');
const rooms = ['src', 'server', 'cli', 'interactions', 'adapters', 'web', 'simulator'];
const services = new Map(
  globSync(
    rooms.map(room => `${room}/**/*.ts`),
    { cwd: root },
  )
    .toSorted()
    .map(path => [path, readFileSync(join(root, path), 'utf8')]),
);

test('every import between folders is allowed', () => {
  expect(services.size).toBeGreaterThan(20);
  expect(offences(services)).toEqual([]);
});

test('every relative import has its .ts extension', () => {
  const relative = [...services].flatMap(([from, source]) => arrowsOf(from, source)).filter(({ to }) => isLocal(to));
  expect(relative.length).toBeGreaterThan(50);
  expect(relative.filter(({ to }) => !/\.(?:ts|json)$/.test(to)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

describe('a forbidden import is reported', () => {
  test.each([
    ['src/ports/stores.ts', `import { Users } from '../users/users.ts';`],
    ['src/mfa/challenge/challenges.ts', `import Koa from 'koa';`],
    ['src/mfa/factors/call.ts', `import { openTwilio } from '../../../adapters/twilio.ts';`],
    ['src/mfa/limits/failed-attempts.ts', `import type { Settings } from '../../config.ts';`],
    ['src/users/password.ts', `import type { Provider } from 'oidc-provider';`],
    ['src/users/usernames.ts', `const load = () => import('ioredis');`],
    ['src/oidc/policy.ts', `import { step } from '../../interactions/step.ts';`],
    ['src/oidc/adapter.ts', `import { openSqlite } from '../../adapters/sqlite.ts';`],
    ['interactions/step.ts', `import type { interactionPolicy } from 'oidc-provider';`],
    ['interactions/factor.ts', `import { openParts } from '../server/resources.ts';`],
    ['server/endpoints/callbacks.ts', `import { openTwilio } from '../../adapters/twilio.ts';`],
    ['adapters/redis.ts', `import { openSqlite } from './sqlite.ts';`],
    ['adapters/redis.ts', `import { readRow } from './sqlite/documents.ts';`],
    ['adapters/twilio.ts', `import type { Limits } from '../src/mfa/throttle.ts';`],
    ['adapters/twilio.ts', `import { Redis } from 'ioredis';`],
    ['src/secrets.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['server/services.ts', `export { openMemory } from '../adapters/memory.ts';`],
    ['interactions/password.ts', `import { mint } from '../src/mfa/proof.ts';`],
    ['interactions/password.ts', `import {\n  type Proof,\n  mint as make,\n} from '../src/mfa/proof.ts';`],
    ['interactions/password.ts', `import * as proof from '../src/mfa/proof.ts';`],
    ['src/mfa/challenge/enrollments.ts', `import { Ledger, mint } from '../proof.ts';`],
    ['web/pages/call.ts', `import { spacedNumber } from '../../src/mfa/phone-number.ts';`],
    ['web/client/wait.ts', `import { wording } from '../../src/wording.ts';`],
    ['server/main.ts', `import { startSimulator } from '../simulator/start.ts';`],
    ['cli/users.ts', `import { startSimulator } from '../simulator/start.ts';`],
    ['simulator/start.ts', `import { createReader } from '../adapters/twilio/callback.ts';`],
    ['simulator/start.ts', `import { randomToken } from '../src/crypto.ts';`],
    ['server/app.ts', `import { createClock } from '../test/support/clock.ts';`],
    ['server/app.ts', `import '../test/support/clock.ts';`],
  ])('%s: %s', (from, source) => {
    expect(offences(new Map([[from, source]]))).not.toEqual([]);
  });
});

describe('an allowed import is not reported', () => {
  test.each([
    ['src/users/password.ts', `import { mint, type Proof } from '../mfa/proof.ts';`],
    ['interactions/factor.ts', `import type { Proof, mint } from '../src/mfa/proof.ts';`],
    ['interactions/factor.ts', `import { Ledger, type Proof } from '../src/mfa/proof.ts';`],
    ['interactions/protocols/oidc/protocol.ts', `import { errors } from 'oidc-provider';`],
    ['adapters/sqlite/documents.ts', `import { guarded } from './file.ts';`],
    ['adapters/sqlite.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['server/resources.ts', `const { openRedis } = await import('../adapters/redis.ts');`],
    ['web/pages/call.ts', `import type { View } from '../../src/mfa/challenge-record.ts';`],
    ['src/mfa/factors/totp.ts', `import { verify } from 'otplib';`],
  ])('%s: %s', (from, source) => {
    expect(offences(new Map([[from, source]]))).toEqual([]);
  });
});
