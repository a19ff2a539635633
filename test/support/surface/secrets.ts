/**
 * Collects every secret of a run, to search for it afterwards where it must not be. Messages of channels are collected
 * whole, so a new kind of message needs no change here.
 */
import { withChannels } from '../carrier/wrap.ts';
import type { KeyObject } from 'node:crypto';
import type { Resources } from '../../../server/services.ts';
import type { CallMessage, TextMessage } from '../../../src/ports/carriers.ts';
import { loadSecrets } from '../../../src/keys/rings.ts';
import { userKind } from '../../../src/records.ts';
import type { Answer } from '../browser/plain.ts';
import type { Jar } from '../browser/jar.ts';
import type { World } from '../world/world.ts';

export interface SecretCollection {
  /** Adds a secret under a name that a failing test prints. Values shorter than six characters are ignored. */
  add(name: string, value: string | undefined): void;
  /** For `startWorld`: collects every message of every channel, with its token. */
  readonly wrap: (resources: Resources) => Resources;
  /** Adds the secrets of the installation and of its people. */
  addWorld(world: World): Promise<void>;
  addCookies(...jars: readonly Jar[]): void;
  /** Adds the codes and ids in the address to which an answer leads. */
  addLocation(answer: Answer): void;
  readonly size: number;
  /** Names of the secrets in this text, plain or encoded. */
  foundIn(text: string): readonly string[];
}

const bytesOf = (key: KeyObject): Buffer => key.export();
/** Members of a message that are not secret: destination and delivery. Typed, so that a renamed member is noticed. */
const notSecret: ReadonlySet<string> = new Set<keyof CallMessage | keyof TextMessage>([
  'via',
  'to',
  'extension',
  'ringTimeout',
  'lifetime',
  'machineDetection',
  'asyncDetectionTimeout',
]);

/** A value plain, in an address, and in JSON. */
const writings = (value: string): readonly string[] => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
];

export const createSecretCollection = (): SecretCollection => {
  const known = new Map<string, string>();
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value.length >= 6) known.set(value, name);
  };
  const addMessage = (message: object): void => {
    for (const [name, value] of Object.entries(message)) {
      if (notSecret.has(name) || typeof value !== 'string') continue;
      add(`${name} that was sent`, value);
      for (const [code] of value.matchAll(/(?<![\w-])\d{6}(?![\w-])/g)) add(`code in ${name}`, code);
    }
  };
  return {
    add,
    wrap: resources =>
      withChannels(resources, channel => ({
        ...channel,
        async send(message, signal) {
          addMessage(message);
          return channel.send(message, signal);
        },
      })),
    async addWorld({ people, settings, services, store }) {
      for (const { name, password, totpSecret, user } of Object.values(people)) {
        add(`password of ${name}`, password);
        add(`seed of ${name}`, totpSecret);
        add(`hash of ${name}`, (await store.durable.collection(userKind).get(user.id))?.passwordHash);
      }
      for (const [at, token] of (settings.twilio?.authTokens ?? []).entries()) add(`carrier's token ${at}`, token);
      const { durable, clock } = services.resources;
      const { signingKeys, cookieKeys, hashKey } = await loadSecrets({ durable, sealer: services.sealer, clock });
      const keys = [hashKey, ...cookieKeys, ...settings.sealingKeys.map(({ key }) => key)];
      for (const [at, key] of keys.entries())
        for (const form of ['base64', 'base64url', 'hex'] as const) add(`key ${at}`, bytesOf(key).toString(form));
      for (const jwk of signingKeys)
        for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi'])
          add(`${jwk.alg} ${member}`, String(Reflect.get(jwk, member) ?? ''));
    },
    addCookies(...jars) {
      for (const { name, value } of jars.flatMap(jar => jar.seen)) {
        if (!/^(?:__(?:Host|Secure)-)?language$/.test(name)) add(`cookie ${name}`, value);
      }
    },
    addLocation({ headers, text }) {
      const places = [String(headers['location'] ?? ''), ...(text.match(/url='[^']*'/g) ?? [])].join(' ');
      for (const [, code] of places.matchAll(/[?&;]code=([^&\s']+)/g)) add('authorization code', code);
      for (const [, uid] of places.matchAll(/\/interaction\/([\w-]{22,})/g)) add('name of a sign-in', uid);
    },
    get size() {
      return known.size;
    },
    foundIn(text) {
      const holds = (value: string): boolean =>
        // Longer numbers contain six digits by chance.
        /^\d{6,8}$/.test(value) ? new RegExp(`(?<![\\w.-])${value}(?![\\w.-])`).test(text) : text.includes(value);
      return [...known].filter(([value]) => writings(value).some(holds)).map(([, name]) => name);
    },
  };
};
