/** The factors there are. A new one is a file beside these and a line here. */
import type { Factor } from '../factor.ts';
import { call } from './call.ts';
import { totp } from './totp.ts';

export const factors: readonly Factor[] = [call, totp];
