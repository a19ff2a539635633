/** What the policy reads of one authorization request. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { AssuranceRequest } from './required-acr.ts';

type Session = NonNullable<KoaContextWithOIDC['oidc']['session']>;

/** When and how the second step of a session was last taken. `ts` in seconds since 1970. */
export interface SecondStep {
  readonly ts: number;
  /** Type of the factor. */
  readonly method: string;
}
/** The member of a session, and of an interaction's result, that holds it. */
export const secondStepMember = 'mfa';

/**
 * What the request says about assurance. The `claims` parameter is read as it came: beside `acr_values` the library forgets
 * the essential claim.
 */
export const askedBy = ({ oidc }: KoaContextWithOIDC): AssuranceRequest => {
  const claim = acrClaim(oidc.params?.['claims']);
  const values = [claim.value, claim.values].flat().filter(isText);
  const words = textOf(oidc.params?.['acr_values'])?.split(' ').filter(Boolean) ?? [];
  return {
    wished: claim.essential === true ? words : [...words, ...values],
    essential: claim.essential === true ? values : [],
    step: oidc.prompts.has('mfa'),
  };
};

/** `id_token.acr` of a `claims` parameter (OIDC Core §5.5.1.1); the library has checked that the whole is an object. */
const acrClaim = (parameter: unknown): { essential?: unknown; value?: unknown; values?: unknown } =>
  memberOf(memberOf(readJson(parameter), 'id_token'), 'acr') ?? {};

/** The deepest that any claim of OpenID Connect is asked for, and some. What is deeper ends the stack of whoever writes it down. */
const deepestClaims = 16;

/** Whether the `claims` parameter is nested beyond every use. Brackets in its texts count as well: none is that full of them. */
export const hasDeepClaims = ({ oidc }: KoaContextWithOIDC): boolean => {
  let level = 0;
  for (const each of textOf(oidc.params?.['claims']) ?? '') {
    if (each === '[' || each === '{') level += 1;
    if (each === ']' || each === '}') level -= 1;
    if (level > deepestClaims) return true;
  }
  return false;
};

/** What the request names as subject in an `id_token.sub` claim; what is no text there is nobody's. */
export const subjectWanted = ({ oidc }: KoaContextWithOIDC): unknown => {
  const sub = memberOf(memberOf(readJson(oidc.params?.['claims']), 'id_token'), 'sub');
  return sub === undefined ? undefined : Reflect.get(sub, 'value');
};

export const secondStepOf = (holder: object): SecondStep | undefined => {
  const found: unknown = Reflect.get(holder, secondStepMember);
  return isSecondStep(found) ? found : undefined;
};

/** On the session as oidc-provider hands it out: setting a member of it has it saved. */
export const setSecondStep = (session: Session, step: SecondStep | undefined): void => {
  Reflect.set(session, secondStepMember, step);
};

const isSecondStep = (value: unknown): value is SecondStep =>
  typeof value === 'object' && value !== null && 'ts' in value && typeof value.ts === 'number' && 'method' in value;

const readJson = (text: unknown): object | undefined => {
  if (!isText(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
const memberOf = (of: object | undefined, name: string): object | undefined => {
  const value: unknown = of === undefined ? undefined : Reflect.get(of, name);
  return isObject(value) ? value : undefined;
};
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
/** The text that a parameter holds, if it holds one. */
export const textOf = (value: unknown): string | undefined => (isText(value) ? value : undefined);
