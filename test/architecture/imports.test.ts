/**
 * Keeps the direction of imports: `cli → server → interactions, portals → web, src ← adapters`.
 * `layers` says what a folder may import, `rules` what else is forbidden. Each offending import is printed.
 */
import { describe, expect, test } from '@jest/globals';
import { arrows, isLocal, type Arrow } from './support/imports.ts';
import { product } from './support/sources.ts';

/** What a folder may import beside its own files and Node's modules. */
interface Layer {
  readonly title: string;
  readonly files: RegExp;
  readonly knows?: RegExp;
  readonly packages?: RegExp;
}

/** Files directly in `src` and the three folders without rules: every folder may use them. The settings are not among them. */
const shared = /^src\/(?!config\.ts$)[^/]+\.ts$|^src\/(?:ports|locales|records)\//;

const layers: readonly Layer[] = [
  {
    title: 'src/*.ts, src/ports, src/records and src/locales know only each other',
    files: shared,
    packages: /^(?:pino|jose|uuid|yaml|zod)$/,
  },
  {
    title: 'src/http knows no rule, no protocol and no page',
    files: /^src\/http\//,
    knows: shared,
    packages: /^(?:koa|ipaddr\.js)$/,
  },
  {
    title: 'src/config knows no rule, only that a policy and scopes can be read',
    files: /^src\/config\//,
    knows: new RegExp(`${shared.source}|^src/(?:policy/read|scopes/(?:read|scopes))\\.ts$`),
    packages: /^(?:zod|libphonenumber-js\/max)$/,
  },
  {
    title: 'src/config.ts adds the settings that src/mfa and src/users declare',
    files: /^src\/config\.ts$/,
    knows: new RegExp(
      `${shared.source}|^src/config/|^src/mfa/(?:limits/|(?:phone-number|enrollment-plan|factor|passkeys/policy|push/settings)\\.ts$)|^src/(?:policy/(?:policy|read)|scopes/scopes)\\.ts$|^src/users/limits/(?:begun-sign-ins|password-limits)\\.ts$`,
    ),
    packages: /^zod$/,
  },
  {
    title: 'src/mfa knows no HTTP, no protocol, no driver and no settings',
    files: /^src\/mfa\//,
    knows: shared,
    packages: /^(?:otplib|jose|@simplewebauthn\/server(?:\/helpers)?|libphonenumber-js(?:\/(?:min|max))?)$/,
  },
  {
    title: 'src/policy knows levels of assurance, and reads YAML',
    files: /^src\/policy\//,
    knows: new RegExp(`${shared.source}|^src/mfa/(?:assurance|factor)\\.ts$`),
    packages: /^(?:zod|ipaddr\.js)$/,
  },
  {
    title: 'src/scopes knows no rule, and reads YAML',
    files: /^src\/scopes\//,
    knows: shared,
    packages: /^zod$/,
  },
  {
    title: 'src/keys knows no rule and no protocol',
    files: /^src\/keys\//,
    knows: shared,
    packages: /^jose$/,
  },
  {
    title: 'src/error-reference holds sentences, and knows only itself',
    files: /^src\/error-reference\//,
  },
  {
    title: 'src/sealing knows to what each rule seals its records',
    files: /^src\/sealing\//,
    knows: new RegExp(
      `${shared.source}|^src/(?:keys/material|mfa/sealed-authenticators|outbox/outbox|oidc/adapter/refresh-tokens)\\.ts$`,
    ),
  },
  {
    title: 'src/outbox knows no protocol and no rule: each kind of message brings its sender',
    files: /^src\/outbox\//,
    knows: shared,
  },
  {
    title: 'src/mail knows the outbox, and of src/users only how names are compared',
    files: /^src\/mail\//,
    knows: new RegExp(`${shared.source}|^src/outbox/|^src/users/names/usernames\\.ts$`),
  },
  {
    title: 'src/notices knows accounts and methods of people, mail, carriers and the outbox',
    files: /^src\/notices\//,
    knows: new RegExp(`${shared.source}|^src/(?:mfa|mail|outbox|users)/`),
  },
  {
    title: 'src/users knows no HTTP, no protocol, no driver and no settings, and of src/mfa only proofs',
    files: /^src\/users\//,
    knows: new RegExp(`${shared.source}|^src/mfa/proof\\.ts$`),
    packages: /^(?:@node-rs\/argon2|bcryptjs|@zxcvbn-ts\/language-common|ipaddr\.js)$/,
  },
  {
    title: 'src/account knows accounts, mail and the outbox',
    files: /^src\/account\//,
    knows: new RegExp(`${shared.source}|^src/(?:users|mail|outbox)/`),
  },
  {
    title: 'src/people knows accounts and methods, and reads CSV',
    files: /^src\/people\//,
    knows: new RegExp(`${shared.source}|^src/(?:mfa|users)/`),
    packages: /^csv-parse/,
  },
  {
    title: 'src/recovery knows accounts and methods',
    files: /^src\/recovery\//,
    knows: new RegExp(`${shared.source}|^src/(?:mfa|users)/`),
  },
  {
    title: 'src/migrations knows the rules whose documents it changes, and no protocol',
    files: /^src\/migrations\//,
    knows: new RegExp(`${shared.source}|^src/(?:keys|mfa|users)/`),
  },
  {
    title: 'src/transfer knows records, not what they mean, and their schema',
    files: /^src\/transfer\//,
    knows: new RegExp(`${shared.source}|^src/migrations/`),
  },
  {
    title: 'src/oidc knows the rest of src and oidc-provider',
    files: /^src\/oidc\//,
    knows: /^src\//,
    packages: /^(?:oidc-provider|koa|jose)/,
  },
  {
    title: 'adapters know ports, errors, records, pure files directly in src, their own settings and driver',
    files: /^adapters\//,
    knows: /^src\/(?:errors|records)\.ts$|^src\/ports\/|^adapters\//,
    packages: /^(?:ioredis|mongodb|twilio\/lib\/(?:webhooks|twiml)\/|nodemailer|jose)/,
  },
  {
    title: 'web knows src, draws and reads QR codes, and bundles the authenticator, which verifies and signs by jose',
    files: /^web\//,
    knows: /^src\//,
    packages: /^(?:qrcode|qr\/decode\.js|esbuild|preact(?:\/.+)?|jose)$/,
  },
  {
    title: 'interactions know web and src',
    files: /^interactions\//,
    knows: /^(?:web|src)\//,
    packages: /^(?:koa|@koa\/router|oidc-provider)$/,
  },
  {
    title: 'portals know web and src',
    files: /^portals\//,
    knows: /^(?:web|src)\//,
    packages: /^(?:koa|@koa\/router)$/,
  },
  {
    title: 'server/endpoints know web and src, not what composes them',
    files: /^server\/endpoints\//,
    knows: /^(?:web|src)\//,
    packages: /^(?:koa|@koa\/router)$/,
  },
  {
    title: 'server/metrics measures what others do, and alone knows the client of Prometheus',
    files: /^server\/metrics\//,
    knows: /^src\/|^server\/services\.ts$/,
    packages: /^@prometheus-io\/client$/,
  },
  {
    title: 'server/traces puts what others do into spans, and alone knows OpenTelemetry',
    files: /^server\/traces\//,
    knows: /^src\/|^server\/(?:services|instrument-requests|metrics\/measured-stores)\.ts$/,
    packages: /^@opentelemetry\//,
  },
  {
    title: 'server knows everything below it',
    files: /^server\/(?!endpoints\/|metrics\/|traces\/)/,
    knows: /^(?:server|interactions|portals|adapters|web|src)\//,
    packages: /^(?:koa|@koa\/router)$/,
  },
  {
    title: 'cli knows everything below it, and the simulator for development',
    files: /^cli\//,
    knows: /^(?:server|interactions|portals|adapters|web|src|simulator)\//,
    packages: /^(?:commander|jose|qrcode|otplib|zod)$/,
  },
  {
    title: 'the simulator stands outside the product: it borrows the escaping of HTML and the design tokens',
    files: /^simulator\//,
    knows: /^web\/(?:html|tokens)/,
    packages: /^(?:koa|@koa\/router|openid-client|fast-xml-parser|smtp-server|mailparser)$/,
  },
];

