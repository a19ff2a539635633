/** The PHC string of an Argon2id hash: its cost, a decoy of the same cost, and when it should be made anew. */
import { randomBytes } from 'node:crypto';

/** What one hash costs (RFC 9106): memory in KiB, passes over it, lanes. */
export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

const form = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/;

const costOf = (phc: string): HashCost | undefined => {
  const [, memoryKiB, passes, lanes] = form.exec(phc) ?? [];
  return memoryKiB === undefined
    ? undefined
    : { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) };
};

/** True for a hash of another cost, lower or higher, and for another algorithm's. */
export const needsRehash = (phc: string, cost: HashCost): boolean => {
  const has = costOf(phc);
  return has?.memoryKiB !== cost.memoryKiB || has.passes !== cost.passes || has.lanes !== cost.lanes;
};

/** A hash that no password has, and that costs as much to find out as anyone's: for accounts that are not there. */
export const decoyHash = ({ memoryKiB, passes, lanes }: HashCost): string =>
  `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${unpadded(16)}$${unpadded(32)}`;

const unpadded = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
