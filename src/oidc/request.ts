/** Reads the parts of an authorization request that the policy needs. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { isJsonObject, jsonObjectIn, type JsonObject } from '../json-object.ts';
import { isAcr } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import type { EpochMillis } from '../ports/time.ts';
import { lastOf } from './ended-sessions.ts';
import type { AssuranceRequest } from './required-acr.ts';

type Session = NonNullable<KoaContextWithOIDC['oidc']['session']>;

/** The last second step of a session. */
export interface SecondStep {
  /** Seconds since 1970. */
  readonly ts: number;
  /** Type of the factor. */
  readonly method: string;
  /** The level that it reached; absent in sessions of earlier versions. */
  readonly acr?: Acr;
}
/** Name of the member with the second step, in a session and in the result of an interaction. */
export const secondStepMember = 'mfa';

/** The assurance that the request asks for. */
export const askedBy = ({ oidc }: KoaContextWithOIDC): AssuranceRequest => ({
  ...askedIn(oidc.params ?? {}),
  step: oidc.prompts.has('mfa'),
});

/**
 * The assurance that these parameters ask for. Reads the `claims` parameter as it was sent, because the library drops the essential
 * claim where there are `acr_values`.
 */
export const askedIn = (params: Readonly<Record<string, unknown>>): AssuranceRequest => {
  const claim = acrClaim(params['claims']);
  const values = [claim.value, claim.values].flat().filter(isText);
  const words = textOf(params['acr_values'])?.split(' ').filter(Boolean) ?? [];
  return {
    wished: claim.essential === true ? words : [...words, ...values],
    essential: claim.essential === true ? values : [],
    step: false,
  };
};

/** `id_token.acr` of a `claims` parameter (OIDC Core §5.5.1.1). The library has checked that the parameter is an object. */
const acrClaim = (parameter: unknown): { essential?: unknown; value?: unknown; values?: unknown } =>
  memberOf(memberOf(readJson(parameter), 'id_token'), 'acr') ?? {};

/** Deeper than any claim of OpenID Connect needs. JSON.stringify of a much deeper one overflows the stack. */
const maxClaimsDepth = 16;

/** Whether the `claims` parameter is nested too deep. Brackets inside texts count too: real ones have few. */
export const hasDeepClaims = ({ oidc }: KoaContextWithOIDC): boolean => {
  let depth = 0;
  for (const each of textOf(oidc.params?.['claims']) ?? '') {
    if (each === '[' || each === '{') depth += 1;
    if (each === ']' || each === '}') depth -= 1;
    if (depth > maxClaimsDepth) return true;
  }
  return false;
};

/** The subject that an `id_token.sub` claim requests (OIDC Core §5.5.1). May be any JSON value; only a text can match a person. */
export const subjectWanted = ({ oidc }: KoaContextWithOIDC): unknown => {
  const sub = memberOf(memberOf(readJson(oidc.params?.['claims']), 'id_token'), 'sub');
  return sub === undefined ? undefined : Reflect.get(sub, 'value');
};

/** The second step in a session or in the result of an interaction. */
export const secondStepOf = (holder: object): SecondStep | undefined => {
  const found: unknown = Reflect.get(holder, secondStepMember);
  return isSecondStep(found) ? found : undefined;
};

/** Changes the session object of oidc-provider, which saves it after the request. */
export const setSecondStep = (session: Session, step: SecondStep | undefined): void => {
  Reflect.set(session, secondStepMember, step);
};

/** Name of the member with the time of the first proof in milliseconds: `auth_time` says its second only. As `secondStepMember`. */
export const provenAtMember = 'provenAt';

/** When the sign-in with this result was proven; undefined: the result adds to a session, or an earlier version wrote it. */
export const provenAtIn = (holder: object): EpochMillis | undefined => {
  const found: unknown = Reflect.get(holder, provenAtMember);
  return typeof found === 'number' ? found : undefined;
};

/** When the person of a session signed in. The last moment of that second, where an earlier version wrote the sign-in. */
export const signedInAt = (session: Pick<Session, 'loginTs'>): EpochMillis => {
  const [provenAt, second] = [provenAtIn(session), session.loginTs ?? 0];
  return provenAt !== undefined && Math.floor(provenAt / 1000) === second ? provenAt : lastOf(second);
};

/** Name of the member with the answer to `prompt=select_account`, in the result of an interaction. */
export const accountChoiceMember = 'select_account';

/** Name of the member with the end of a task, in the result of an interaction: `done`, or `stale` where the person must sign in again. */
export const managedMember = 'manage';

/** Name of the member with the policy's decision (`policy/trace.ts`), in the result of an interaction that ends with an error. */
export const policyMember = 'policy';

/** Whether the person goes on with the account of the session. */
export type AccountChoice = 'same' | 'another';

/** The answer in this result; undefined: not asked yet. */
export const choiceOfAccount = (result: object | undefined): AccountChoice | undefined => {
  const found: unknown = Reflect.get(result ?? {}, accountChoiceMember);
  return found === 'same' || found === 'another' ? found : undefined;
};

const isSecondStep = (value: unknown): value is SecondStep =>
  typeof value === 'object' &&
  value !== null &&
  'ts' in value &&
  typeof value.ts === 'number' &&
  'method' in value &&
  (!('acr' in value) || isAcr(value.acr));

const readJson = (text: unknown): JsonObject | undefined => (isText(text) ? jsonObjectIn(text) : undefined);
const memberOf = (of: JsonObject | undefined, name: string): JsonObject | undefined => {
  const value = of?.[name];
  return isJsonObject(value) ? value : undefined;
};
const isText = (value: unknown): value is string => typeof value === 'string';
/** The value if it is a text. */
export const textOf = (value: unknown): string | undefined => (isText(value) ? value : undefined);