/** `adapters/sqlite.ts` and everything in `adapters/sqlite/` are one adapter. */
const adapterOf = (path: string): string => /^adapters\/[^/.]+/.exec(path)?.[0] ?? path;

const drivers: readonly (readonly [driver: RegExp, adapter: string])[] = [
  [/^node:sqlite$/, 'adapters/sqlite'],
  [/^ioredis/, 'adapters/redis'],
  [/^mongodb/, 'adapters/mongodb'],
  [/^twilio/, 'adapters/twilio'],
  [/^nodemailer/, 'adapters/smtp'],
];

const testTools = /^(?:@jest\/|axe-core|fast-check|html-validate|playwright|acorn)/;

interface Rule {
  readonly title: string;
  readonly files: RegExp;
  readonly except?: RegExp;
  readonly forbids: (arrow: Arrow) => boolean;
}

const rules: readonly Rule[] = [
  {
    title: 'adapters do not know each other',
    files: /^adapters\//,
    forbids: ({ from, to }) => to.startsWith('adapters/') && adapterOf(to) !== adapterOf(from),
  },
  {
    title: 'each driver belongs to its adapter',
    files: /./,
    forbids: ({ from, to }) => drivers.some(([driver, owner]) => driver.test(to) && adapterOf(from) !== owner),
  },
  {
    title: 'only server/resources.ts and the command line know that there are adapters',
    files: /./,
    except: /^(?:adapters\/.*|cli\/.*|server\/resources\.ts)$/,
    forbids: ({ to }) => to.startsWith('adapters/'),
  },
  {
    title: 'only src/oidc and interactions/protocols/oidc know oidc-provider',
    files: /./,
    except: /^(?:src\/oidc|interactions\/protocols\/oidc)\//,
    forbids: ({ to }) => to.startsWith('oidc-provider'),
  },
  {
    title:
      'only src/mfa/challenge/{challenges,enrollments}.ts, src/mfa/passkey-sign-in.ts and src/users/passwords/password.ts make proofs',
    files: /./,
    except: /^src\/(?:mfa\/(?:challenge\/(?:challenges|enrollments)|passkey-sign-in)|users\/passwords\/password)\.ts$/,
    forbids: ({ to, names, typeOnly }) =>
      to === 'src/mfa/proof.ts' && !typeOnly && ['mint', '*'].some(each => names.includes(each)),
  },
  {
    title: 'pages turn data into HTML and QR codes: of src they use types, wording and what error codes mean',
    files: /^web\/pages\//,
    forbids: ({ to, typeOnly }) =>
      !typeOnly &&
      !/^web\/|^src\/locales\/|^src\/(?:lazily|error-path|error-reference\/reference)\.ts$|^qrcode$/.test(to),
  },
  {
    title: 'scripts of pages import nothing from the server',
    files: /^web\/client\/[^/]+$/,
    forbids: ({ to, typeOnly }) => !typeOnly && !to.startsWith('web/client/'),
  },
  {
    title: 'the authenticator imports its words, the protocol of the server, names of browsers, and what passkeys need',
    files: /^web\/client\/authenticator\//,
    forbids: ({ to, typeOnly }) =>
      !typeOnly &&
      !/^web\/client\/(?:authenticator\/|passkey\.ts$)|^src\/locales\/|^src\/(?:mfa\/push\/protocol|user-agent)\.ts$|^(?:preact(?:\/.+)?|jose|qr\/decode\.js)$/.test(
        to,
      ),
  },
  {
    title: 'only the authenticator is bundled: no other script of the browser uses a package or JSX',
    files: /^web\/(?!client\/authenticator\/)/,
    forbids: ({ from, to }) => from.endsWith('.tsx') || /^(?:preact(?:\/.+)?|jose|qr\/decode\.js)$/.test(to),
  },
  {
    title: 'only the development command knows the simulator',
    files: /./,
    except: /^(?:simulator\/.*|cli\/dev(?:\/.*|\.ts))$/,
    forbids: ({ to }) => to.startsWith('simulator/'),
  },
  {
    title: 'the product knows no test and no tool',
    files: /./,
    forbids: ({ to }) => /^(?:test|bench|tools)\//.test(to) || testTools.test(to),
  },
];

