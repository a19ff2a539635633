/** Reads the cost from the PHC string of an Argon2id hash, and makes decoy hashes of the same cost. */
import { randomBytes } from 'node:crypto';

/** Cost of one hash (RFC 9106): memory in KiB, passes over it, lanes. */
export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

const phcString = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/;

const costOf = (phc: string): HashCost | undefined => {
  const [, memoryKiB, passes, lanes] = phcString.exec(phc) ?? [];
  return memoryKiB === undefined
    ? undefined
    : { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) };
};

/** True for a hash of another cost, lower or higher, or by another algorithm. */
export const needsRehash = (phc: string, cost: HashCost): boolean => {
  const own = costOf(phc);
  return own?.memoryKiB !== cost.memoryKiB || own.passes !== cost.passes || own.lanes !== cost.lanes;
};

/** A hash that no password matches. Verifying it costs as much as a real one, so that unknown accounts take the same time. */
export const decoyHash = ({ memoryKiB, passes, lanes }: HashCost): string =>
  `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${unpadded(16)}$${unpadded(32)}`;

const unpadded = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
