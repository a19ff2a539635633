/** Translates an interaction of oidc-provider, with its request and client, into a protocol-neutral sign-in. Pure. */
import type { default as Provider } from 'oidc-provider';
import { Problem } from '../../../src/errors.ts';
import { isAcr } from '../../../src/mfa/assurance.ts';
import { tasks } from '../../../src/mfa/enrollment-plan.ts';
import { amrs, type Amr } from '../../../src/mfa/factor.ts';
import { sessionDigest } from '../../../src/oidc/ended-sessions.ts';
import { clientFacts } from '../../../src/oidc/prompts/policy-facts.ts';
import type { DetailTypes } from '../../../src/config/authorization-details.ts';
import { askedIn } from '../../../src/oidc/request.ts';
import { asDetails, shownDetail } from '../../../src/oidc/consent/authorization-details.ts';
import { leastIn, type AssuranceRequest } from '../../../src/oidc/required-acr.ts';
import { allowsRememberedDetail } from '../../../src/oidc/prompts/remembered-browser.ts';
import type { RequestingClient, SignIn } from '../../protocol.ts';
import { shownScopes, type OperatorScopes } from '../../../src/scopes/scopes.ts';

/** An interaction of oidc-provider: one prompt of one authorization request. */
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Client metadata as registered (OpenID Connect Dynamic Client Registration 1.0 §2). */
interface Registered {
  readonly clientId: string;
  readonly clientName?: string | undefined;
  readonly clientUri?: string | undefined;
  readonly initiateLoginUri?: string | undefined;
  readonly policyUri?: string | undefined;
  readonly tosUri?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
}
/** The details of a prompt, as `oidc/prompts/interaction-policy.ts` writes them. */
type Details = Readonly<Record<string, unknown>>;

/** Characters. Longer request parameters are ignored. */
const longestParameter = 256;

/**
 * Translates an interaction into a sign-in.
 * @throws Problem 'sign-in-lost' for another prompt than a sign-in without a session.
 * @throws Problem 'internal' for an unknown prompt.
 */
export const signInOf = (
  interaction: Interaction,
  client: Registered,
  {
    issuer,
    scopes: added,
    detailTypes,
  }: { readonly issuer: string; readonly scopes: OperatorScopes; readonly detailTypes: DetailTypes },
): SignIn => {
  const session = sessionOf(interaction);
  const prompt = promptOf(interaction);
  if (session === undefined && prompt !== 'login') throw new Problem('sign-in-lost', `${prompt} without a session`);
  const { details } = interaction.prompt;
  const { scopes, claims: missing, resources } = missingIn(details);
  const loginHint = parameter(interaction, 'login_hint');
  const languages = (parameter(interaction, 'ui_locales') ?? '').split(' ').filter(tag => tag !== '');
  return {
    id: interaction.uid,
    flow: interaction.cid,
    prompt,
    client: requestingClient(client, issuer),
    required: requiredAcrIn(details['required']),
    policyFacts: { client: clientFacts(client), request: { acr: leastIn(askedOf(interaction)) } },
    ...('requiredByClient' in details && { requiredByClient: requiredAcrIn(details['requiredByClient']) }),
    languages,
    scopes: shownScopes([{ scopes, claims: missing, resources: Object.fromEntries(resources) }], added),
    details: asDetails(details['rar']).map(each => shownDetail(each, detailTypes)),
    isPrompted: parameter(interaction, 'prompt') !== undefined,
    isForDevice: interaction.deviceCode !== undefined,
    endsAt: interaction.exp * 1000,
    ...(session !== undefined && { session }),
    ...(loginHint !== undefined && { loginHint }),
    ...(details[allowsRememberedDetail] === true && { allowsRemembered: true }),
    ...(prompt === 'manage' && { task: taskIn(interaction) }),
  };
};

const isAmr = (value: string): value is Amr => amrs.some(each => each === value);