/** Files directly in src that import nothing but ports, errors and records. Adapters may share them. */
const pureFiles = (all: readonly Arrow[]): ReadonlySet<string> => {
  const needed = /^src\/(?:errors|records)\.ts$|^src\/ports\/|^node:/;
  const impure = new Set(all.filter(({ to }) => !needed.test(to)).map(({ from }) => from));
  return new Set([...product.keys()].filter(path => /^src\/[^/]+\.ts$/.test(path) && !impure.has(path)));
};

const inProduct = arrows(product);
const shareable = pureFiles(inProduct);

/** What adapters may import beside ports, errors and records: a pure file, and the type of their own settings. */
const isShared = ({ from, to, typeOnly }: Arrow): boolean =>
  shareable.has(to) || (typeOnly && to === `src/config/${adapterOf(from).slice('adapters/'.length)}.ts`);

const isAllowed = (arrow: Arrow, { files, knows, packages }: Layer): boolean => {
  const { from, to } = arrow;
  if (to.startsWith('node:') || files.test(to)) return true;
  if (!isLocal(to)) return packages?.test(to) ?? false;
  return (knows?.test(to) ?? false) || (from.startsWith('adapters/') && isShared(arrow));
};

/** `from → to: title` of each layer and rule that an import breaks. */
const offences = (all: readonly Arrow[]): readonly string[] =>
  all.flatMap(arrow => [
    ...layers
      .filter(layer => layer.files.test(arrow.from) && !isAllowed(arrow, layer))
      .map(({ title }) => `${arrow.from} → ${arrow.to}: ${title}`),
    ...rules
      .filter(({ files, except, forbids }) => files.test(arrow.from) && !except?.test(arrow.from) && forbids(arrow))
      .map(({ title }) => `${arrow.from} → ${arrow.to}: ${title}`),
  ]);

