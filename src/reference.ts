/**
 * Makes the reference of a sign-in, which pages, audit and log share: a person reads it to the help desk, which finds the
 * sign-in by it.
 */
import { hash } from 'node:crypto';
import { crockford, randomCrockford } from './crockford.ts';

const length = 8;

/** Eight characters (40 bits) for one sign-in. `flow` is its `cid`, which all its prompts share. */
export const referenceOf = (flow: string): string => crockford(hash('sha256', flow, 'buffer').subarray(0, length));

const reference: unique symbol = Symbol('reference');

/** A Koa context. Its state carries the reference through one request. */
export interface ReferenceCarrier {
  readonly state: { [reference]?: string };
}

/** The reference of a request: of its sign-in from the first call with its `flow`, until then a random one of its own. */
export const referenceFor = ({ state }: ReferenceCarrier, flow: string | undefined): string => {
  const found = flow === undefined ? (state[reference] ?? randomCrockford(length)) : referenceOf(flow);
  state[reference] = found;
  return found;
};

/** The reference of a request, where it has one already. */
export const knownReference = ({ state }: ReferenceCarrier): string | undefined => state[reference];
