/** Adds members to the session of oidc-provider, and keeps its changes when its id changes. */
import type { Provider } from 'oidc-provider';
import { randomToken } from '../../crypto.ts';
import { loadedMember } from '../adapter/sessions.ts';
import { rememberedMember } from '../prompts/remembered-browser.ts';
import { provenAtMember, secondStepMember } from '../request.ts';
import { recordedMember } from './recorded-sessions.ts';

/**
 * Adds members to the session: when it was proven, its second step, the remembered browser that took its place, and two that the adapters
 * keep. Must run before a session exists.
 */
export const extendSession = ({ Session }: Provider): void => {
  const own: unknown = Reflect.get(Session, 'IN_PAYLOAD');
  const members = [
    ...(Array.isArray(own) ? own.map(String) : []),
    provenAtMember,
    secondStepMember,
    rememberedMember,
    loadedMember,
    recordedMember,
  ];
  Object.defineProperty(Session, 'IN_PAYLOAD', { configurable: true, get: () => members });
  // The library would delete the session under its old id before it saves the new one. Changes that other requests stored
  // meanwhile would be lost. Our adapter invalidates the old id itself.
  Session.prototype.resetIdentifier = changeId;
};

function changeId(this: { jti: string }): void {
  this.jti = randomToken(32);
  Reflect.set(this, 'touched', true);
}
