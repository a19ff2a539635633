/** The only file of the conversation that knows oidc-provider: it reads a neutral SignIn and writes its end. */
import type { Context } from 'koa';
import { errors, type default as Provider, type InteractionResults } from 'oidc-provider';
import { Problem } from '../../../src/errors.ts';
import { highest, isAcr } from '../../../src/mfa/assurance.ts';
import type { Amr } from '../../../src/mfa/factor.ts';
import type { Clock } from '../../../src/ports/time.ts';
import { requestingClient, missingIn, requiredAcrIn, scopeOf } from './request.ts';
import type { InteractionResult, Protocol, SecondFactorUse, SignIn } from '../../protocol.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;
type SteppedUp = Extract<InteractionResult, { readonly kind: 'stepped-up' }>;

const longest = 256;

const amrs: readonly Amr[] = ['pwd', 'otp', 'sms', 'tel', 'swk', 'hwk', 'user', 'pin', 'mca', 'mfa'];
const isAmr = (value: string): value is Amr => amrs.some(each => each === value);

const prompts: readonly SignIn['prompt'][] = ['login', 'mfa', 'consent'];
const promptOf = ({ prompt: { name } }: Interaction): SignIn['prompt'] => {
  const prompt = prompts.find(each => each === name);
  if (prompt === undefined)
    throw new Problem('internal', `the policy prompts for '${name}', expected ${prompts.join(', ')}`);
  return prompt;
};

const param = ({ params }: Interaction, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
};

const sessionOf = ({ session }: Interaction): SignIn['session'] =>
  session && {
    userId: session.accountId,
    amr: (session.amr ?? []).filter(isAmr),
    ...(isAcr(session.acr) && { acr: session.acr }),
  };

/** Grants what was asked for and shown. Gives the grant's id where it is a new one. */
const granted = async (provider: Provider, interaction: Interaction): Promise<{ readonly grantId?: string }> => {
  const { grantId, session, params, prompt } = interaction;
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const clientId = params['client_id'];
  const grant =
    known ??
    new provider.Grant({
      ...(session && { accountId: session.accountId }),
      ...(typeof clientId === 'string' && { clientId }),
    });
  const { scopes, claims, resources } = missingIn(prompt.details);
  if (scopes.length > 0) grant.addOIDCScope([...scopes]);
  if (claims.length > 0) grant.addOIDCClaims([...claims]);
  for (const [resource, names] of resources) grant.addResourceScope(resource, [...names]);
  const saved = await grant.save();
  return known === undefined ? { grantId: saved } : {};
};

/**
 * Who the session of a step-up says is signed in, since when and how, and one proof more: never what a form says, nor what
 * the session said when the prompt began. A sign-in since then may have been a weaker one, and its time is the one told.
 */
const steppedUp = async (provider: Provider, { session }: Interaction, proven: Pick<SteppedUp, 'acr' | 'amr'>) => {
  const now = session && (await provider.Session.findByUid(session.uid));
  if (session === undefined || now?.loginTs === undefined || now.accountId !== session.accountId) {
    throw new Problem('sign-in-lost', 'the session of this step-up has ended');
  }
  const acr = highest(proven.acr, ...(isAcr(now.acr) ? [now.acr] : []));
  const amr = [...new Set([...(now.amr ?? []), ...proven.amr])];
  return { accountId: session.accountId, ts: now.loginTs, acr, amr };
};

const secondOf = (second: SecondFactorUse | undefined) => second && { mfa: { ts: second.at, method: second.method } };

/** How an end is told to the library. */
const resultOf = async (
  provider: Provider,
  interaction: Interaction,
  end: InteractionResult,
): Promise<InteractionResults> => {
  if (end.kind === 'signed-in') {
    const { userId: accountId, acr, amr, at: ts, second } = end;
    return { login: { accountId, acr, amr: [...amr], ts }, ...secondOf(second) };
  }
  if (end.kind === 'stepped-up') {
    return { login: await steppedUp(provider, interaction, end), ...secondOf(end.second) };
  }
  return end.kind === 'consented' ? { consent: await granted(provider, interaction) } : refusals[end.kind];
};

