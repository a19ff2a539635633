/**
 * Reads the task that a person chose on the security page: the parameter `task` of an authorization request. It leads to pages,
 * and is no permission: the policy demands a fresh sign-in before them, and each of their requests does again (`mfa/may-manage.ts`).
 */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import { tasks, type TaskName } from '../../mfa/enrollment-plan.ts';
import { accountPortal } from '../clients/built-in.ts';
import { managedMember } from '../request.ts';

type Params = KoaContextWithOIDC['oidc']['params'];

/** The task of a request; undefined: it has none. */
export const taskIn = (params: Params): TaskName | undefined => tasks.find(each => each === params?.['task']);

/** Whether the task of a request is done. */
const isTaskDone = (result: object | undefined): boolean => Reflect.get(result ?? {}, managedMember) === 'done';

/** Whether the request has a task that is not done yet. */
export const isTaskOpen = ({ params, result }: KoaContextWithOIDC['oidc']): boolean =>
  taskIn(params) !== undefined && !isTaskDone(result);

/**
 * For `extraParams` of oidc-provider. Only the security page has tasks. At other clients the parameters are unknown ones, which are
 * ignored (RFC 6749 §3.1).
 */
export const taskParameters = {
  task(ctx: KoaContextWithOIDC, value: string | undefined, client: Client): void {
    if (value === undefined || drop(ctx, 'task', client.clientId)) return;
    if (taskIn(ctx.oidc.params) === undefined)
      throw new errors.InvalidRequest(`task must be one of ${tasks.join(', ')}`);
  },
  method(ctx: KoaContextWithOIDC, value: string | undefined, client: Client): void {
    if (value !== undefined) drop(ctx, 'method', client.clientId);
  },
};

/** Removes a parameter that the client cannot send. False: it can. */
const drop = ({ oidc: { params } }: KoaContextWithOIDC, name: string, clientId: string): boolean => {
  if (clientId === accountPortal.clientId) return false;
  if (params !== undefined) Reflect.set(params, name, undefined);
  return true;
};
