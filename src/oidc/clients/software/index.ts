/** Lists the well-known software that clients are registered for, and fills its snippets. Each kind has a file. */
import { randomToken } from '../../../crypto.ts';
import type { ClientChange, Member } from '../change.ts';
import { apache } from './apache.ts';
import { aspnet } from './aspnet.ts';
import { allauth, mozillaDjangoOidc } from './django.ts';
import { flask } from './flask.ts';
import { gitlab } from './gitlab.ts';
import { go } from './go.ts';
import { grafana } from './grafana.ts';
import { jenkins } from './jenkins.ts';
import { nextcloud } from './nextcloud.ts';
import { authJs, express, openidClient, passport, passportOpenidconnect } from './node.ts';
import { oauth2Proxy } from './oauth2-proxy.ts';
import { nativeCli, spa } from './public.ts';
import type { Software, SnippetValues } from './software.ts';
import { spring } from './spring.ts';

/** By the name that is typed. */
export const software = {
  mod_auth_openidc: apache,
  'oauth2-proxy': oauth2Proxy,
  grafana,
  gitlab,
  nextcloud,
  jenkins,
  authlib: flask,
  'mozilla-django-oidc': mozillaDjangoOidc,
  allauth,
  spring,
  aspnet,
  'express-openid-connect': express,
  'auth.js': authJs,
  'go-oidc': go,
  'oidc-client-ts': spa,
  'openid-client': openidClient,
  passport,
  'passport-openidconnect': passportOpenidconnect,
  'native-cli': nativeCli,
} as const satisfies Readonly<Record<string, Software>>;

export type SoftwareName = keyof typeof software;
export const isSoftware = (name: unknown): name is SoftwareName =>
  typeof name === 'string' && Object.hasOwn(software, name);

/** Values of a registered client. */
export type RegisteredValues = Pick<SnippetValues, 'issuer' | 'clientId' | 'clientSecret' | 'redirectUri'>;

/** Stands for a secret, which is not stored. */
export const unknownSecret = 'THE-CLIENT-SECRET';

/** The configuration of this software for a registered client, ready to be used. */
export const snippetFor = (name: SoftwareName, values: RegisteredValues): string => {
  const { snippet, redirectPath }: Software = software[name];
  const { redirectUri } = values;
  const url = redirectUri.endsWith(redirectPath)
    ? redirectUri.slice(0, -redirectPath.length)
    : new URL(redirectUri).origin;
  return snippet({ ...values, url, random: randomToken(32) });
};

/** How to register this software. `url`: its address; addresses are left out where it is not known. */
export const registrationFor = (name: SoftwareName, url: string | undefined): ClientChange => {
  const { registration, redirectPath, logoutPath, url: own }: Software = software[name];
  let base = url ?? own;
  while (base?.endsWith('/') === true) base = base.slice(0, -1);
  if (base === undefined) return { set: registration };
  return {
    set: registration,
    add: {
      redirect_uris: [base + redirectPath],
      ...(logoutPath !== undefined && { post_logout_redirect_uris: [base + logoutPath] }),
    },
  };
};

/** What its operator must know, a sentence each. `id` and `client`: the registered client, with its metadata. */
export const notesFor = (name: SoftwareName, id: string, client: object): readonly string[] => {
  const { sends, snippetSendsPkce, notes = [] }: Software = software[name];
  if (sends !== 'neither' || Reflect.get(client, 'pkce') !== 'optional') return notes;
  const weaker = 'Registered with pkce=optional, which is weaker: by default it sends neither PKCE nor a nonce.';
  return [
    snippetSendsPkce
      ? `${weaker} The snippet sends PKCE: with it in place, run \`clients set ${id} --pkce required\`.`
      : weaker,
    ...notes,
  ];
};

/** Members of a client that this software needs otherwise, as "got …, expected …". */
export const differencesFrom = (name: SoftwareName, client: object): readonly string[] => {
  const { registration, snippetSendsPkce }: Software = software[name];
  return Object.entries(registration).flatMap(([member, expected]) => {
    const got: unknown = Reflect.get(client, member) ?? (defaults as Partial<Record<string, unknown>>)[member];
    // Software with a snippet that sends PKCE works under every rule of PKCE.
    return got === expected || (member === 'pkce' && snippetSendsPkce)
      ? []
      : [`${member}: got ${JSON.stringify(got) ?? 'nothing'}, expected ${JSON.stringify(expected)}`];
  });
};

/** What an absent member means. */
const defaults = { id_token_signed_response_alg: 'ES256', application_type: 'web' } satisfies Partial<
  Record<Member, string>
>;
