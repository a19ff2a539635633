/** Types the data of the pages below /account. */
import type { EpochMillis } from '../../src/ports/time.ts';

/** Data of every page of the security page. */
export interface PortalFrame {
  /** The person's name, as typed. */
  readonly account: string;
  /** 8 characters, the same in audit and log. */
  readonly reference: string;
  readonly now: EpochMillis;
  /** Path of this page, to which a choice of language returns. */
  readonly here: string;
  /** What a change that led here reports: a name in `account.notices` of the catalogue. */
  readonly notice?: string;
}

/** A method in the list. */
export interface MethodRow {
  /** Type of the factor. */
  readonly factor: string;
  readonly label: string;
  readonly masked?: string;
  readonly isDefault: boolean;
  readonly lastUsedAt?: EpochMillis;
}

export interface SecurityPage extends PortalFrame {
  readonly methods: readonly MethodRow[];
}
