/**
 * Connects the interaction handlers to oidc-provider: opens a protocol-neutral sign-in, which `request.ts` reads, and stores its
 * result, which `results.ts` translates.
 */
import type { Context } from 'koa';
import { errors, type AdapterPayload, type default as Provider } from 'oidc-provider';
import type { DetailTypes } from '../../../src/config/authorization-details.ts';
import { Problem } from '../../../src/errors.ts';
import { isAcr } from '../../../src/mfa/assurance.ts';
import { asDetails, lastingDetails } from '../../../src/oidc/consent/authorization-details.ts';
import type { Consents } from '../../../src/oidc/consent/consents.ts';
import { secondStepOf } from '../../../src/oidc/request.ts';
import type { RequestCookies } from '../../../src/oidc/http/request-cookies.ts';
import type { ResumeAnswers } from '../../../src/oidc/http/resume-answers.ts';
import type { Clock } from '../../../src/ports/time.ts';
import type { Protocol, SignIn } from '../../protocol.ts';
import { missingIn, requestingClient, signInOf, type Interaction } from './request.ts';
import { resultOf } from './results.ts';
import { sessionNow } from './session-now.ts';
import type { OperatorScopes } from '../../../src/scopes/scopes.ts';

type Session = InstanceType<Provider['Session']>;

/**
 * Adds the times of the session as stored now, where a task depends on them.
 * @throws Problem 'sign-in-lost' if the session has ended or is another person's now.
 */
const withTimes = async (provider: Provider, interaction: Interaction, signIn: SignIn): Promise<SignIn> => {
  if (signIn.prompt !== 'manage' || signIn.session === undefined) return signIn;
  const now = await sessionNow(provider, interaction);
  const secondStep = secondStepOf(now);
  const acr = isAcr(now.acr) ? now.acr : 'sfa';
  const times = { acr, authTime: now.loginTs, ...(secondStep !== undefined && { secondStep }) };
  return { ...signIn, session: { ...signIn.session, times } };
};

/**
 * True if the session has been signed in or stepped up since the prompt began. The library resumes only in the session in which
 * the prompt began, so another one does not count.
 */
const hasProgressed = ({ session: before, iat }: Interaction, now: Session): boolean => {
  if (now.accountId === undefined) return false;
  if (before === undefined) return true;
  const lastProof = Math.max(now.loginTs ?? 0, secondStepOf(now)?.ts ?? 0);
  return before.uid === now.uid && (now.acr !== before.acr || lastProof > iat);
};

/** True if the request itself asks for this prompt: decided anew, it would ask for it again. */
const isRequested = ({ prompt, params }: Interaction): boolean =>
  typeof params['prompt'] === 'string' && params['prompt'].split(' ').includes(prompt.name);

/** Makes the library's interaction of one that its browser kept. Its constructor is not in the library's types. */
const toInteraction = (provider: Provider, id: string, kept: AdapterPayload): Interaction => {
  const made: unknown = Reflect.construct(provider.Interaction, [
    id,
    { ...kept, returnTo: provider.urlFor(kept['deviceCode'] === undefined ? 'resume' : 'device_resume', { uid: id }) },
  ]);
  if (made instanceof provider.Interaction) return made;
  throw new Problem('internal', 'got no interaction from its constructor');
};

/** The options of the library's own cookies of an interaction. */
const interactionCookie = ({ issuer }: Provider) =>
  ({ httpOnly: true, sameSite: 'lax', signed: true, secure: issuer.startsWith('https:') }) as const;

const resumePath = (interaction: Interaction): string => {
  const { pathname, search } = new URL(interaction.returnTo);
  return pathname + search;
};

/** Needed to connect the handlers to oidc-provider. */
export interface OidcProtocolDeps {
  readonly provider: Provider;
  readonly requestCookies: RequestCookies;
  readonly resumeAnswers: ResumeAnswers;
  readonly consents: Pick<Consents, 'add'>;
  readonly scopes: OperatorScopes;
  /** Types of authorization details that clients may request. */
  readonly detailTypes: DetailTypes;
  readonly clock: Clock;
}

/** Remembers what the page has shown, and the person has allowed. */
const remember = async (
  { consents, detailTypes }: Pick<OidcProtocolDeps, 'consents' | 'detailTypes'>,
  interaction: Interaction,
): Promise<void> => {
  const { session, params, prompt } = interaction;
  const { scopes, claims, resources } = missingIn(prompt.details);
  const { client_id: clientId } = params;
  if (session === undefined || typeof clientId !== 'string') return;
  const allowed = { scopes, claims, resources: Object.fromEntries(resources) };
  const details = lastingDetails(asDetails(prompt.details['rar']), detailTypes);
  await consents.add(session.accountId, clientId, allowed, details);
};