const prompts: readonly SignIn['prompt'][] = ['login', 'select_account', 'mfa', 'manage', 'consent'];
const promptOf = ({ prompt: { name } }: Interaction): SignIn['prompt'] => {
  const prompt = prompts.find(each => each === name);
  if (prompt !== undefined) return prompt;
  throw new Problem('internal', `the policy prompts for '${name}', expected ${prompts.join(', ')}`);
};

const parameter = ({ params }: Interaction, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' && value !== '' && value.length <= longestParameter ? value : undefined;
};

/** The task of a request; the policy has checked it. @throws Problem 'internal' without one. */
const taskIn = (interaction: Interaction): NonNullable<SignIn['task']> => {
  const name = tasks.find(each => each === parameter(interaction, 'task'));
  if (name === undefined) throw new Problem('internal', 'got the prompt manage without a task');
  const method = parameter(interaction, 'method');
  return { name, ...(method !== undefined && { method }) };
};

/** What the request asks for. `prompt=mfa` is a request for any second step. */
const askedOf = ({ params }: Interaction): AssuranceRequest => {
  const { prompt } = params;
  return { ...askedIn(params), step: typeof prompt === 'string' && prompt.split(' ').includes('mfa') };
};

const sessionOf = ({ session }: Interaction): SignIn['session'] =>
  session && {
    id: sessionDigest(session.uid),
    userId: session.accountId,
    amr: (session.amr ?? []).filter(isAmr),
    ...(isAcr(session.acr) && { acr: session.acr }),
  };

/** Gives a registered address, if it is http or https: only there may a browser be sent. */
const webAddress = (value: string | undefined): string | undefined => {
  const url = value === undefined ? null : URL.parse(value);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
};

/** Adds `iss`, which tells the client who initiates the sign-in (OpenID Connect Core 1.0 §4). */
const initiated = (address: string | undefined, issuer: string): string | undefined => {
  if (address === undefined) return undefined;
  const url = new URL(address);
  url.searchParams.set('iss', issuer);
  return url.href;
};

const originOf = (address: string | undefined): string | undefined => address && new URL('/', address).href;

/** Describes a client for pages. Uses registered addresses only, never an address from the request. */
export const requestingClient = (client: Registered, issuer: string): RequestingClient => {
  const uri = webAddress(client.clientUri);
  const [redirect] = client.redirectUris ?? [];
  const startUri = initiated(webAddress(client.initiateLoginUri), issuer) ?? uri ?? originOf(webAddress(redirect));
  const [policyUri, tosUri] = [webAddress(client.policyUri), webAddress(client.tosUri)];
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    ...(uri !== undefined && { uri }),
    ...(startUri !== undefined && { startUri }),
    ...(policyUri !== undefined && { policyUri }),
    ...(tosUri !== undefined && { tosUri }),
  };
};

const isRecord = (value: unknown): value is Details =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** Reads the required level from the details of a prompt. The default is 'sfa', a password alone. */
const requiredAcrIn = (required: unknown): SignIn['required'] => {
  const { acr, alternatives, minimum, strongest }: Details = isRecord(required) ? required : {};
  const others = texts(alternatives).filter(isAcr);
  return {
    acr: isAcr(acr) ? acr : 'sfa',
    ...(others.length > 0 && { alternatives: others }),
    minimum: isAcr(minimum) ? minimum : 'sfa',
    ...(strongest === true && { strongest }),
  };
};

/** Reads the scopes and claims not granted yet, of OpenID Connect and of each resource server. */
export const missingIn = ({ missingOIDCScope, missingOIDCClaims, missingResourceScopes }: Details) => ({
  scopes: texts(missingOIDCScope),
  claims: texts(missingOIDCClaims),
  resources: Object.entries(isRecord(missingResourceScopes) ? missingResourceScopes : {}).map(
    ([resource, scopes]) => [resource, texts(scopes)] as const,
  ),
});
