/** Finds the client that the address of a request names, among those of the person. */
import type { Context } from 'koa';
import { Problem } from '../../src/errors.ts';
import type { OwnClient } from '../../src/oidc/developers/own-clients.ts';
import type { Visit } from '../admission/visit.ts';
import type { DeveloperDeps } from './deps.ts';

/** A parameter of the path; empty where the path has no such parameter. */
export const pathParameter = (ctx: Context, name: string): string => {
  const params: unknown = ctx['params'];
  const value: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === 'string' ? value : '';
};

/** @throws Problem 'not-found' for a client of somebody else, as for one that does not exist */
export const addressedClient = async (
  { own }: Pick<DeveloperDeps, 'own'>,
  ctx: Context,
  { user }: Pick<Visit, 'user'>,
): Promise<OwnClient> => {
  const found = await own.find(user, pathParameter(ctx, 'id'));
  if (found === undefined) throw new Problem('not-found', 'got another id, expected a client of this person');
  return found;
};
