/** Checks pushed authorization requests (RFC 9126) before they are stored. */
import { Provider, type Adapter } from 'oidc-provider';
import { checkLengths } from '../parameter-limits.ts';

/** Makes an adapter that stores a pushed request only if none of its parameters is too long. */
export const pushedRequestAdapter = (adapter: Adapter): Adapter => ({
  ...adapter,
  async upsert(id, payload, expiresIn) {
    checkLengths(Provider.ctx?.oidc.params);
    await adapter.upsert(id, payload, expiresIn);
  },
});
