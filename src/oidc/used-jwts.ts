/**
 * Refuses a JWT that may be used once, also where two requests bring it at the same moment: DPoP proofs (RFC 9449 §11.1) and assertions of
 * clients (RFC 7523 §3). The library reads the mark before it writes it, so that both requests find none.
 */
import type { Provider } from 'oidc-provider';
import { isProblem } from '../errors.ts';

/** Makes `ReplayDetection.unique` false for the request that wrote its mark second. Must run before requests are answered. */
export const markUsedJwts = ({ ReplayDetection }: Provider): void => {
  const mark = ReplayDetection.unique.bind(ReplayDetection);
  ReplayDetection.unique = async (...args) => {
    try {
      return await mark(...args);
    } catch (error) {
      if (isProblem(error) && error.code === 'conflict') return false;
      throw error;
    }
  };
};