test('every import is allowed', () => {
  expect(product.size).toBeGreaterThan(300);
  expect(offences(inProduct)).toEqual([]);
});

test('every file of the product belongs to one layer', () => {
  const elsewhere = [...product.keys()].filter(path => layers.filter(({ files }) => files.test(path)).length !== 1);
  expect(elsewhere).toEqual([]);
});

test('every layer has files', () => {
  const paths = [...product.keys()];
  expect(layers.filter(({ files }) => !paths.some(path => files.test(path))).map(({ title }) => title)).toEqual([]);
});

test('every relative import has its extension', () => {
  const relative = inProduct.filter(({ to }) => isLocal(to));
  expect(relative.length).toBeGreaterThan(1000);
  expect(relative.filter(({ to }) => !/\.(?:tsx?|js|json)$/.test(to)).map(({ from, to }) => `${from} → ${to}`)).toEqual(
    [],
  );
});

describe('a forbidden import is printed', () => {
  test.each([
    ['src/ports/stores.ts', `import { Users } from '../users/users.ts';`],
    ['src/errors.ts', `import type { Settings } from './config.ts';`],
    ['src/http/headers.ts', `import { reference } from '../oidc/request.ts';`],
    ['src/http/problems.ts', `import type { Challenges } from '../mfa/challenge/challenges.ts';`],
    ['src/http/problems.ts', `import { errorPage } from '../../web/pages/error.ts';`],
    ['src/config/rules.ts', `import { call } from '../mfa/factors/call.ts';`],
    ['src/mfa/challenge/challenges.ts', `import Koa from 'koa';`],
    ['src/mfa/factors/call.ts', `import { openTwilio } from '../../../adapters/twilio.ts';`],
    ['src/mfa/limits/failed-attempts.ts', `import type { Settings } from '../../config.ts';`],
    ['src/mfa/authenticators.ts', `import type { Users } from '../users/users.ts';`],
    ['src/mfa/challenge/ceremonies.ts', `import { SignInProofs, mint } from '../proof.ts';`],
    ['src/mfa/passkey-ticket.ts', `import { mint } from './proof.ts';`],
    ['src/users/passwords/password.ts', `import type { Provider } from 'oidc-provider';`],
    ['src/users/passwords/password.ts', `import { Authenticators } from '../../mfa/authenticators.ts';`],
    ['src/mail/mail.ts', `import type { Users } from '../users/users.ts';`],
    ['src/mail/deliver.ts', `import { layOutMail } from '../../web/mail/layout.ts';`],
    ['src/users/names/usernames.ts', `const load = () => import('ioredis');`],
    ['src/oidc/provider.ts', `import { step } from '../../interactions/step.ts';`],
    ['src/oidc/adapter.ts', `import { openSqlite } from '../../adapters/sqlite.ts';`],
    ['src/secrets.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['interactions/step.ts', `import type { interactionPolicy } from 'oidc-provider';`],
    ['interactions/factor.ts', `import { openResources } from '../server/resources.ts';`],
    ['interactions/factor.ts', `import { securityPage } from '../portals/account/index.ts';`],
    ['interactions/password.ts', `import { mint } from '../src/mfa/proof.ts';`],
    ['interactions/password.ts', `import {\n  type Proof,\n  mint as make,\n} from '../src/mfa/proof.ts';`],
    ['interactions/password.ts', `import * as proof from '../src/mfa/proof.ts';`],
    ['portals/account/index.ts', `import { createServices } from '../../server/services.ts';`],
    ['portals/account/methods.ts', `import { stepOf } from '../../interactions/step.ts';`],
    ['portals/admin/clients.ts', `import type { Provider } from 'oidc-provider';`],
    ['server/endpoints/callbacks.ts', `import { openTwilio } from '../../adapters/twilio.ts';`],
    ['server/endpoints/health.ts', `import type { Services } from '../services.ts';`],
    ['server/services.ts', `export { openMemory } from '../adapters/memory.ts';`],
    ['server/main.ts', `import { run } from '../cli/index.ts';`],
    ['server/main.ts', `import { startSimulator } from '../simulator/start.ts';`],
    ['server/app.ts', `import { createClock } from '../test/support/world/clock.ts';`],
    ['server/app.ts', `import '../test/support/world/clock.ts';`],
    ['cli/users.ts', `import { startSimulator } from '../simulator/start.ts';`],
    ['adapters/redis.ts', `import { openSqlite } from './sqlite.ts';`],
    ['adapters/redis.ts', `import { readRow } from './sqlite/documents.ts';`],
    ['adapters/twilio.ts', `import type { SendLimits } from '../src/mfa/limits/send-limits.ts';`],
    ['adapters/twilio.ts', `import type { AuditTrail } from '../src/secrets.ts';`],
    ['adapters/twilio.ts', `import { parse } from '../src/config/twilio.ts';`],
    ['adapters/redis.ts', `import type { TwilioSettings } from '../src/config/twilio.ts';`],
    ['adapters/twilio.ts', `import { Redis } from 'ioredis';`],
    ['adapters/twilio.ts', `import twilio from 'twilio';`],
    ['web/pages/call.ts', `import { spacedNumber } from '../../src/mfa/phone-number.ts';`],
    ['web/pages/call.ts', `import type { Step } from '../../interactions/step.ts';`],
    ['web/client/waiting.ts', `import { wording } from '../../src/locales/wording.ts';`],
    ['web/client/waiting.ts', `import { render } from 'preact';`],
    ['web/client/authenticator/main.ts', `import { randomToken } from '../../../src/crypto.ts';`],
    ['web/client/authenticator/views/home.tsx', `import { outbound } from '../../../../src/http/outbound.ts';`],
    ['web/pages/call.ts', `import { SignJWT } from 'jose';`],
    ['simulator/start.ts', `import { createReader } from '../adapters/twilio/callback.ts';`],
    ['simulator/start.ts', `import { randomToken } from '../src/crypto.ts';`],
  ])('%s: %s', (from, source) => {
    const printed = offences(arrows(new Map([[from, source]])));
    expect(printed).not.toEqual([]);
    expect(printed.filter(line => !line.startsWith(`${from} → `))).toEqual([]);
  });
});

describe('an allowed import is not printed', () => {
  test.each([
    ['src/users/passwords/password.ts', `import { mint, type Proof } from '../../mfa/proof.ts';`],
    ['src/mfa/challenge/enrollments.ts', `import { mint, type Proof } from '../proof.ts';`],
    ['src/mfa/passkey-sign-in.ts', `import { mint, type Proof } from './proof.ts';`],
    ['src/mfa/factors/totp.ts', `import { verify } from 'otplib';`],
    ['src/config.ts', `import type { SendLimits } from './mfa/limits/settings.ts';`],
    ['interactions/factor.ts', `import type { Proof, mint } from '../src/mfa/proof.ts';`],
    ['interactions/factor.ts', `import { SignInProofs, type Proof } from '../src/mfa/proof.ts';`],
    ['interactions/factor.ts', `// import { openTwilio } from '../adapters/twilio.ts';`],
    ['interactions/protocols/oidc/protocol.ts', `import { errors } from 'oidc-provider';`],
    ['portals/account/index.ts', `import Router from '@koa/router';\nimport { page } from '../../web/pages/index.ts';`],
    ['server/resources.ts', `const { openRedis } = await import('../adapters/redis.ts');`],
    ['adapters/sqlite/documents.ts', `import { guarded } from './file.ts';`],
    ['adapters/sqlite.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['adapters/twilio/api.ts', `import type { TwilioSettings } from '../../src/config/twilio.ts';`],
    ['adapters/memory.ts', `import { optimisticWrite } from '../src/optimistic-write.ts';`],
    ['web/pages/call.ts', `import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';`],
    ['web/client/authenticator/main.ts', `import { jwtTypes } from '../../../src/mfa/push/protocol.ts';`],
    ['web/client/authenticator/views/home.tsx', `import { useState } from 'preact/hooks';`],
    ['cli/dev/simulator.ts', `import { startSimulator } from '../../simulator/start.ts';`],
  ])('%s: %s', (from, source) => {
    expect(offences(arrows(new Map([[from, source]])))).toEqual([]);
  });
});
