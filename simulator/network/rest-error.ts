/** Makes the errors that this network answers most often. */
import type { RestError } from './behaviours/api.ts';

/** An error with HTTP status 400. */
export const badRequest = (code: number, message: string): RestError => ({ status: 400, code, message });
