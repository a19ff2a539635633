/** Lists all steps in order. The number of a step is its index. */
import type { Migration } from './migration.ts';
import { signInNamesStep } from './steps/00-sign-in-names.ts';
import { keyRingsStep } from './steps/01-key-rings.ts';

/** All steps of this release. */
export const migrations: readonly Migration[] = [signInNamesStep, keyRingsStep];