const refusals = {
  cancelled: { error: 'access_denied', error_description: 'the person did not go on' },
  unmet: { error: 'unmet_authentication_requirements', error_description: 'no method of the person reaches it' },
} as const;

const onward = (interaction: Interaction): string => {
  const { pathname, search } = new URL(interaction.returnTo);
  return pathname + search;
};

/** The glue to one provider. What it read for a SignIn is kept beside it, so that a request reads each record once. */
export const createOidcProtocol = (provider: Provider, clock: Clock): Protocol => {
  const interactions = new WeakMap<SignIn, Interaction>();

  /** By its cookie alone the library finds it; the address must name the same one. */
  const stored = async (ctx: Context, id: string): Promise<Interaction> => {
    const found = await provider.interactionDetails(ctx.req, ctx.res).catch((cause: unknown) => {
      if (cause instanceof errors.SessionNotFound) return undefined;
      throw cause;
    });
    if (found?.uid === id) return found;
    throw (await provider.Interaction.find(id)) === undefined
      ? new Problem('sign-in-lost', 'a sign-in under way was expected, got one that is over or never was')
      : new Problem('sign-in-elsewhere', 'a sign-in of this browser was expected, got another one');
  };

  const findClient = async (id: unknown) => (typeof id === 'string' ? provider.Client.find(id) : undefined);

  const read = async (ctx: Context, id: string): Promise<SignIn> => {
    const interaction = await stored(ctx, id);
    const client = await findClient(interaction.params['client_id']);
    if (client === undefined)
      throw new Problem('sign-in-lost', 'the client of this sign-in is not registered any more');
    const session = sessionOf(interaction);
    const prompt = promptOf(interaction);
    if (session === undefined && prompt !== 'login') throw new Problem('sign-in-lost', `${prompt} without a session`);
    const { scopes, claims, resources } = missingIn(interaction.prompt.details);
    const loginHint = param(interaction, 'login_hint');
    const signIn: SignIn = {
      id: interaction.uid,
      flow: interaction.cid,
      prompt,
      client: requestingClient(client, provider.issuer),
      required: requiredAcrIn(interaction.prompt.details),
      languages: (param(interaction, 'ui_locales') ?? '').split(' ').filter(tag => tag !== ''),
      scopes: [...new Set([...scopes, ...claims.map(scopeOf), ...resources.flatMap(([, names]) => names)])],
      endsAt: interaction.exp * 1000,
      ...(session !== undefined && { session }),
      ...(loginHint !== undefined && { loginHint }),
    };
    interactions.set(signIn, interaction);
    return signIn;
  };

  const finish = async (signIn: SignIn, end: InteractionResult): Promise<string> => {
    const interaction = interactions.get(signIn);
    if (interaction === undefined || signIn.endsAt <= clock()) {
      throw new Problem('sign-in-lost', 'the sign-in ended before it was finished');
    }
    const result = await resultOf(provider, interaction, end);
    // An error stands alone; anything else adds to what earlier prompts of this request settled.
    interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
    await interaction.persist();
    return onward(interaction);
  };

  return {
    read,
    finish,
    /** The library leaves its own cookie of each prompt behind until it ends by itself. */
    forget(ctx, id) {
      const options = { path: `/interaction/${id}`, httpOnly: true, sameSite: 'lax', overwrite: true } as const;
      ctx.cookies.set(provider.cookieName('interaction'), null, options);
    },
    async client(id) {
      const client = await findClient(id);
      return client && requestingClient(client, provider.issuer);
    },
    resuming: ctx => ctx.cookies.get(provider.cookieName('resume'), { signed: true }),
    async goingOn(id) {
      const interaction = await provider.Interaction.find(id);
      return interaction?.result === undefined ? undefined : onward(interaction);
    },
  };
};