/** Creates the port to oidc-provider. */
export const createOidcProtocol = ({
  provider,
  requestCookies,
  resumeAnswers,
  consents,
  scopes,
  detailTypes,
  clock,
}: OidcProtocolDeps): Protocol => {
  /**
   * Finds the interaction: in the browser, else in the store. Its signed cookie must name it. The library reads that cookie
   * alone, so the id of the address is compared here.
   */
  const interactionOf = async (ctx: Context, id: string): Promise<Interaction> => {
    const named = ctx.cookies.get(provider.cookieName('interaction'), { signed: true });
    const kept = named === id ? requestCookies.find(ctx, id) : undefined;
    if (kept?.exp !== undefined && kept.exp * 1000 > clock()) return toInteraction(provider, id, kept);
    const found = await provider.interactionDetails(ctx.req, ctx.res).catch((cause: unknown) => {
      if (cause instanceof errors.SessionNotFound) return undefined;
      throw cause;
    });
    if (found?.uid === id) return found;
    const isOther = (named !== undefined && named !== id) || (await provider.Interaction.find(id)) !== undefined;
    throw isOther
      ? new Problem('sign-in-elsewhere', 'got the interaction of another browser, expected one of this browser')
      : new Problem('sign-in-lost', 'got an interaction that has ended or never was, expected one under way');
  };

  return {
    async open(ctx, id) {
      const interaction = await interactionOf(ctx, id);
      const { client_id: clientId } = interaction.params;
      const client = typeof clientId === 'string' ? await provider.Client.find(clientId) : undefined;
      if (client === undefined) {
        throw new Problem('sign-in-lost', 'the client of this sign-in is not registered any more');
      }
      const signIn = await withTimes(
        provider,
        interaction,
        signInOf(interaction, client, { issuer: provider.issuer, scopes, detailTypes }),
      );
      return {
        signIn,
        async finish(given) {
          if (signIn.endsAt <= clock()) throw new Problem('sign-in-lost', 'the sign-in expired before it was finished');
          const result = await resultOf(provider, interaction, given);
          if (given.kind === 'consented') await remember({ consents, detailTypes }, interaction);
          // An error replaces the results of earlier prompts of this request. Every other result is added to them.
          interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
          await interaction.persist();
          return resumePath(interaction);
        },
        async extend(until) {
          const exp = Math.floor(until / 1000);
          if (interaction.exp >= exp) return;
          interaction.exp = exp;
          await interaction.persist();
          for (const [name, path] of [
            ['interaction', `/interaction/${id}`],
            ['resume', resumePath(interaction)],
          ] as const) {
            const lifetime = { maxAge: until - clock(), path, overwrite: true };
            ctx.cookies.set(provider.cookieName(name), id, { ...interactionCookie(provider), ...lifetime });
          }
        },
        async signedInElsewhere(userId) {
          if (signIn.prompt === 'consent' || signIn.prompt === 'manage' || isRequested(interaction)) return undefined;
          // A browser without this cookie has no session: a usual sign-in asks no store for one.
          const cookie = ctx.cookies.get(provider.cookieName('session'), { signed: true });
          const session = cookie === undefined ? undefined : await provider.Session.find(cookie);
          if (session === undefined || !hasProgressed(interaction, session)) return undefined;
          if (userId !== undefined && userId !== session.accountId) return undefined;
          // The library resumes from the store. The request leaves the browser, which would otherwise begin it again.
          if (requestCookies.find(ctx, id) !== undefined) await interaction.persist();
          requestCookies.forget(ctx, id);
          return resumePath(interaction);
        },
      };
    },
    beginAgain(ctx, id) {
      const kept = requestCookies.find(ctx, id);
      if (kept?.exp === undefined || kept.exp * 1000 > clock()) return undefined;
      requestCookies.forget(ctx, id);
      // A pushed request and a device code begin one sign-in, and their parameters are not for the address line.
      if (kept.parJti !== undefined || kept['deviceCode'] !== undefined) return undefined;
      const params = new URLSearchParams();
      for (const [name, value] of Object.entries(kept.params ?? {})) {
        if (typeof value === 'string') params.set(name, value);
      }
      return {
        to: `${provider.pathFor('authorization')}?${params.toString()}`,
        languages: (params.get('ui_locales') ?? '').split(' ').filter(tag => tag !== ''),
      };
    },
    /** Deletes the prompt's cookies, which would otherwise stay until they expire. */
    forget(ctx, id) {
      const options = { path: `/interaction/${id}`, httpOnly: true, sameSite: 'lax', overwrite: true } as const;
      ctx.cookies.set(provider.cookieName('interaction'), null, options);
      requestCookies.forget(ctx, id);
    },
    async client(id) {
      const client = await provider.Client.find(id);
      return client && requestingClient(client, provider.issuer);
    },
    resuming: ctx => ctx.cookies.get(provider.cookieName('resume'), { signed: true }),
    async resumePath(id) {
      const interaction = await provider.Interaction.find(id);
      return interaction?.result === undefined ? undefined : resumePath(interaction);
    },
    endPrompt: ctx => resumeAnswers.endPrompt(ctx),
    repeatAnswer: async (ctx, id) => resumeAnswers.repeat(ctx, id),
  };
};
